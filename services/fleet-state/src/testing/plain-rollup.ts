import type { Perf } from '@boocontrol/contracts';
import { instantFromMs } from '@boocontrol/fleet-model';
import { GPU_METRICS, SYS_METRICS } from '../perf/aggregate.sql.js';

interface PlainRow {
  provider_id: string;
  bucket: string;
  samples: number;
  gpus: object[] | null;
  sys: object | null;
}

const BUCKET_MS = 300_000;

/** What fleet.perf_rollup_5m has to hold for these samples, worked out without SQL. */
export function plainRollup(samples: readonly Perf[]): PlainRow[] {
  const groups = new Map<string, Perf[]>();
  for (const sample of samples) {
    const bucket = instantFromMs(Math.floor(Date.parse(sample.ts) / BUCKET_MS) * BUCKET_MS);
    const key = `${sample.providerId} ${bucket}`;
    groups.set(key, [...(groups.get(key) ?? []), sample]);
  }
  return [...groups]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, members]) => {
      const [provider_id = '', bucket = ''] = key.split(' ');
      const ordered = members.toSorted((a, b) => (a.ts < b.ts ? -1 : 1));
      return { provider_id, bucket, samples: members.length, gpus: gpuRows(ordered), sys: sysRow(ordered) };
    });
}

function gpuRows(ordered: readonly Perf[]): object[] | null {
  const readings = ordered.flatMap(({ gpus }) => gpus ?? []);
  const ids = [...new Set(readings.map(({ id }) => id))].toSorted((a, b) => a - b);
  if (ids.length === 0) return null;
  return ids.map((id) => {
    const own = readings.filter((reading) => reading.id === id);
    const { name, uuid } = own.at(-1) ?? {};
    return { id, name, uuid, ...stats(GPU_METRICS, own) };
  });
}

function sysRow(ordered: readonly Perf[]): object | null {
  const known = ordered.flatMap(({ ts, sys }) => (sys === null ? [] : { ts, sys }));
  if (known.length === 0) return null;
  let rxBytes = 0;
  let txBytes = 0;
  let spanS = 0;
  let isPaired = false;
  for (const [index, { ts, sys }] of known.entries()) {
    const before = known[index - 1];
    if (before === undefined) continue;
    const pairs = sys.net.flatMap((now) => {
      const old = before.sys.net.find(({ name }) => name === now.name);
      return old === undefined || /^lo/i.test(now.name) ? [] : { now, old };
    });
    if (pairs.length === 0) continue;
    isPaired = true;
    spanS += (Date.parse(ts) - Date.parse(before.ts)) / 1_000;
    for (const { now, old } of pairs) {
      rxBytes += now.rxBytes >= old.rxBytes ? now.rxBytes - old.rxBytes : now.rxBytes;
      txBytes += now.txBytes >= old.txBytes ? now.txBytes - old.txBytes : now.txBytes;
    }
  }
  const readings = known.map(({ sys }) => sys);
  return { ...stats(SYS_METRICS, readings), ...(isPaired ? { net: { rxBytes, txBytes, spanS } } : {}) };
}

function stats<M extends string>(
  metrics: readonly M[],
  readings: readonly Record<M, number | null>[],
): Record<string, object> {
  const found: Record<string, object> = {};
  for (const metric of metrics) {
    const values = readings.flatMap((reading) => reading[metric] ?? []);
    if (values.length === 0) continue;
    const avg = values.reduce((a, b) => a + b, 0) / values.length;
    found[metric] = {
      avg: Math.round(avg * 1e6) / 1e6,
      max: Math.max(...values),
      min: Math.min(...values),
      count: values.length,
    };
  }
  return found;
}
