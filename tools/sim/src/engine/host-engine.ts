import { STATUS_CODES } from 'node:http';
import { Emitter } from '../core/emitter.js';
import { formatRfc3339 } from '../core/rfc3339.js';
import { hashText, Rng } from '../core/rng.js';
import type { SimTime } from '../core/sim-time.js';
import type { Generation, SimHostOptions, SimProfile } from '../options.js';
import { Activity } from './activity.js';
import type { ActivityRow, LedgerRow } from './activity-row.js';
import { Captures, type CaptureParts } from './captures.js';
import { Gpus, memoryMb } from './gpus.js';
import { Inflight } from './inflight.js';
import { LogBuffer, type LogSource } from './log-buffer.js';
import { errorMessage, meter, noFigures } from './metering.js';
import { ModelProcess, type ModelFaults } from './model-process.js';
import { Performance } from './performance.js';
import { Scheduler } from './scheduler.js';
import { SysStats } from './sys-stats.js';

/** What happens on the host; the event stream makes messages of it. */
export type HostSignal =
  | { type: 'models' }
  | { type: 'log'; source: LogSource; data: string }
  | { type: 'row'; row: ActivityRow }
  | { type: 'inflight'; message: object }
  | { type: 'profile' }
  | { type: 'unknown'; name: string };

/** A finished request, before the host makes a row of it. */
export interface Finished {
  model: string;
  reqPath: string;
  reqHeaders: Record<string, string>;
  reqBody: Buffer;
  status: number;
  respHeaders: Record<string, string>;
  respBody: Buffer;
  wallMs: number;
  /** True when a model served it: the scheduler then leaves its mark in the metadata. */
  scheduled: boolean;
}

export interface EngineInit {
  options: SimHostOptions;
  generation: Generation;
  time: SimTime;
  boot: number;
  /** Rows of an earlier start that the host's store kept on disk. */
  carriedRows: readonly ActivityRow[];
  ledger: LedgerRow[];
  faults: ModelFaults;
}

/** Everything a llama-swap process holds between its start and its end. */
export class HostEngine {
  readonly signals = new Emitter<HostSignal>();
  readonly models = new Map<string, ModelProcess>();
  readonly scheduler: Scheduler;
  readonly activity: Activity;
  readonly captures: Captures;
  readonly inflight: Inflight;
  readonly performance: Performance | undefined;
  readonly logs: Record<LogSource, LogBuffer>;
  readonly net = { received: 0, sent: 0 };
  readonly startedAt: string;
  readonly #gpus: Gpus;
  /** None at the start, and again after a restart. */
  #profile: SimProfile | undefined;
  #upstreamWrites = 0;

  constructor(private readonly init: EngineInit) {
    const { options, generation, time } = init;
    this.startedAt = this.now();
    const seed = hashText(options.id, options.seed);
    const rng = new Rng(hashText('samples', seed));
    const log = (source: LogSource) =>
      new LogBuffer((data) => this.signals.emit({ type: 'log', source, data }));
    this.logs = { proxy: log('proxy'), upstream: log('upstream') };
    for (const spec of [...options.models].sort((a, b) => (a.id < b.id ? -1 : 1))) {
      this.models.set(
        spec.id,
        new ModelProcess(spec, time, seed, {
          onState: () => this.signals.emit({ type: 'models' }),
          proxyLog: (text) => this.proxyLog(text),
          upstreamLog: (text) => this.#upstreamLog(text),
          stopMs: options.stopMs,
          faults: init.faults,
        }),
      );
    }
    this.scheduler = new Scheduler(this.models, options.concurrentModels);
    this.activity = new Activity(
      generation,
      options.metricsMaxInMemory,
      options.utcOffsetMinutes,
      init.carriedRows,
    );
    this.captures = new Captures(options.captureBufferMb * 1024 * 1024);
    this.inflight = new Inflight(generation, time, options.utcOffsetMinutes, (message) =>
      this.signals.emit({ type: 'inflight', message }),
    );
    this.#gpus = new Gpus(options.gpus, rng, () => time.simMs(), seed);
    this.performance = options.performance.enabled ? this.#monitor(rng) : undefined;
    this.proxyLog(`llama-swap listening, ${options.models.length} models`);
  }

  get generation(): Generation {
    return this.init.generation;
  }

  get boot(): number {
    return this.init.boot;
  }

  /** The host's clock as it writes it. */
  now(): string {
    return formatRfc3339(this.init.time.nowNs(), this.init.options.utcOffsetMinutes);
  }

  proxyLog(text: string, level: 'INFO' | 'WARN' = 'INFO'): void {
    this.logs.proxy.write(`[${level}] ${text}\n`);
  }

  get activeProfile(): string | null {
    return this.#profile?.id ?? null;
  }

  /** False when there is no such profile; '' = none. */
  switchProfile(name: string): boolean {
    const found = this.init.options.profileList.find(({ id }) => id === name);
    if (found === undefined && name !== '') return false;
    this.#profile = found;
    this.signals.emit({ type: 'profile' });
    return true;
  }

  /** What a request means by a name: the active profile's pins, then ids and aliases. */
  requested(name: string): ModelProcess | undefined {
    return this.resolve(this.#profile?.pins[name] ?? name);
  }

  /** By id or alias. */
  resolve(name: string): ModelProcess | undefined {
    return (
      this.models.get(name) ??
      [...this.models.values()].find((process) => process.spec.aliases.includes(name))
    );
  }

  /** Finds the longest model name that the path begins with; names may contain slashes. */
  findInPath(
    path: string,
    find: (name: string) => ModelProcess | undefined = (name) => this.resolve(name),
  ): { process: ModelProcess; rest: string } | undefined {
    const parts = path.split('/').filter((part) => part !== '');
    for (let length = parts.length; length > 0; length -= 1) {
      const process = find(parts.slice(0, length).join('/'));
      if (process) return { process, rest: `/${parts.slice(length).join('/')}` };
    }
    return undefined;
  }

  /** Makes the row and the capture of a finished request and tells the subscribers. */
  record(finished: Finished): ActivityRow {
    const { generation, time } = this.init;
    const contentType = finished.respHeaders['Content-Type'] ?? '';
    const failed = finished.status !== 200;
    const body = finished.respBody.toString('utf8');
    const metered = failed ? undefined : meter(generation, contentType, body);
    const row = this.activity.insert(time.nowNs(), {
      model: finished.model,
      req_path: finished.reqPath,
      resp_content_type: contentType,
      resp_status_code: finished.status,
      tokens: metered?.tokens ?? noFigures(generation),
      duration_ms: Math.max(Math.trunc(finished.wallMs), metered?.timingsMs ?? 0),
      has_capture: false,
      ...(failed && generation !== 'A'
        ? { error_msg: errorMessage(finished.status, STATUS_CODES[finished.status] ?? '', body) }
        : {}),
      ...(finished.scheduled && generation !== 'A' ? { metadata: { fifo_priority: '0' } } : {}),
    });
    row.has_capture = this.#capture(row.id, finished, failed);
    this.init.ledger.push({
      boot: this.boot,
      source: finished.reqHeaders['X-Boo-Source'],
      userAgent: finished.reqHeaders['User-Agent'],
      row: structuredClone(row),
    });
    if (this.init.ledger.length > this.init.options.ledgerMaxRows) this.init.ledger.shift();
    this.signals.emit({ type: 'row', row });
    return row;
  }

  /** `has_capture` as it is now: a capture may have left the buffer since. */
  withCaptureState(row: ActivityRow): ActivityRow {
    return { ...row, has_capture: this.captures.has(row.id) };
  }

  /** Generation A keeps no capture of a failed request, B and C keep its request. Empty answers have none. */
  #capture(id: number, finished: Finished, failed: boolean): boolean {
    if (failed ? this.generation === 'A' : finished.respBody.length === 0) return false;
    const parts: CaptureParts = {
      reqPath: finished.reqPath,
      reqHeaders: finished.reqHeaders,
      reqBody: finished.reqBody,
      respHeaders: finished.respHeaders,
      respBody: failed ? undefined : finished.respBody,
    };
    return this.captures.add(id, parts);
  }

  /** Every third piece of output reaches the log in two chunks, cut in the middle of a line. */
  #upstreamLog(text: string): void {
    this.#upstreamWrites += 1;
    const cut = this.#upstreamWrites % 3 === 0 ? Math.floor(text.length / 2) : text.length;
    this.logs.upstream.write(text.slice(0, cut));
    this.logs.upstream.write(text.slice(cut));
  }

  #monitor(rng: Rng): Performance {
    const { options, time } = this.init;
    const sys = new SysStats(options, rng);
    return new Performance(
      {
        every: (ms, run) => time.every(ms, run),
        after: (ms, run) => time.after(ms, run),
        sys: () =>
          sys.sample(
            {
              active: [...this.models.values()].reduce(
                (sum, process) => sum + process.runtime.load.active,
                0,
              ),
              systemMemoryMb:
                options.gpus.length > 0
                  ? 0
                  : [...this.models.values()].reduce((sum, process) => sum + memoryMb(process), 0),
              bytesReceived: this.net.received,
              bytesSent: this.net.sent,
            },
            this.now(),
          ),
        gpu:
          this.#gpus.count === 0
            ? undefined
            : () => this.#gpus.sample(this.models.values(), () => this.now()),
      },
      options.performance.everyMs,
    );
  }
}
