import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';

export const CommandKindSchema = z
  .enum(['load', 'unload', 'unload-all', 'cancel', 'profile'])
  .describe('load: GET /upstream/<model>/health; a model that is loaded for a completion is none of these');
export type CommandKind = z.infer<typeof CommandKindSchema>;

/** One command that reached the host, whatever came of it. */
export interface LedgerCommand {
  /** Counts over all starts of the host, from 1. */
  n: number;
  /** Which start of the host it reached. */
  boot: number;
  kind: CommandKind;
  /** Model, profile (null: none) or request in flight; null for unload-all, and for a profile that was not read. */
  target: string | null;
  /** X-Boo-Source of whoever sent it. */
  source: string | undefined;
  /** Real time, the host's skew left out. */
  receivedAt: string;
  /** When its connection was done with it; null: it is not. */
  endedAt: string | null;
  /** True when the host had done it and, but for a fault, said so. */
  done: boolean;
  /** What the caller could read; null: no answer, or not yet. */
  status: number | null;
}

/** What the host was told to do, over all its starts, in order. */
export class CommandLedger {
  readonly #commands: LedgerCommand[] = [];
  #count = 0;

  constructor(private readonly maxCommands: number) {}

  get commands(): readonly LedgerCommand[] {
    return this.#commands;
  }

  /** Notes a command on its arrival, and follows its answer. */
  note(
    command: Pick<LedgerCommand, 'boot' | 'kind' | 'target'>,
    req: IncomingMessage,
    res: ServerResponse,
  ): LedgerCommand {
    const source = req.headers['x-boo-source'];
    const noted: LedgerCommand = {
      n: (this.#count += 1),
      ...command,
      source: typeof source === 'string' ? source : undefined,
      receivedAt: new Date().toISOString(),
      endedAt: null,
      done: false,
      status: null,
    };
    this.#commands.push(noted);
    if (this.#commands.length > this.maxCommands) this.#commands.shift();
    res.once('close', () => {
      noted.endedAt = new Date().toISOString();
      if (!res.writableFinished) return;
      noted.status = res.statusCode;
      noted.done = res.statusCode < 400;
    });
    return noted;
  }
}
