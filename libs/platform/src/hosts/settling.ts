import type { BenchTarget, HostState } from '@boocontrol/contracts';
import { pause } from '../backoff.js';
import type { LiveFleet } from '../fleet/live-fleet.js';

const LOOK_EVERY_MS = 50;

/** Waits until the facts show a host as it is to be, for so long at most. false: they do not. */
export async function shows(
  live: LiveFleet,
  providerId: string,
  isSo: (host: HostState) => boolean,
  { withinMs, signal }: { withinMs: number; signal: AbortSignal },
): Promise<boolean> {
  const untilMs = performance.now() + withinMs;
  for (;;) {
    const host = live.state?.hosts[providerId];
    if (host !== undefined && isSo(host)) return true;
    if (performance.now() >= untilMs) return false;
    await pause(LOOK_EVERY_MS, signal);
    signal.throwIfAborted();
  }
}

/** Whether facts have come of all that loading the model did to the host. */
export function isSettled({ models }: HostState, { model }: BenchTarget): boolean {
  return models.every(({ id, state, peerId }) => {
    if (peerId !== null) return true;
    return id === model ? state === 'ready' : state !== 'stopping' && state !== 'starting';
  });
}

/** Whether all is known of the GPUs of a host that there is to know. */
export const areGpusKnown = ({ liveness, perf }: HostState): boolean =>
  liveness?.monitoring !== 'on' || perf !== null;

/** GPUs by their names, with what the host tells of driver and power limit; undefined: nothing is told. */
export function gpusOf(host: HostState | undefined): string[] | undefined {
  const gpus = host?.perf?.gpus ?? [];
  if (gpus.length === 0) return undefined;
  return gpus.map(({ name }) => [name, ...toldOf(host, name)].join(', '));
}

/** GET /api/hardware is as the host says it: what has the GPU's name, and a driver or a power limit. */
function toldOf(host: HostState | undefined, name: string): string[] {
  const found = [...objectsIn(host?.liveness?.hardware ?? null)].find((one) => one['name'] === name);
  if (found === undefined) return [];
  const pick = (pattern: RegExp): string[] =>
    Object.entries(found)
      .filter(([key, value]) => pattern.test(key) && (typeof value === 'string' || typeof value === 'number'))
      .map(([key, value]) => `${key} ${String(value)}`);
  return [...pick(/driver/i), ...pick(/power_?limit/i)];
}

function* objectsIn(value: unknown): Generator<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return;
  if (!Array.isArray(value)) yield value as Record<string, unknown>;
  for (const inner of Object.values(value)) yield* objectsIn(inner);
}
