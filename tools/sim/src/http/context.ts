import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Rng } from '../core/rng.js';
import type { SimTime } from '../core/sim-time.js';
import type { CommandLedger, LedgerCommand } from '../commands.js';
import type { LedgerRow } from '../engine/activity-row.js';
import type { HostEngine } from '../engine/host-engine.js';
import type { FaultBoard, FaultPatch, Faults } from '../faults.js';
import type { SimHostOptions } from '../options.js';

/** What the routes see of the host. `engine` changes with every restart. */
export interface HostContext {
  readonly options: SimHostOptions;
  readonly engine: HostEngine;
  readonly time: SimTime;
  readonly faults: FaultBoard;
  readonly rng: Rng;
  readonly ledger: readonly LedgerRow[];
  readonly commands: CommandLedger;
  setFaults(patch: FaultPatch): Promise<Faults>;
  clearFaults(): Promise<Faults>;
}

export interface Exchange {
  ctx: HostContext;
  req: IncomingMessage;
  res: ServerResponse;
  method: string;
  /** Decoded path, without the query. */
  path: string;
  query: URLSearchParams;
  /** Its entry in the ledger, where it is a command. */
  command?: LedgerCommand | undefined;
}
