import type { IncomingMessage, ServerResponse } from 'node:http';
import { authorized } from './auth.js';
import { failCommand, noteCommand } from './commands.js';
import type { Exchange, HostContext } from './context.js';
import * as control from './control.js';
import { streamEvents } from './events.js';
import { hardware } from './hardware.js';
import { streamLog } from './log-stream.js';
import { infer, isInference, passUpstream } from './inference.js';
import { prometheus } from './prometheus.js';
import { sendError, sendText } from './respond.js';
import { simRoutes } from './sim.js';

/** One request from arrival to answer: switchboard, faults, keys, routes. */
export async function handle(ctx: HostContext, req: IncomingMessage, res: ServerResponse): Promise<void> {
  const url = new URL(req.url ?? '/', 'http://sim');
  const path = decodePath(url.pathname);
  const exchange: Exchange = { ctx, req, res, method: req.method ?? 'GET', path, query: url.searchParams };
  if (path.startsWith('/sim/')) return simRoutes(exchange);
  exchange.command = noteCommand(exchange);
  // Go's server takes it from the same clock as everything else.
  res.setHeader('Date', new Date(Number(ctx.time.nowNs() / 1_000_000n)).toUTCString());
  if (ctx.faults.unanswering) return void req.resume();
  const { slow, unauthorized, serverErrors } = ctx.faults.current;
  if (slow) await new Promise((resolve) => setTimeout(resolve, slow.delayMs));
  if (unauthorized === true) return deny(exchange);
  if (serverErrors && ctx.rng.chance(serverErrors.probability))
    return sendError(exchange, 500, 'simulated failure');
  if (exchange.method === 'OPTIONS') return preflight(exchange);
  if (exchange.method === 'GET' && (path === '/health' || path === '/wol-health'))
    return sendText(exchange, 200, 'OK');
  if (exchange.method === 'GET' && path === '/') return redirect(exchange, '/ui');
  if (!authorized(ctx.options.apiKeys, req.headers)) return deny(exchange);
  const fault = exchange.command && ctx.faults.takeCommandFault(exchange.command.kind);
  if (exchange.command && fault) return failCommand(exchange, exchange.command, fault, () => route(exchange));
  await route(exchange);
}

async function route(exchange: Exchange): Promise<void> {
  const { ctx, method, path } = exchange;
  const { generation } = ctx.engine;
  if (isInference(method, path)) return infer(exchange);
  if (path.startsWith('/upstream/')) return passUpstream(exchange);
  const unload = after(path, '/api/models/unload/');
  if (method === 'POST' && unload !== undefined) return control.unloadOne(exchange, unload);
  const capture = after(path, '/api/captures/');
  if (method === 'GET' && capture !== undefined) return control.capture(exchange, capture);
  const log = method === 'GET' ? after(path, '/logs/stream/') : undefined;
  if (log !== undefined) return streamLog(exchange, log);
  const cancel = /^\/api\/inflight\/([^/]+)\/cancel$/.exec(path)?.[1];
  if (method === 'POST' && cancel !== undefined && generation !== 'A')
    return control.cancelInflight(exchange, cancel);
  const found = ROUTES[`${method} ${path}`];
  if (
    !found ||
    !found.in.includes(generation) ||
    (path.startsWith('/api/profiles') && !ctx.options.profiles) ||
    (path === '/api/performance' && !ctx.options.performance.exists)
  ) {
    return sendText(exchange, 404, '404 page not found\n');
  }
  await found.run(exchange);
}

const ROUTES: Record<string, { in: string; run: (exchange: Exchange) => void | Promise<void> }> = {
  'GET /api/events': { in: 'ABC', run: streamEvents },
  'GET /api/metrics': { in: 'A', run: control.metrics },
  'GET /api/metrics/activity': { in: 'BC', run: control.activity },
  'GET /api/performance': { in: 'ABC', run: control.performanceSince },
  'GET /api/version': { in: 'ABC', run: control.version },
  'GET /api/hardware': { in: 'C', run: hardware },
  'GET /api/profiles': { in: 'C', run: control.profiles },
  'PUT /api/profiles/active': { in: 'C', run: control.switchProfile },
  'GET /logs/stream': { in: 'ABC', run: (exchange) => streamLog(exchange, '') },
  'GET /running': { in: 'ABC', run: control.running },
  'GET /v1/models': { in: 'ABC', run: control.listModels },
  'GET /unload': { in: 'ABC', run: control.unloadAllPlain },
  'GET /metrics': { in: 'ABC', run: prometheus },
  'POST /api/models/unload': { in: 'ABC', run: control.unloadAll },
};

function after(path: string, prefix: string): string | undefined {
  return path.startsWith(prefix) && path.length > prefix.length ? path.slice(prefix.length) : undefined;
}

function deny(exchange: Exchange): void {
  const headers = { 'WWW-Authenticate': 'Basic realm="llama-swap"' };
  sendError(exchange, 401, 'unauthorized: invalid or missing API key', headers);
}

function preflight({ req, res }: Exchange): void {
  const asked = req.headers['access-control-request-headers'];
  res.writeHead(204, {
    'Access-Control-Allow-Origin': '*',
    'Access-Control-Allow-Methods': 'GET, POST, PUT, PATCH, DELETE, OPTIONS',
    'Access-Control-Allow-Headers': asked ?? 'Content-Type, Authorization, Accept, X-Requested-With',
    'Access-Control-Max-Age': '86400',
  });
  res.end();
}

function redirect({ res }: Exchange, location: string): void {
  res.writeHead(302, { Location: location });
  res.end();
}

function decodePath(pathname: string): string {
  try {
    return decodeURIComponent(pathname);
  } catch {
    return pathname;
  }
}
