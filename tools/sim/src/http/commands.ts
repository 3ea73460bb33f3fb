import type { ServerResponse } from 'node:http';
import type { CommandFault } from '../faults.js';
import type { CommandKind, LedgerCommand } from '../commands.js';
import type { HostEngine } from '../engine/host-engine.js';
import type { Exchange } from './context.js';
import { sendError } from './respond.js';

/** Notes a command in the ledger of the host; anything else is none. */
export function noteCommand({ ctx, req, res, method, path }: Exchange): LedgerCommand | undefined {
  const command = commandOf(`${method} ${path}`);
  if (command === undefined) return undefined;
  const { kind, name } = command;
  return ctx.commands.note(
    { boot: ctx.engine.boot, kind, target: targetOf(ctx.engine, kind, name) },
    req,
    res,
  );
}

function commandOf(told: string): { kind: CommandKind; name: string | null } | undefined {
  const load = /^GET \/upstream\/(.+)\/health$/.exec(told)?.[1];
  if (load !== undefined) return { kind: 'load', name: load };
  const unload = /^POST \/api\/models\/unload\/(.+)$/.exec(told)?.[1];
  if (unload !== undefined) return { kind: 'unload', name: unload };
  const request = /^POST \/api\/inflight\/([^/]+)\/cancel$/.exec(told)?.[1];
  if (request !== undefined) return { kind: 'cancel', name: request };
  if (told === 'POST /api/models/unload' || told === 'GET /unload') return { kind: 'unload-all', name: null };
  // Which profile is in the body, which whoever obeys reads.
  return told === 'PUT /api/profiles/active' ? { kind: 'profile', name: null } : undefined;
}

/** A model has one name in the ledger, whatever the caller called it; a name that means none stays as it is. */
function targetOf(engine: HostEngine, kind: CommandKind, name: string | null): string | null {
  if (name === null || kind === 'cancel') return name;
  const meant = kind === 'load' ? engine.requested(name) : engine.resolve(name);
  return meant?.spec.id ?? name;
}

/**
 * Lets a command go wrong.
 * @param obey does what was asked and answers
 */
export async function failCommand(
  exchange: Exchange,
  command: LedgerCommand,
  fault: CommandFault,
  obey: () => Promise<void>,
): Promise<void> {
  const { ctx, req, res } = exchange;
  switch (fault.how) {
    case 'error':
      return sendError(exchange, 500, 'simulated failure');
    case 'hang':
      return void req.resume();
    case 'mute':
      withholdAnswer(res, command, () => {});
      return obey();
    case 'reset':
      withholdAnswer(res, command, () => req.socket.resetAndDestroy());
      return obey();
    case 'restart':
      await untilBegun(exchange, command, obey);
      await ctx.setFaults({ restart: { downMs: fault.downMs } });
  }
}

/** Resolves when a model has changed its state for the command, or when it is done already. */
function untilBegun(
  { ctx, res }: Exchange,
  command: LedgerCommand,
  obey: () => Promise<void>,
): Promise<void> {
  return new Promise((resolve) => {
    const leave = ctx.engine.signals.on(({ type }) => {
      if (type === 'models') begun();
    });
    const begun = (): void => {
      leave();
      resolve();
    };
    withholdAnswer(res, command, begun);
    // The process that would end it is gone by then.
    obey().catch(begun);
  });
}

/** Nothing of the answer leaves the host. `instead` happens when the command is done and the answer would begin. */
function withholdAnswer(res: ServerResponse, command: LedgerCommand, instead: () => void): void {
  let isBegun = false;
  res.writeHead = (status: number): ServerResponse => {
    if (!isBegun) command.done = status < 400;
    if (!isBegun) instead();
    isBegun = true;
    return res;
  };
  res.write = () => true;
  res.end = () => res;
}
