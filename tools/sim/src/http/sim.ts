import { z } from 'zod';
import { FaultPatchSchema } from '../faults.js';
import { hostState, writtenBy } from '../host-state.js';
import { quickRows, QuickRowsSchema } from '../quick-rows.js';
import { parseJson, readBody } from './body.js';
import type { Exchange } from './context.js';
import { sendJson, sendText } from './respond.js';

/** `/sim/*`: the switchboard for tests and demo. Faults do not touch it, except a closed listener. */
export async function simRoutes(exchange: Exchange): Promise<void> {
  const { ctx } = exchange;
  switch (`${exchange.method} ${exchange.path}`) {
    case 'GET /sim/faults':
      return sendJson(exchange, 200, ctx.faults.current);
    case 'DELETE /sim/faults':
      return sendJson(exchange, 200, await ctx.clearFaults());
    case 'POST /sim/faults':
      return withBody(exchange, FaultPatchSchema, (patch) => setFaults(exchange, patch));
    case 'GET /sim/state':
      return sendJson(exchange, 200, hostState(ctx));
    case 'GET /sim/rows':
      return sendJson(exchange, 200, ctx.ledger);
    case 'GET /sim/writes':
      return sendJson(exchange, 200, writtenBy(ctx));
    case 'GET /sim/commands':
      return sendJson(exchange, 200, ctx.commands.commands);
    case 'POST /sim/requests':
      return withBody(exchange, QuickRowsSchema, (input) => {
        const rows = quickRows(ctx.engine, input, Math.floor(Date.now() / 1000));
        sendJson(exchange, 200, { ids: rows.map((row) => row.id) });
      });
    default:
      return sendText(exchange, 404, '404 page not found\n');
  }
}

/** Answers first where the patch would cut this very connection. */
async function setFaults(exchange: Exchange, patch: z.infer<typeof FaultPatchSchema>): Promise<void> {
  const { ctx, res } = exchange;
  const cuts = patch.refuse === true || patch.restart || patch.upgrade || patch.dropConnections === true;
  if (!cuts) return sendJson(exchange, 200, await ctx.setFaults(patch));
  res.once('finish', () => void ctx.setFaults(patch));
  sendJson(exchange, 202, { accepted: true });
}

async function withBody<T>(
  exchange: Exchange,
  schema: z.ZodType<T>,
  run: (value: T) => void | Promise<void>,
): Promise<void> {
  const parsed = schema.safeParse(parseJson(await readBody(exchange.req)));
  if (!parsed.success) return sendJson(exchange, 400, { error: z.prettifyError(parsed.error) });
  await run(parsed.data);
}
