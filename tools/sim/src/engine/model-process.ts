import { Emitter } from '../core/emitter.js';
import { hashText } from '../core/rng.js';
import type { SimTime } from '../core/sim-time.js';
import { ModelRuntime } from '../llama/runtime.js';
import type { SimModel } from '../options.js';
import { LogBuffer } from './log-buffer.js';

export type ModelState = 'stopped' | 'starting' | 'ready' | 'stopping';

export type LoadOutcome = 'ready' | 'stopped' | 'failed';

/** What goes wrong with models, asked when it would. */
export interface ModelFaults {
  /** Whether the command ends at once instead of becoming a server. */
  failsToLoad(model: string): boolean;
  hangsOnStop(model: string): boolean;
  /** Simulated milliseconds; undefined: as long as configured. */
  loadMs(model: string): number | undefined;
  /** How many times as long as usual a token takes. */
  readonly tokenFactor: number;
}

/** How often a process that hangs looks whether it may end, simulated milliseconds. */
const HANGING_MS = 200;

export interface ProcessHooks {
  onState: (process: ModelProcess) => void;
  proxyLog: (text: string) => void;
  upstreamLog: (text: string) => void;
  stopMs: number;
  faults: ModelFaults;
}

/** One configured model: its state, the requests it serves and its idle clock. */
export class ModelProcess {
  readonly runtime: ModelRuntime;
  /** What its process printed; it outlives the process. */
  readonly log: LogBuffer;
  readonly logged = new Emitter<string>();
  #state: ModelState = 'stopped';
  #serving = new Set<AbortController>();
  #cancelTtl: () => void = () => {};
  #loading: AbortController | undefined;
  #loadStartedSimMs = 0;
  #loadMs = 0;
  #stopping: Promise<void> | undefined;

  constructor(
    readonly spec: SimModel,
    private readonly time: SimTime,
    seed: number,
    private readonly hooks: ProcessHooks,
  ) {
    this.log = new LogBuffer((chunk) => this.logged.emit(chunk));
    this.runtime = new ModelRuntime(
      spec,
      time,
      seed,
      (text) => this.print(text),
      () => this.hooks.faults.tokenFactor,
    );
  }

  get state(): ModelState {
    return this.#state;
  }

  get servingCount(): number {
    return this.#serving.size;
  }

  /** How much of the weights is in memory, 0 to 1. */
  get residentShare(): number {
    if (this.#state === 'ready') return 1;
    if (this.#state !== 'starting' || this.#loadMs === 0) return 0;
    return Math.min(1, (this.time.simMs() - this.#loadStartedSimMs) / this.#loadMs);
  }

  /** 'stopped' when it was unloaded on the way, 'failed' when its command ended. */
  async load(): Promise<LoadOutcome> {
    const loading = new AbortController();
    this.#loading = loading;
    this.#loadStartedSimMs = this.time.simMs();
    this.#loadMs = this.hooks.faults.loadMs(this.spec.id) ?? this.spec.loadMs;
    this.#set('starting');
    this.hooks.proxyLog(`<${this.spec.id}> starting process: ${commandLine(this.spec)}`);
    if (this.hooks.faults.failsToLoad(this.spec.id)) {
      this.#loading = undefined;
      this.print(`error: failed to load model ${this.spec.id}\n`);
      this.#set('stopped');
      return 'failed';
    }
    this.print(`llama_model_loader: loading ${this.spec.id} (${this.spec.sizeMb} MiB)\n`);
    await this.time.sleep(this.#loadMs, loading.signal);
    if (loading.signal.aborted) return 'stopped';
    this.#loading = undefined;
    this.print(`main: model loaded, n_ctx = ${this.spec.ctx}\nsrv  update_slots: all slots are idle\n`);
    this.hooks.proxyLog(`<${this.spec.id}> Health check passed on ${proxyUrl(this.spec)}/health`);
    this.#set('ready');
    this.#armTtl();
    return 'ready';
  }

  /** Stops the process; requests it serves die with it. Resolves when it is stopped. */
  stop(): Promise<void> {
    if (this.#state === 'stopped') return Promise.resolve();
    this.#stopping ??= this.#stop().finally(() => (this.#stopping = undefined));
    return this.#stopping;
  }

  /** Notes a request; `controller` is aborted with reason 'stopped' when the process is stopped meanwhile. */
  begin(controller: AbortController): () => void {
    this.#cancelTtl();
    this.#serving.add(controller);
    return () => {
      this.#serving.delete(controller);
      if (this.#serving.size === 0 && this.#state === 'ready') this.#armTtl();
    };
  }

  async #stop(): Promise<void> {
    this.#cancelTtl();
    this.#set('stopping');
    this.#loading?.abort();
    this.#loading = undefined;
    for (const controller of this.#serving) controller.abort('stopped');
    await this.time.sleep(this.hooks.stopMs);
    while (this.hooks.faults.hangsOnStop(this.spec.id)) await this.time.sleep(HANGING_MS);
    this.runtime.forget();
    this.#set('stopped');
  }

  #armTtl(): void {
    this.#cancelTtl();
    if (this.spec.ttlS === 0) return;
    this.#cancelTtl = this.time.after(this.spec.ttlS * 1000, () => {
      this.hooks.proxyLog(`<${this.spec.id}> Unloading model, TTL of ${this.spec.ttlS}s reached`);
      void this.stop();
    });
  }

  /** What its process writes: first into the log of all, as llama-swap does. */
  print(text: string): void {
    this.hooks.upstreamLog(text);
    this.log.write(text);
  }

  #set(state: ModelState): void {
    this.#state = state;
    this.hooks.onState(this);
  }
}

/** The command line as the configuration holds it, with a secret in it as real ones have. */
export function commandLine(spec: SimModel): string {
  const file = `/models/${spec.id}${spec.quant === undefined ? '' : `-${spec.quant}`}.gguf`;
  return `llama-server --port ${new URL(proxyUrl(spec)).port} -m ${file} -c ${spec.ctx} --api-key sim-upstream-secret`;
}

export function proxyUrl(spec: SimModel): string {
  const port = 5800 + (hashText(spec.id) % 100);
  return `http://localhost:${port}`;
}
