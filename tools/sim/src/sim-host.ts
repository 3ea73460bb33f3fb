import { systemClock, type WallClock } from './core/sim-time.js';
import type { LedgerCommand } from './commands.js';
import type { ActivityRow, LedgerRow } from './engine/activity-row.js';
import type { FaultPatch, Faults } from './faults.js';
import { HostCore } from './host-core.js';
import { hostState, writtenBy, type SimHostState } from './host-state.js';
import type { WrittenAnswer } from './llama/writes.js';
import { SimHostOptionsSchema, type Generation, type SimHostInput } from './options.js';
import { quickRows, QuickRowsSchema, type QuickRowsInput } from './quick-rows.js';

export interface SimHost {
  readonly id: string;
  readonly url: string;
  readonly port: number;
  readonly faults: {
    readonly current: Faults;
    /** Resolves when the change is in force. Throws a ZodError on a malformed patch. */
    set(patch: FaultPatch): Promise<Faults>;
    clear(): Promise<Faults>;
  };
  state(): SimHostState;
  /** Every row the host ever made (the last `ledgerMaxRows` of them), over all its starts, in order. */
  rows(): readonly LedgerRow[];
  /** Every command that reached the host (the last `ledgerMaxRows` of them), over all its starts, in order. */
  commands(): readonly LedgerCommand[];
  /** When each chunk of each streamed answer was written, since its last start. */
  writes(): readonly WrittenAnswer[];
  /** Makes finished requests at once; see `POST /sim/requests`. */
  makeRows(input?: QuickRowsInput): ActivityRow[];
  /** A new process on the same port. `keepIds`: its store is on disk, so ids go on and rows stay. */
  restart(options?: { keepIds?: boolean; downMs?: number }): Promise<void>;
  /** A new build: restarts as another generation. */
  upgrade(generation: Generation, options?: { downMs?: number }): Promise<void>;
  killConnections(): void;
  close(): Promise<void>;
}

/** Starts a simulated llama-swap host. Throws a ZodError on bad options, and what listen() throws. */
export async function createSimHost(input: SimHostInput, clock: WallClock = systemClock()): Promise<SimHost> {
  const core = new HostCore(SimHostOptionsSchema.parse(input), clock);
  const { options, listener } = core;
  await listener.open();
  return {
    id: options.id,
    get port() {
      return listener.port;
    },
    get url() {
      return `http://${options.host}:${listener.port}`;
    },
    faults: {
      get current() {
        return core.faults.current;
      },
      set: (patch) => core.setFaults(patch),
      clear: () => core.clearFaults(),
    },
    state: () => hostState(core),
    rows: () => core.ledger,
    commands: () => core.commands.commands,
    writes: () => writtenBy(core),
    makeRows: (rows = {}) =>
      quickRows(core.engine, QuickRowsSchema.parse(rows), Math.floor(Date.now() / 1000)),
    restart: async (restart = {}) => void (await core.setFaults({ restart })),
    upgrade: async (generation, upgrade = {}) =>
      void (await core.setFaults({ upgrade: { generation, ...upgrade } })),
    killConnections: () => listener.dropConnections(),
    close: () => core.close(),
  };
}
