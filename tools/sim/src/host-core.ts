import { CommandLedger } from './commands.js';
import { Rng } from './core/rng.js';
import { SimTime, type WallClock } from './core/sim-time.js';
import type { ActivityRow, LedgerRow } from './engine/activity-row.js';
import { HostEngine } from './engine/host-engine.js';
import { FaultBoard, FaultPatchSchema, type FaultPatch, type Faults } from './faults.js';
import type { HostContext } from './http/context.js';
import { Listener } from './http/listener.js';
import { handle } from './http/router.js';
import type { Generation, SimHostOptions } from './options.js';

/** The host over all its starts: the listener, the switchboard, and the engine of the process that runs now. */
export class HostCore implements HostContext {
  readonly ledger: LedgerRow[] = [];
  readonly faults = new FaultBoard();
  readonly rng: Rng;
  readonly commands: CommandLedger;
  readonly listener: Listener;
  #time: SimTime;
  #engine: HostEngine;
  #lifecycle: Promise<unknown> = Promise.resolve();
  #stopFlood: () => void = () => {};
  #expiry: NodeJS.Timeout | undefined;

  constructor(
    readonly options: SimHostOptions,
    private readonly clock: WallClock,
  ) {
    this.rng = new Rng(options.seed);
    this.commands = new CommandLedger(options.ledgerMaxRows);
    this.#time = new SimTime(clock, options.timeScale);
    this.#engine = this.#newEngine(options.generation, 1, []);
    this.listener = new Listener(options.port, options.host, (req, res) => {
      handle(this, req, res).catch((error: unknown) => {
        // The caller left while its body was read, or sent too much of it.
        if (!res.headersSent) res.writeHead(400, { 'Content-Type': 'text/plain' });
        res.end(error instanceof Error ? error.message : 'bad request');
      });
    });
  }

  get engine(): HostEngine {
    return this.#engine;
  }

  get time(): SimTime {
    return this.#time;
  }

  /** Changes run one after the other, so that a listener is never opened while it closes. */
  setFaults(input: FaultPatch): Promise<Faults> {
    const patch = FaultPatchSchema.parse(input);
    return this.#inTurn(async () => {
      const { restart, upgrade, dropConnections, unknownMessage, forMs, ...staying } = patch;
      this.faults.apply(staying);
      clearTimeout(this.#expiry);
      if (forMs !== undefined) this.#expiry = setTimeout(() => void this.clearFaults(), forMs);
      await this.#enforce();
      if (dropConnections === true) this.listener.dropConnections();
      if (unknownMessage) this.#engine.signals.emit({ type: 'unknown', name: unknownMessage.name });
      if (restart) await this.#restart(this.#engine.generation, restart.keepIds, restart.downMs);
      if (upgrade) await this.#restart(upgrade.generation, false, upgrade.downMs);
      return this.faults.current;
    });
  }

  clearFaults(): Promise<Faults> {
    return this.#inTurn(async () => {
      clearTimeout(this.#expiry);
      this.faults.clear();
      await this.#enforce();
      return this.faults.current;
    });
  }

  close(): Promise<void> {
    return this.#inTurn(async () => {
      clearTimeout(this.#expiry);
      this.#stopFlood();
      await this.listener.close();
      this.#time.dispose();
    });
  }

  async #enforce(): Promise<void> {
    const { refuse, clockSkew, logFlood } = this.faults.current;
    this.#time.skewMs = clockSkew?.ms ?? 0;
    this.#limitRing();
    this.#stopFlood();
    this.#stopFlood = logFlood ? this.#flood(logFlood.linesPerS) : () => {};
    await (refuse === true ? this.listener.close() : this.listener.open());
  }

  async #restart(generation: Generation, keepIds: boolean, downMs: number): Promise<void> {
    const old = this.#engine;
    this.#time.dispose();
    this.#time = new SimTime(this.clock, this.options.timeScale);
    this.#engine = this.#newEngine(generation, old.boot + 1, keepIds ? old.activity.rows() : []);
    await this.listener.close();
    await new Promise((resolve) => setTimeout(resolve, downMs));
    await this.#enforce();
  }

  #newEngine(generation: Generation, boot: number, carriedRows: readonly ActivityRow[]): HostEngine {
    const { options, ledger, faults } = this;
    return new HostEngine({ options, generation, time: this.#time, boot, carriedRows, ledger, faults });
  }

  #limitRing(): void {
    const { activity } = this.#engine;
    activity.maxRows = this.faults.current.ringOverflow?.rows ?? this.options.metricsMaxInMemory;
    activity.trim();
  }

  #flood(linesPerS: number): () => void {
    const everyMs = 50;
    let owed = 0;
    let line = 0;
    const timer = setInterval(() => {
      owed += (linesPerS * everyMs) / 1000;
      const running = [...this.#engine.models.values()].filter(({ state }) => state !== 'stopped');
      // One piece for each model that runs, or one of nobody.
      const pieces = Array.from({ length: Math.max(1, running.length) }, () => '');
      for (; owed >= 1; owed -= 1) {
        line += 1;
        pieces[line % pieces.length] += `slot update_slots: id 0 | task ${line} | n_past = ${line % 4096}\n`;
      }
      for (const [at, piece] of pieces.entries())
        if (running[at]) running[at].print(piece);
        else this.#engine.logs.upstream.write(piece);
    }, everyMs);
    return () => clearInterval(timer);
  }

  #inTurn<T>(run: () => Promise<T>): Promise<T> {
    const result = this.#lifecycle.then(run);
    this.#lifecycle = result.catch(() => undefined);
    return result;
  }
}
