import type { Emitter } from '../core/emitter.js';
import type { HostEngine, HostSignal } from '../engine/host-engine.js';
import type { Exchange } from './context.js';
import { sendError } from './respond.js';
import { StreamWriter } from './stream-writer.js';

/** llama-swap drops chunks for a reader that is so many behind, without telling it. */
const BUFFER_CHUNKS = 10;

interface Followed {
  history: string;
  on: (listener: (chunk: string) => void) => () => void;
}

/**
 * `GET /logs/stream[/<proxy, upstream or a model>]`: the history unless `?no-history`, then what comes, until one side
 * leaves. Like the real one it says nothing, not even its headers, before the first chunk.
 */
export async function streamLog({ ctx, ...exchange }: Exchange, name: string): Promise<void> {
  const followed = find(ctx.engine, name);
  if (!followed) {
    const message = "invalid logger. Use 'proxy', 'upstream' or a model's ID";
    return sendError({ ctx, ...exchange }, 400, message);
  }
  const { res, query } = exchange;
  res.setHeader('Content-Type', 'text/plain');
  res.setHeader('X-Content-Type-Options', 'nosniff');
  res.setHeader('X-Accel-Buffering', 'no');
  const writer = new StreamWriter(res, ctx.faults, ctx.rng, 'answers');
  const queue: string[] = [];
  let pumping = false;
  const send = async (chunk: string): Promise<void> => {
    const drops = ctx.faults.current.logDrops;
    if (queue.length >= BUFFER_CHUNKS || (drops && ctx.rng.next() < drops.probability)) return;
    queue.push(chunk);
    if (pumping) return;
    pumping = true;
    for (let next = queue.shift(); next !== undefined && writer.open; next = queue.shift())
      await writer.write(next);
    pumping = false;
  };
  res.on(
    'close',
    followed.on((chunk) => void send(chunk)),
  );
  if (!query.has('no-history') && followed.history !== '') await send(followed.history);
}

function find(engine: HostEngine, name: string): Followed | undefined {
  const { proxy, upstream } = engine.logs;
  const of = (wanted: (source: string) => boolean, history: string): Followed => ({
    history,
    on: (listener) => engine.signals.on((signal) => isLog(signal, wanted) && listener(signal.data)),
  });
  if (name === '') return of(() => true, proxy.history() + upstream.history());
  if (name === 'proxy') return of((source) => source === 'proxy', proxy.history());
  if (name === 'upstream') return of((source) => source === 'upstream', upstream.history());
  const process = engine.findInPath(name)?.process;
  return process && { history: process.log.history(), on: onModel(process.logged) };
}

function onModel(logged: Emitter<string>): Followed['on'] {
  return (listener) => logged.on(listener);
}

function isLog(
  signal: HostSignal,
  wanted: (source: string) => boolean,
): signal is Extract<HostSignal, { type: 'log' }> {
  return signal.type === 'log' && wanted(signal.source);
}
