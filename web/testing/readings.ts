import type { Gaps, HostState, ModelEvent, PerfSeries } from '@boocontrol/contracts';
import { instantFromMs } from '@boocontrol/fleet-model';

/** What was measured of a made-up host, and what happened to its models. All of it depends on the moment alone. */

/** As the service chooses them, in seconds. */
const STEPS_S = [5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400];

/** Before the fleet was made: when its hosts could not be followed. */
export const AWAY = { fromMs: 520_000, toMs: 450_000 } as const;
const AWAY_HOST = 'tower';

interface Asked {
  providerId: string;
  fromMs: number;
  toMs: number;
}
function askedOf(params: URLSearchParams, nowMs: number): Asked {
  const to = params.get('to');
  return {
    providerId: params.get('providerId') ?? '',
    fromMs: Date.parse(params.get('from') ?? instantFromMs(nowMs - 3_600_000)),
    toMs: to === null ? nowMs : Math.min(nowMs, Date.parse(to)),
  };
}

/**
 * @param host as the fleet knows it: it has the GPUs that it was last seen with; none measures nothing
 * @param madeMs when the fleet was made
 */
export function perfSeries(
  params: URLSearchParams,
  nowMs: number,
  host: Pick<HostState, 'perf'> | undefined,
  madeMs: number = nowMs,
): PerfSeries {
  const { providerId, fromMs, toMs } = askedOf(params, nowMs);
  const maxPoints = Number(params.get('maxPoints') ?? 300);
  const stepS =
    STEPS_S.find((s) => Math.floor(toMs / 1000 / s) - Math.floor(fromMs / 1000 / s) < maxPoints) ?? 86_400;
  const points: PerfSeries['points'] = [];
  const gpus = host?.perf?.gpus ?? [];
  const first = Math.floor(fromMs / 1000 / stepS) * stepS * 1000;
  for (let ms = first; host?.perf && ms < toMs; ms += stepS * 1000) {
    if (providerId === AWAY_HOST && ms >= madeMs - AWAY.fromMs && ms < madeMs - AWAY.toMs) continue;
    points.push(pointAt(ms, gpus));
  }
  return {
    providerId,
    stepS,
    resolution: stepS < 300 ? 'raw' : 'rollup',
    gpus: gpus.map(({ id, name, memTotalMb }) => ({ id, name, memTotalMb })),
    points,
  };
}

type Gpus = NonNullable<NonNullable<HostState['perf']>['gpus']>;

function pointAt(ms: number, gpus: Gpus): PerfSeries['points'][number] {
  const loadAt = (shift: number): number =>
    0.5 + 0.42 * Math.sin(ms / 97_000 + shift) * Math.sin(ms / 311_000 + shift * 2.3);
  const stat = (avg: number) => ({ avg, max: avg * 1.08 });
  const load = loadAt(0);
  return {
    ts: instantFromMs(ms),
    samples: 1,
    gpus: gpus.map(({ id, memTotalMb }) => ({
      id,
      utilPct: stat(90 * loadAt(id)),
      memUsedMb: stat((memTotalMb ?? 0) * (0.3 + 0.6 * loadAt(id * 1.7))),
      tempC: stat(40 + 4 * id + 30 * loadAt(id)),
      powerW: stat(60 + 300 * loadAt(id)),
    })),
    cpuUtilPct: stat(30 * load),
    memUsedMb: stat(30_000 + 4000 * load),
    netRxBps: 20_000 * load,
    netTxBps: 400_000 * load,
  };
}

/** Newest first. */
export function gapsOf(params: URLSearchParams, nowMs: number, madeMs: number = nowMs): Gaps['gaps'] {
  const hosts = params.getAll('providerId');
  const all: Gaps['gaps'] = [
    {
      providerId: 'mac-studio',
      kind: 'lost',
      fromTs: instantFromMs(madeMs - 100_000),
      toTs: instantFromMs(madeMs - 60_000),
      reason: 'host_restarted',
      missingRows: null,
    },
    {
      providerId: 'nas',
      kind: 'unreachable',
      fromTs: instantFromMs(madeMs - 260_000),
      toTs: null,
      reason: 'The host asks for an API key (401).',
      missingRows: null,
    },
    {
      providerId: AWAY_HOST,
      kind: 'unreachable',
      fromTs: instantFromMs(madeMs - AWAY.fromMs),
      toTs: instantFromMs(madeMs - AWAY.toMs),
      reason: 'The connection was closed by the host.',
      missingRows: null,
    },
  ];
  const { fromMs } = askedOf(params, nowMs);
  const to = params.get('to');
  return all.filter(
    ({ providerId, fromTs, toTs }) =>
      (hosts.length === 0 || hosts.includes(providerId)) &&
      (toTs === null || Date.parse(toTs) >= fromMs) &&
      (to === null || Date.parse(fromTs) < Date.parse(to)),
  );
}

/** Swaps of a calm host; the one with eight GPUs changes its model so often that single marks say nothing. */
const SWAP_EVERY_MS = 840_000;
const OFTEN: Readonly<Record<string, number>> = { rack: 45_000 };
const LOADS_FAILING = 7;
/** So long before the fleet was made the last model became ready. */
const LAST_READY_MS = 400_000;

/** Newest first; what the models of the host are now is what they lead to. */
export function eventsOf(
  params: URLSearchParams,
  nowMs: number,
  host: Pick<HostState, 'models'> | undefined,
  madeMs: number = nowMs,
): ModelEvent[] {
  const to = params.get('to');
  const fromMs = Date.parse(params.get('from') ?? instantFromMs(madeMs - 7 * 86_400_000));
  const toMs = to === null ? nowMs : Date.parse(to);
  const providerId = params.get('providerId') ?? '';
  const ids = (host?.models ?? []).slice(0, 4).map(({ id }) => id);
  const [now] = ids;
  if (now === undefined) return [];
  const everyMs = OFTEN[providerId] ?? SWAP_EVERY_MS;
  const endMs = madeMs - LAST_READY_MS - 20_000;
  const events: ModelEvent[] = [];
  const add = (ms: number, model: string, from: string, state: string, failed = false): void => {
    if (ms >= fromMs && ms < toMs)
      events.push({
        providerId,
        model,
        state,
        ts: instantFromMs(ms),
        detail: { from, observed: 'live', failed },
      });
  };
  const first = Math.max(Math.floor((fromMs - 2 * everyMs) / everyMs), Math.floor(endMs / everyMs) - 3000);
  for (let slot = first; slot * everyMs < endMs - everyMs; slot++) {
    const startMs = slot * everyMs;
    const model = ids[slot % ids.length] ?? now;
    add(startMs + 1000, model, 'stopped', 'starting');
    if (slot % LOADS_FAILING === 0) {
      add(startMs + 7000, model, 'starting', 'stopped', true);
    } else {
      add(startMs + 9000, model, 'starting', 'ready');
      add(startMs + 0.8 * everyMs, model, 'ready', 'stopped');
    }
  }
  if (host?.models.some(({ id, state }) => id === now && state === 'ready')) {
    add(madeMs - LAST_READY_MS - 9000, now, 'stopped', 'starting');
    add(madeMs - LAST_READY_MS, now, 'starting', 'ready');
  }
  return events.toReversed();
}
