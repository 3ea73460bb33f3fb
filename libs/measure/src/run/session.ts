import type { Cell, CellSpec, Fingerprint, Result, Sample, Suite } from '@boocontrol/contracts';
import { randomInt, randomUUID } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import { systemClock, type Clock } from '../clock.js';
import { calibrate, type Calibration, type Counter } from '../prompts/calibration.js';
import { cellPrompts } from '../prompts/cell-prompts.js';
import { derived } from '../stats/random.js';
import { cellName, cellsOf, requestsOf } from '../suite/cells.js';
import { Host } from '../wire/host.js';
import { Http } from '../wire/http.js';
import { cellOf } from './cell.js';
import { measured, warmUp, type CellRun } from './cell-run.js';
import { counterOf, type Counted } from './counter.js';
import { figuresOf } from './figures.js';
import { fingerprintOf } from './fingerprint.js';
import { limitOf, NOTHING_SPENT, type Spent } from './limits.js';
import { nextCell, type Next } from './plan.js';

export interface SessionOptions {
  /** Address of the host, `/v1` at its end or not. */
  url: string;
  /** May be left out where the host has one only. */
  model?: string | undefined;
  apiKey?: string | undefined;
  suite: Suite;
  /** Absent: a new one. */
  seed?: number | undefined;
  /** Sent with every request as X-Boo-Run; absent: a new one. */
  runId?: string | undefined;
  /** Names, drivers and power limits, where somebody knows them: they go into the fingerprint as they are. */
  gpus?: string[] | undefined;
  /** Fired: what is under way is given up. */
  signal?: AbortSignal | undefined;
  onEvent?: ((event: MeasureEvent) => void) | undefined;
}

/** What happens while it is measured, for whoever watches. */
export type MeasureEvent =
  | { kind: 'host'; hostKind: Host['kind']; model: string }
  | { kind: 'loaded'; loadMs: number | null }
  | {
      kind: 'ready';
      fingerprint: Fingerprint;
      calibration: NonNullable<Result['calibration']>;
      /** null: that is decided as it goes. */
      cells: number | null;
    }
  | Counted
  | { kind: 'cell'; index: number; name: string; requests: number }
  | { kind: 'sample'; sample: Sample; isWarmup: boolean }
  | { kind: 'cell_done'; index: number; cell: Cell };

export interface CellOptions {
  /** Fired: this cell is given up; the session goes on. */
  signal?: AbortSignal | undefined;
  /** Another number for each time that the same cell is measured: its texts begin otherwise, so that they are cold again. */
  attempt?: number | undefined;
  /** Of the run before this cell: its limits hold over all cells, also of a run that goes on in another session. */
  spent?: Spent | undefined;
  /** Why it is left out, as `next` says; null: it is measured. */
  skip?: string | null | undefined;
}

export interface MeasuredCell {
  cell: Cell;
  samples: Sample[];
  /** Of the run with this cell. */
  spent: Spent;
}

interface Parts {
  host: Host;
  model: string;
  counter: Counter;
  calibration: Calibration;
  fingerprint: Fingerprint;
  loadMs: number | null;
  seed: number;
  runId: string;
  clock: Clock;
  closing: AbortController;
  signal: AbortSignal;
}

/**
 * Finds the host, has it load the model, and learns how long its tokens are.
 * @throws {MeasureError} when nothing can be measured: see its codes
 * @throws the signal's reason when that fired
 */
export async function openSession(options: SessionOptions): Promise<Session> {
  const clock = systemClock;
  const { suite, seed = randomInt(2 ** 31), runId = randomUUID(), onEvent = () => {} } = options;
  const closing = new AbortController();
  const signal = either(closing.signal, options.signal);
  const http = new Http({ url: options.url, apiKey: options.apiKey, clock, runId });
  try {
    const host = await Host.find(http, clock, signal);
    const settledMs = await host.settle();
    const model = await host.model(options.model);
    onEvent({ kind: 'host', hostKind: host.kind, model });
    const loadMs = settledMs ?? (await host.load(model));
    onEvent({ kind: 'loaded', loadMs });
    const counter = counterOf(host, model, suite, { clock, signal, onEvent });
    const calibration = await calibrate(counter, derived(seed, 'calibration'));
    const fingerprint = fingerprintOf(host, { model, facts: await host.facts(model), suite }, options.gpus);
    const session = new Session(
      { host, model, counter, calibration, fingerprint, loadMs, seed, runId, clock, closing, signal },
      suite,
      onEvent,
    );
    onEvent({ kind: 'ready', fingerprint, calibration, cells: session.total });
    return session;
  } catch (error) {
    await http.close();
    throw error;
  }
}

/**
 * One model of one host, ready to be measured cell by cell. What a cell sends depends on seed, index and attempt alone,
 * so a run that goes on in another session sends what it would have sent in this one. Nothing of it outlives `close`.
 */
export class Session {
  /** The clock's milliseconds from which samples count their times. */
  readonly clockMs: number;
  /** How many cells there will be; null: a search decides as it goes. */
  readonly total: number | null;

  constructor(
    private readonly parts: Parts,
    readonly suite: Suite,
    private readonly onEvent: (event: MeasureEvent) => void,
  ) {
    this.clockMs = parts.clock.nowMs();
    this.total = cellsOf(suite)?.length ?? null;
  }

  get runId(): string {
    return this.parts.runId;
  }
  get seed(): number {
    return this.parts.seed;
  }
  get model(): string {
    return this.parts.model;
  }
  get fingerprint(): Fingerprint {
    return this.parts.fingerprint;
  }
  get calibration(): Calibration {
    return this.parts.calibration;
  }
  /** null: it was loaded already. */
  get loadMs(): number | null {
    return this.parts.loadMs;
  }

  /** Why nothing more is to be sent, in words; null: go on. */
  over(spent: Spent = NOTHING_SPENT): string | null {
    return this.parts.signal.aborted ? 'interrupted' : limitOf(this.suite.stop, spent);
  }

  /**
   * What comes after these cells, which are all before it in their order; null: the suite is done. A cell with `skip` goes
   * through `measureCell` too, which sends nothing for it.
   */
  next(done: readonly Cell[], spent: Spent = NOTHING_SPENT): Next | null {
    const next = nextCell(this.suite, done, this.parts.fingerprint);
    return next && { ...next, skip: this.over(spent) ?? next.skip };
  }

  /**
   * Measures a cell whole, warm-up first. When a limit of the run is reached or a signal fires, it is what was measured
   * until then.
   * @throws {MeasureError} when the host does not say how long its prompts are
   */
  async measureCell(index: number, spec: CellSpec, options: CellOptions = {}): Promise<MeasuredCell> {
    const { host, model, clock, counter, calibration, seed } = this.parts;
    const { attempt = 0, spent = NOTHING_SPENT, skip = null } = options;
    const signal = either(this.parts.signal, options.signal);
    const { suite } = this;
    const asked = requestsOf(spec, suite.repetitions);
    this.onEvent({ kind: 'cell', index, name: cellName(spec), requests: asked });
    const startedMs = clock.nowMs();
    let errors = spent.errors;
    const now = (): Spent => ({ ms: spent.ms + clock.nowMs() - startedMs, errors });
    const over = (): string | null => (signal.aborted ? 'interrupted' : limitOf(suite.stop, now()));
    const onSample = (sample: Sample, isWarmup: boolean): void => {
      if (sample.status === 'error' || sample.status === 'incomplete') errors += 1;
      this.onEvent({ kind: 'sample', sample, isWarmup });
    };
    const leftOut = skip ?? over();
    let warmups = 0;
    let samples: Sample[] = [];
    if (leftOut === null) {
      try {
        const prompts = await cellPrompts(spec, suite.cache, { counter, calibration, seed, index, attempt });
        const about = { host, model, suite, spec, index, prompts, zeroMs: this.clockMs, clock, seed };
        const run: CellRun = { ...about, signal, over, onSample };
        warmups = (await warmUp(run)).length;
        if (over() === null) samples = await measured(run);
      } catch (error) {
        // Given up in the middle of a question to the host: what was measured before stands.
        if (!signal.aborted) throw error;
      }
    }
    const figures = figuresOf(samples, spec, suite.slo, derived(seed, index, 'intervals'));
    const skipped = leftOut ?? over();
    const cell = cellOf(spec, { skipped, asked, warmups, samples, figures, slo: suite.slo });
    this.onEvent({ kind: 'cell_done', index, cell });
    return { cell, samples, spent: now() };
  }

  /** Gives up what is under way and closes every connection. */
  async close(): Promise<void> {
    this.parts.closing.abort(new Error('the session is closed'));
    await this.parts.host.http.close();
  }
}

/** Every request under way listens to it, and there are as many as a suite says. */
function either(own: AbortSignal, given: AbortSignal | undefined): AbortSignal {
  const signal = AbortSignal.any(given ? [own, given] : [own]);
  setMaxListeners(0, signal);
  return signal;
}
