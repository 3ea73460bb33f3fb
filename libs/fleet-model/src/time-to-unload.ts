import type { Instant, Model } from '@boocontrol/contracts';
import { instantToMs } from './time.js';

/**
 * Seconds until llama-swap unloads an idle model: ttl minus the time since its last request ended (or since it became
 * ready); the countdown does not run while a request is in flight. null when it never unloads, is not ready, or the
 * beginning of its idle time is unknown. Never throws.
 *
 * @param lastEnd end of the newest request that this model served, by our clock
 * @param inflight how many requests it serves now
 * @param nowMs Unix milliseconds by our clock
 */
export function timeToUnload(
  model: Model,
  lastEnd: Instant | undefined,
  inflight: number,
  nowMs: number,
): { leftS: number; ttlS: number } | null {
  if (model.state !== 'ready' || !model.ttlS) return null;
  if (inflight > 0) return { leftS: model.ttlS, ttlS: model.ttlS };
  const starts = [lastEnd, model.since].flatMap((instant) => (instant ? [instantToMs(instant)] : []));
  if (starts.length === 0) return null;
  const idleS = Math.max(0, (nowMs - Math.max(...starts)) / 1000);
  return { leftS: Math.max(0, model.ttlS - idleS), ttlS: model.ttlS };
}
