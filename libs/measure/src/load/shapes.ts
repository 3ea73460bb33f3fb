import type { CellLoad } from '@boocontrol/contracts';
import type { Clock } from '../clock.js';
import { exponential, type Random } from '../stats/random.js';

export interface Drive {
  clock: Clock;
  /** Of all requests, in order. */
  count: number;
  random: Random;
  /** Sends the request; resolves when it is over, never throws. */
  send: (index: number, intendedMs: number) => Promise<void>;
  /** Asked before each send: true ends it, and what is under way is waited for. */
  isOver: () => boolean;
  signal: AbortSignal | undefined;
}

/** Sends so many requests as the load says. Resolves when all that were sent are over. */
export async function drive(load: CellLoad, options: Drive): Promise<void> {
  if (load.kind === 'closed') return closed(load.concurrency, options);
  if (load.kind === 'open') return open(arrivals(load, options.count, options.random), options);
  // One repetition after the other: the next one begins when the last answer is there.
  const due = load.requests.map(({ atMs }) => atMs / load.speed);
  for (let from = 0; from < options.count && !options.isOver(); from += due.length)
    await open(due.slice(0, options.count - from), {
      ...options,
      send: (index, intendedMs) => options.send(from + index, intendedMs),
    });
}

/** The next is sent when one has ended: the host sets the pace. */
async function closed(concurrency: number, { clock, count, send, isOver }: Drive): Promise<void> {
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < count && !isOver()) {
      const index = next;
      next += 1;
      await send(index, clock.nowMs());
    }
  };
  await Promise.all(Array.from({ length: concurrency }, lane));
}

/**
 * Each is sent when it is due, whatever became of those before it, and its times count from then: a host that stalls
 * shows it in every request that came meanwhile (no coordinated omission).
 */
async function open(offsetsMs: readonly number[], { clock, send, isOver, signal }: Drive): Promise<void> {
  const startedMs = clock.nowMs();
  const sent: Promise<void>[] = [];
  for (const [index, offsetMs] of offsetsMs.entries()) {
    await clock.until(startedMs + offsetMs, signal);
    if (isOver()) break;
    sent.push(send(index, startedMs + offsetMs));
  }
  await Promise.all(sent);
}

/** When requests are due, in milliseconds from the first, which is due at once. */
export function arrivals(
  { ratePerS, arrivals: kind }: Extract<CellLoad, { kind: 'open' }>,
  count: number,
  random: Random,
): number[] {
  const meanMs = 1000 / ratePerS;
  let atMs = 0;
  return Array.from({ length: count }, (_, index) => {
    if (kind === 'constant') return index * meanMs;
    if (index > 0) atMs += exponential(random, meanMs);
    return atMs;
  });
}
