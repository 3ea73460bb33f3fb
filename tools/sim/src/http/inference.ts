import { z } from 'zod';
import { headerMap } from '../engine/headers.js';
import type { InflightRequest } from '../engine/inflight.js';
import type { ModelProcess } from '../engine/model-process.js';
import { serveLlama } from '../llama/serve.js';
import { parseJson, readBody } from './body.js';
import type { Exchange } from './context.js';
import { HttpSink } from './http-sink.js';
import { errorAnswer, sendError } from './respond.js';
import { StreamWriter } from './stream-writer.js';

/** POST routes that name their model in the body; llama-swap makes an activity row of each request to them. */
const METERED = new Set([
  '/v1/chat/completions',
  '/v1/responses',
  '/v1/completions',
  '/v1/messages',
  '/v1/messages/count_tokens',
  '/v1/embeddings',
  '/reranking',
  '/rerank',
  '/v1/rerank',
  '/v1/reranking',
  '/infill',
  '/completion',
  '/v1/audio/speech',
  '/v1/audio/voices',
  '/v1/audio/transcriptions',
  '/v1/images/generations',
  '/v1/images/edits',
  '/sdapi/v1/txt2img',
  '/sdapi/v1/img2img',
  '/v/chat/completions',
  '/v/responses',
  '/v/completions',
  '/v/messages',
  '/v/embeddings',
  '/v/rerank',
  '/v/reranking',
]);

/** llama-swap's default `upstream.ignorePaths`: what a browser asks for by itself loads no model. */
const IGNORED_UNLESS_READY = /.*\.(js|json|css|png|gif|jpg|jpeg|ico|txt)$/;

const NamedSchema = z.looseObject({ model: z.string().min(1) });

type AbortReason = 'client' | 'cancelled' | 'stopped';

export function isInference(method: string, path: string): boolean {
  return method === 'POST' && METERED.has(path);
}

/** `POST /v1/…`: finds the model by the body. */
export async function infer(exchange: Exchange): Promise<void> {
  const body = await readBody(exchange.req);
  const named = NamedSchema.safeParse(parseJson(body));
  if (!named.success) return sendError(exchange, 404, 'no model id could be identified');
  const process = exchange.ctx.engine.requested(named.data.model);
  const path = exchange.path.startsWith('/v/') ? exchange.path.slice('/v'.length) : exchange.path;
  await metered(exchange, { process, model: process?.spec.id ?? named.data.model, path, body });
}

/** `ANY /upstream/<model>/<path>`: straight to the model's own server, which is loaded for it. */
export async function passUpstream(exchange: Exchange): Promise<void> {
  const { ctx, method, path } = exchange;
  const { engine } = ctx;
  const found = engine.findInPath(path.slice('/upstream'.length), (name) => engine.requested(name));
  if (!found) return sendError(exchange, 404, 'model not found');
  const { id } = found.process.spec;
  if (found.process.state !== 'ready' && IGNORED_UNLESS_READY.test(found.rest))
    return sendError(exchange, 409, `model ${id} is not loaded; path matches upstream.ignorePaths`);
  const body = await readBody(exchange.req);
  const call: Call = { process: found.process, model: found.process.spec.id, path: found.rest, body };
  if (isInference(method, found.rest)) return metered(exchange, call);
  const controller = new AbortController();
  const listed = listedWithoutRow(exchange, call, controller);
  await serve(exchange, call, plainSink(exchange), controller);
  if (listed !== undefined) engine.inflight.remove(listed);
}

/** B and C have this one question to a model's server among the requests under way. */
function listedWithoutRow(
  exchange: Exchange,
  { model, path }: Call,
  controller: AbortController,
): string | undefined {
  const { engine } = exchange.ctx;
  if (engine.generation === 'A' || exchange.method !== 'GET' || path !== '/props') return undefined;
  return engine.inflight.add(underWay(exchange, model, path, controller));
}

function underWay(
  exchange: Exchange,
  model: string,
  reqPath: string,
  controller: AbortController,
): InflightRequest {
  return {
    model,
    reqPath,
    method: exchange.method,
    reqHeaders: headerMap(withoutKeys(exchange)),
    remoteIp: exchange.req.socket.remoteAddress ?? '',
    cancel: () => controller.abort('cancelled' satisfies AbortReason),
  };
}

interface Call {
  process: ModelProcess | undefined;
  model: string;
  /** What the model server sees, and the row too. */
  path: string;
  body: Buffer;
}

async function metered(exchange: Exchange, call: Call): Promise<void> {
  const { ctx, req, res, method } = exchange;
  const { engine } = ctx;
  const startedMs = ctx.time.realMs();
  const controller = new AbortController();
  const reqPath = exchange.path.startsWith('/upstream/') ? call.path : exchange.path;
  const request = underWay(exchange, call.model, reqPath, controller);
  const { reqHeaders } = request;
  const id = engine.inflight.add(request);
  const sink = new HttpSink(res, new StreamWriter(res, ctx.faults, ctx.rng, 'answers'), {
    onStart: (headers) => engine.inflight.started(id, headers),
    onBytes: (bytes) => {
      engine.net.sent += bytes;
      engine.inflight.sent(id, bytes);
    },
  });
  engine.net.received += call.body.length;
  const scheduled = await serve(exchange, call, sink, controller);
  // A restart in the meantime: the process that would write the row is gone.
  if (ctx.engine !== engine) return;
  const wallMs = ctx.time.realMs() - startedMs;
  engine.record({
    model: call.model,
    reqPath: call.path,
    reqHeaders,
    reqBody: call.body,
    status: sink.status,
    respHeaders: sink.headers,
    respBody: sink.body(),
    wallMs,
    scheduled,
  });
  engine.inflight.remove(id);
  const agent = req.headers['user-agent'] ?? '';
  const size = sink.body().length;
  engine.proxyLog(
    `Request ${req.socket.remoteAddress ?? '-'} "${method} ${exchange.path} HTTP/1.1" ${sink.status} ${size} "${agent}" ${(wallMs / 1000).toFixed(3)}s`,
  );
}

/** True when a model served the request. */
async function serve(
  exchange: Exchange,
  call: Call,
  sink: HttpSink,
  controller: AbortController,
): Promise<boolean> {
  const { ctx, res, method } = exchange;
  const left = () => controller.abort('client' satisfies AbortReason);
  res.on('close', left);
  try {
    if (!call.process) {
      await refuse(exchange, sink, 404, 'no router for requested model');
      return false;
    }
    const grant = await ctx.engine.scheduler.acquire(call.process.spec.id, controller);
    switch (grant.kind) {
      case 'limit':
        await refuse(exchange, sink, 429, 'Too many requests', 'concurrency_limit', { 'Retry-After': '1' });
        return false;
      case 'unloaded':
        await refuse(exchange, sink, 500, 'unspecific error: group: model unloaded');
        return false;
      case 'failed':
        await refuse(exchange, sink, 500, 'unspecific error: upstream command exited prematurely');
        return false;
      case 'aborted':
        await finishAborted(exchange, sink, controller.signal.reason as AbortReason, false);
        return false;
      case 'granted': {
        try {
          const request = { method, path: call.path, body: call.body };
          await serveLlama(call.process.runtime, request, sink, controller.signal);
        } finally {
          grant.release();
        }
        if (!res.writableEnded)
          await finishAborted(exchange, sink, controller.signal.reason as AbortReason, true);
        return true;
      }
    }
  } finally {
    res.off('close', left);
  }
}

/**
 * A request that did not run to its end. A started stream just ends, without its last chunks. A caller who is
 * still there gets a 502; for one who left, newer builds note 499, older ones what their proxy would have said.
 */
async function finishAborted(
  exchange: Exchange,
  sink: HttpSink,
  reason: AbortReason,
  proxied: boolean,
): Promise<void> {
  const { ctx } = exchange;
  if (sink.started) return sink.end();
  if (reason !== 'client') return refuse(exchange, sink, 502, `request ${reason}`);
  const newer = ctx.engine.generation === 'C' && ctx.options.openAiErrors;
  sink.markStatus(newer ? 499 : proxied ? 502 : 200);
}

async function refuse(
  exchange: Exchange,
  sink: HttpSink,
  status: number,
  message: string,
  code?: string,
  headers: Record<string, string> = {},
): Promise<void> {
  const { contentType, body } = errorAnswer(exchange, status, message, code);
  sink.start(status, { 'Content-Type': contentType, ...headers });
  await sink.end(body);
}

function plainSink({ ctx, res }: Exchange): HttpSink {
  const nobody = { onStart: () => {}, onBytes: () => {} };
  return new HttpSink(res, new StreamWriter(res, ctx.faults, ctx.rng, 'answers'), nobody);
}

/** Generation A takes the keys it checked out of the request. */
function withoutKeys({ ctx, req }: Exchange) {
  if (ctx.engine.generation !== 'A' || ctx.options.apiKeys.length === 0) return req.headers;
  const { authorization: _checked, 'x-api-key': _alsoChecked, ...rest } = req.headers;
  return rest;
}
