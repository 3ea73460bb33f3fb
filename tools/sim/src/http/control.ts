import { parseRfc3339 } from '../core/rfc3339.js';
import { parseActivityQuery } from '../engine/activity-query.js';
import { commandLine, proxyUrl } from '../engine/model-process.js';
import { parseJson, readBody } from './body.js';
import type { Exchange } from './context.js';
import { sendError, sendJson, sendText } from './respond.js';

const VERSIONS = {
  A: { build_date: '2026-06-28T18:04:11Z', commit: '32bc7813', version: '230' },
  B: { build_date: '2026-07-05T09:12:40Z', commit: 'b834706b', version: '236' },
  C: { build_date: '2026-08-10T20:31:02Z', commit: '60226b63', version: '250' },
} as const;

export function version(exchange: Exchange): void {
  sendJson(exchange, 200, VERSIONS[exchange.ctx.engine.generation]);
}

/** `GET /running`: everything that is not stopped. `ttl` in seconds. */
export function running(exchange: Exchange): void {
  const list = [...exchange.ctx.engine.models.values()]
    .filter(({ state }) => state !== 'stopped')
    .map(({ spec, state }) => ({
      model: spec.id,
      state,
      cmd: commandLine(spec),
      proxy: proxyUrl(spec),
      ttl: spec.ttlS,
      name: spec.name,
      description: spec.description,
    }));
  sendJson(exchange, 200, { running: list });
}

/** `GET /v1/models`. Aliases and unlisted models are not in it. */
export function listModels(exchange: Exchange): void {
  const { engine, options, time } = exchange.ctx;
  const created = Number(time.nowNs() / 1_000_000_000n);
  const base = { object: 'model', created, owned_by: 'llama-swap' };
  const local = [...engine.models.values()]
    .filter(({ spec }) => !spec.unlisted)
    .map(({ spec, state }) => ({
      id: spec.id,
      ...base,
      ...(spec.name === '' ? {} : { name: spec.name }),
      ...(spec.description === '' ? {} : { description: spec.description }),
      ...(engine.generation === 'C' && spec.statesCtx ? { context_length: spec.ctx } : {}),
      ...(engine.generation === 'A' ? {} : { status: { value: state === 'ready' ? 'loaded' : 'unloaded' } }),
    }));
  const remote = options.peers.flatMap((peer) =>
    peer.models.map((id) => ({
      id,
      ...base,
      name: `${peer.id}: ${id}`,
      meta: { llamaswap: { peerID: peer.id } },
    })),
  );
  sendJson(exchange, 200, {
    data: [...local, ...remote].sort((a, b) => (a.id < b.id ? -1 : 1)),
    object: 'list',
  });
}

export async function unloadAll(exchange: Exchange): Promise<void> {
  await stopAll(exchange);
  sendJson(exchange, 200, { msg: 'ok' });
}

/** `GET /unload`, the older way. */
export async function unloadAllPlain(exchange: Exchange): Promise<void> {
  await stopAll(exchange);
  sendText(exchange, 200, 'OK');
}

/** Answers when the process has stopped. */
export async function unloadOne(exchange: Exchange, model: string): Promise<void> {
  const { engine } = exchange.ctx;
  const process = engine.resolve(model);
  if (!process) return sendError(exchange, 404, 'model not found');
  await engine.scheduler.unload([process]);
  sendText(exchange, 200, 'OK');
}

function stopAll({ ctx }: Exchange): Promise<void> {
  return ctx.engine.scheduler.unload([...ctx.engine.models.values()]);
}

export function cancelInflight(exchange: Exchange, id: string): void {
  if (!exchange.ctx.engine.inflight.cancel(id)) return sendError(exchange, 404, 'inflight request not found');
  sendJson(exchange, 200, { msg: 'ok' });
}

/** `GET /api/metrics`, generation A: the whole ring. */
export function metrics(exchange: Exchange): void {
  const { engine } = exchange.ctx;
  sendJson(
    exchange,
    200,
    engine.activity.rows().map((row) => engine.withCaptureState(row)),
  );
}

export function activity(exchange: Exchange): void {
  const { engine, options } = exchange.ctx;
  const parsed = parseActivityQuery(exchange.query, engine.generation === 'C' && options.activityRange);
  if (!parsed.ok) return sendError(exchange, 400, parsed.message);
  const page = engine.activity.page(parsed.query);
  sendJson(exchange, 200, { ...page, data: page.data.map((row) => engine.withCaptureState(row)) });
}

export function capture(exchange: Exchange, rawId: string): void {
  if (!/^[+-]?\d+$/.test(rawId)) return sendError(exchange, 400, 'invalid capture ID');
  const found = exchange.ctx.engine.captures.get(Number(rawId));
  if (!found) return sendError(exchange, 404, 'capture not found');
  sendJson(exchange, 200, found);
}

export function performanceSince(exchange: Exchange): void {
  const { performance } = exchange.ctx.engine;
  if (!performance) return sendJson(exchange, 503, { enabled: false });
  const after = exchange.query.get('after') ?? '';
  if (after === '') return sendJson(exchange, 200, performance.since(undefined));
  const afterNs = parseRfc3339(after);
  if (afterNs === undefined) return sendError(exchange, 400, "invalid 'after' timestamp, use RFC3339 format");
  sendJson(exchange, 200, performance.since(afterNs));
}

export function profiles(exchange: Exchange): void {
  const { engine, options } = exchange.ctx;
  const list = [...options.profileList].sort((a, b) => (a.id < b.id ? -1 : 1));
  sendJson(exchange, 200, { active: engine.activeProfile, profiles: list });
}

/** `PUT /api/profiles/active` `{"name":"…"|null}`. */
export async function switchProfile(exchange: Exchange): Promise<void> {
  const { engine } = exchange.ctx;
  const body = parseJson(await readBody(exchange.req));
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    return sendError(exchange, 400, 'invalid profile request');
  if (!('name' in body)) return sendError(exchange, 400, 'profile name is required');
  const name = body.name ?? '';
  if (exchange.command && typeof name === 'string') exchange.command.target = name === '' ? null : name;
  if (typeof name !== 'string') return sendError(exchange, 400, 'profile name must be a string or null');
  if (!engine.switchProfile(name)) return sendError(exchange, 404, `profile "${name}" not found`);
  sendJson(exchange, 200, { active: engine.activeProfile });
}
