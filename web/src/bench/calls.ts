import type {
  BenchBaseline,
  BenchEstimate,
  BenchRun,
  BenchSchedule,
  BenchScheduleInput,
  BenchStarted,
  BenchSuite,
  BenchTarget,
  RecordedTraffic,
  RecordedTrafficQuery,
  RerunCells,
  Suite,
} from '@boocontrol/contracts';
import { api, withQuery } from '../api/client';
import { refresh } from '../api/resource';

export const SUITES = '/bench/suites';
export const RUNS = '/bench/runs';
export const SCHEDULES = '/bench/schedules';
export const BASELINES = '/bench/baselines';
export const FASTEST = '/bench/fastest';

export const suitePath = (name: string): string => `${SUITES}/${encodeURIComponent(name)}`;
export const versionsPath = (name: string): string => `${suitePath(name)}/versions`;
export const runPath = (id: string): string => `${RUNS}/${encodeURIComponent(id)}`;
export const detailPath = (id: string, against: string | null): string =>
  withQuery(runPath(id), { against: against ?? undefined });
export const exportHref = (id: string, format: 'json' | 'csv' | 'md'): string =>
  `/api${runPath(id)}/export?format=${format}`;

export interface Wanted {
  suite: string;
  /** Absent: those that the suite names. */
  targets?: BenchTarget[];
}

// All of these throw ApiError when they are refused, or when no answer comes.

export const estimate = (body: Wanted, signal: AbortSignal): Promise<BenchEstimate> =>
  api('/bench/estimate', { method: 'POST', body, signal });

export const start = (body: Wanted, confirm: boolean): Promise<BenchStarted> =>
  api(RUNS, { method: 'POST', body: { ...body, confirm } });

export const rerun = (id: string, cells: RerunCells, confirm: boolean): Promise<BenchRun> =>
  api(`${runPath(id)}/rerun`, { method: 'POST', body: { cells, confirm } });

export const cancel = (id: string): Promise<BenchRun> => api(`${runPath(id)}/cancel`, { method: 'POST' });

export const remove = (id: string): Promise<null> => api(runPath(id), { method: 'DELETE' });

export async function setBaseline(id: string): Promise<BenchBaseline> {
  const set = await api<BenchBaseline>(`${runPath(id)}/baseline`, { method: 'PUT' });
  refresh(BASELINES);
  return set;
}

export async function dropBaseline({ suiteName, providerId, model }: BenchRun): Promise<void> {
  await api(withQuery(BASELINES, { suiteName, providerId, model }), { method: 'DELETE' });
  refresh(BASELINES);
}

export async function saveSuite(name: string, suite: Suite, ifHash: string | null): Promise<BenchSuite> {
  const saved = await api<BenchSuite>(suitePath(name), { method: 'PUT', body: { suite, ifHash } });
  refresh(SUITES);
  refresh(versionsPath(name));
  return saved;
}

export async function removeSuite(name: string): Promise<void> {
  await api(suitePath(name), { method: 'DELETE' });
  refresh(SUITES);
}

export const recordedTraffic = (body: RecordedTrafficQuery): Promise<RecordedTraffic> =>
  api('/bench/recorded-traffic', { method: 'POST', body });

export const importRun = (target: BenchTarget, output: string): Promise<BenchRun> =>
  api('/bench/imports', { method: 'POST', body: { ...target, output } });

export async function saveSchedule(id: string | null, body: BenchScheduleInput): Promise<BenchSchedule> {
  const saved = await api<BenchSchedule>(id === null ? SCHEDULES : `${SCHEDULES}/${id}`, {
    method: id === null ? 'POST' : 'PUT',
    body,
  });
  refresh(SCHEDULES);
  return saved;
}

export async function removeSchedule(id: string): Promise<void> {
  await api(`${SCHEDULES}/${id}`, { method: 'DELETE' });
  refresh(SCHEDULES);
}
