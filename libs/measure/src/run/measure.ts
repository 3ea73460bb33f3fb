import type { Cell, CellSpec, Fingerprint, Pollution, Result, Sample, Suite } from '@boocontrol/contracts';
import { randomInt, randomUUID } from 'node:crypto';
import { systemClock, type Clock } from '../clock.js';
import { calibrate } from '../prompts/calibration.js';
import { cellPrompts } from '../prompts/cell-prompts.js';
import { seeded } from '../stats/random.js';
import { saturation } from '../stats/saturation.js';
import { cellName, cellsOf, requestsOf } from '../suite/cells.js';
import { Host } from '../wire/host.js';
import { Http } from '../wire/http.js';
import { measureCell, warmUp, type CellRun } from './cell-run.js';
import { counterOf } from './counter.js';
import { figuresOf } from './figures.js';
import { fingerprintOf } from './fingerprint.js';

export interface MeasureOptions {
  /** Address of the host, `/v1` at its end or not. */
  url: string;
  /** May be left out where the host has one only. */
  model?: string | undefined;
  apiKey?: string | undefined;
  suite: Suite;
  /** Absent: a new one; it stands in the result. */
  seed?: number | undefined;
  /** Fired: what is under way is given up, and the result is what was measured so far. */
  signal?: AbortSignal | undefined;
  onEvent?: (event: MeasureEvent) => void;
}

/** What happens while it is measured, for whoever watches. */
export type MeasureEvent =
  | { kind: 'host'; hostKind: Host['kind']; model: string }
  | { kind: 'loaded'; loadMs: number | null }
  | {
      kind: 'ready';
      fingerprint: Fingerprint;
      calibration: NonNullable<Result['calibration']>;
      cells: number;
    }
  | { kind: 'cell'; index: number; name: string; requests: number }
  | { kind: 'sample'; sample: Sample; isWarmup: boolean }
  | { kind: 'cell_done'; index: number; cell: Cell };

/**
 * Measures one model of one host by a suite. Nothing of it outlives the call: no timer, no connection.
 * @throws {MeasureError} when nothing can be measured: see its codes
 * @throws the signal's reason when that fired before the host was known
 */
export async function measure(options: MeasureOptions): Promise<Result> {
  const clock: Clock = systemClock;
  const { suite, signal, seed = randomInt(2 ** 31), onEvent = () => {} } = options;
  const runId = randomUUID();
  const http = new Http({ url: options.url, apiKey: options.apiKey, clock, runId });
  try {
    const startedAt = new Date().toISOString();
    const host = await Host.find(http, clock, signal);
    const settledMs = await host.settle();
    const model = await host.model(options.model);
    onEvent({ kind: 'host', hostKind: host.kind, model });
    const loadMs = settledMs ?? (await host.load(model));
    onEvent({ kind: 'loaded', loadMs });
    const random = seeded(seed);
    const counter = counterOf(host, model, suite, { clock, signal });
    const calibration = await calibrate(counter, random);
    const fingerprint = fingerprintOf(host, model, await host.facts(model), suite);
    const specs = cellsOf(suite);
    onEvent({ kind: 'ready', fingerprint, calibration, cells: specs.length });

    const run = new Run(suite, fingerprint.contextTokens, clock, signal);
    const cells: Cell[] = [];
    const samples: Sample[] = [];
    for (const [index, spec] of specs.entries()) {
      onEvent({ kind: 'cell', index, name: cellName(spec), requests: requestsOf(spec, suite.repetitions) });
      const skipped = run.over() ?? run.notPossible(spec, cells);
      let warmups: Sample[] = [];
      let measured: Sample[] = [];
      if (skipped === null) {
        const onSample = (sample: Sample, isWarmup: boolean): void => {
          run.count(sample);
          onEvent({ kind: 'sample', sample, isWarmup });
        };
        try {
          const prompts = await cellPrompts(spec, suite.cache, { counter, calibration, random });
          const parts: CellRun = {
            host,
            model,
            suite,
            spec,
            index,
            prompts,
            clock,
            seed,
            signal,
            onSample,
            runStartedMs: run.startedMs,
            over: () => run.over(),
          };
          warmups = await warmUp(parts);
          if (run.over() === null) measured = await measureCell(parts);
        } catch (error) {
          // Given up in the middle of a question to the host: what was measured before stands.
          if (signal?.aborted !== true) throw error;
        }
      }
      const figures = figuresOf(measured, spec, suite.slo, seeded(seed + index));
      const asked = requestsOf(spec, suite.repetitions);
      cells.push(cellOf(spec, { skipped: skipped ?? run.over(), asked, warmups, measured, figures }));
      samples.push(...measured);
      onEvent({ kind: 'cell_done', index, cell: cells.at(-1) as Cell });
    }
    const reason = run.over();
    return {
      kind: 'boocontrol.bench',
      version: 1,
      runId,
      seed,
      startedAt,
      clockMs: run.startedMs,
      endedAt: new Date().toISOString(),
      status: reason === null ? 'complete' : signal?.aborted === true ? 'interrupted' : 'stopped',
      reason,
      suite,
      fingerprint,
      loadMs,
      calibration,
      cells,
      saturation: saturations(cells),
      samples,
    };
  } finally {
    await http.close();
  }
}

/** When a run is over, and what it leaves out. */
class Run {
  readonly startedMs: number;
  #errors = 0;

  constructor(
    private readonly suite: Suite,
    private readonly contextTokens: number | null,
    private readonly clock: Clock,
    private readonly signal: AbortSignal | undefined,
  ) {
    this.startedMs = clock.nowMs();
  }

  count({ status }: Sample): void {
    if (status === 'error' || status === 'incomplete') this.#errors += 1;
  }

  /** Why nothing more is to be sent; null: go on. */
  over(): string | null {
    const { maxS, maxErrors } = this.suite.stop;
    if (this.signal?.aborted === true) return 'interrupted';
    if (this.#errors >= maxErrors) return `${this.#errors} requests failed`;
    if (maxS !== undefined && this.clock.nowMs() - this.startedMs > maxS * 1000) return `${maxS} s are over`;
    return null;
  }

  /** Why this cell is left out; null: it is not. */
  notPossible({ promptTokens, outputTokens, depth, load }: CellSpec, done: readonly Cell[]): string | null {
    const needed = depth + promptTokens + outputTokens;
    if (this.contextTokens !== null && needed > this.contextTokens)
      return `needs ${needed} tokens of context, and a slot has ${this.contextTokens}`;
    if (!this.suite.stop.saturation) return null;
    const group = groupOf({ promptTokens, outputTokens, depth, load });
    const from = saturations(done).find(({ cells }) => cells === group)?.load ?? null;
    return from === null ? null : `saturated at ${from}`;
  }
}

interface Outcome {
  skipped: string | null;
  asked: number;
  warmups: readonly Sample[];
  measured: readonly Sample[];
  figures: Cell['figures'];
}

function cellOf(spec: CellSpec, { skipped, asked, warmups, measured, figures }: Outcome): Cell {
  const of = (status: Sample['status']): number =>
    measured.filter((sample) => sample.status === status).length;
  const found = new Map<Pollution, number>();
  for (const reason of measured.flatMap(({ pollution }) => pollution))
    found.set(reason, (found.get(reason) ?? 0) + 1);
  const isWhole = measured.length === asked && of('aborted') === 0;
  return {
    name: cellName(spec),
    spec,
    state: isWhole ? 'measured' : measured.length === 0 ? 'skipped' : 'partial',
    reason: isWhole ? null : skipped,
    warmups: warmups.length,
    requests: {
      asked,
      ok: of('ok'),
      errors: of('error'),
      incomplete: of('incomplete'),
      aborted: of('aborted'),
    },
    figures,
    pollution: [...found].map(([reason, samples]) => ({ reason, samples })),
  };
}

function groupOf({ promptTokens, outputTokens, depth }: CellSpec): string {
  return `pp${promptTokens} tg${outputTokens} d${depth}`;
}

function saturations(cells: readonly Cell[]): Result['saturation'] {
  const groups = new Map<string, Cell[]>();
  for (const cell of cells) groups.set(groupOf(cell.spec), [...(groups.get(groupOf(cell.spec)) ?? []), cell]);
  return [...groups]
    .map(([name, group]) => ({
      cells: name,
      points: group.flatMap(({ spec: { load }, figures: { tokensPerS } }) =>
        tokensPerS && load.kind !== 'replay'
          ? [
              {
                load: load.kind === 'closed' ? load.concurrency : load.ratePerS,
                throughput: tokensPerS.median,
              },
            ]
          : [],
      ),
    }))
    .filter(({ points }) => points.length > 1)
    .map(({ cells: name, points }) => ({ cells: name, load: saturation(points) }));
}
