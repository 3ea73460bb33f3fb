import type {
  BenchTarget,
  EvalRun,
  EvalRunEstimate,
  EvalSample,
  EvalSampler,
  EvalStarted,
  EvalSuite,
  EvalSuiteHead,
  ImportedEvalSuite,
} from '@boocontrol/contracts';
import { api, withQuery } from '../api/client';
import { refresh } from '../api/resource';

export const SUITES = '/evals/suites';
export const RUNS = '/evals/runs';
export const BOARD = '/evals/leaderboard';
export const SANDBOXES = '/evals/sandboxes';

/** @param hash null: the newest version */
export const suitePath = (name: string, hash: string | null = null): string =>
  withQuery(`${SUITES}/${encodeURIComponent(name)}`, { hash: hash ?? undefined });
export const runPath = (id: string): string => `${RUNS}/${encodeURIComponent(id)}`;
export const samplePath = (id: string, item: string, sample: number): string =>
  withQuery(`${runPath(id)}/samples/one`, { item, sample });
export const comparePath = (a: string, b: string): string => withQuery('/evals/compare', { a, b });
export const exportHref = (format: 'csv' | 'json' | 'md', category: string | null): string =>
  `/api${withQuery(`${BOARD}/export`, { format, category: category ?? undefined })}`;

export const runExportHref = (id: string, format: 'csv' | 'json' | 'md'): string =>
  `/api${runPath(id)}/export?format=${format}`;

export interface Wanted {
  suite: string;
  targets: BenchTarget[];
  samples?: number;
  items?: string[];
  sampler?: Partial<EvalSampler>;
  concurrency?: number;
}

// All of these throw ApiError when they are refused, or when no answer comes.

export const estimate = (body: Wanted, signal: AbortSignal): Promise<EvalRunEstimate> =>
  api('/evals/estimate', { method: 'POST', body, signal });

export const start = (body: Wanted, confirm: boolean): Promise<EvalStarted> =>
  api(RUNS, { method: 'POST', body: { ...body, confirm } });

export const resume = (id: string, confirm: boolean): Promise<EvalRun> =>
  api(`${runPath(id)}/resume`, { method: 'POST', body: { confirm } });

export const cancel = (id: string): Promise<EvalRun> => api(`${runPath(id)}/cancel`, { method: 'POST' });

export async function remove(id: string): Promise<void> {
  await api(runPath(id), { method: 'DELETE' });
  refresh(BOARD);
}

export async function regrade(id: string, item: string, sample: number): Promise<EvalSample> {
  const graded = await api<EvalSample>(withQuery(`${runPath(id)}/samples/one/regrade`, { item, sample }), {
    method: 'POST',
  });
  refresh(samplePath(id, item, sample));
  refresh(runPath(id));
  return graded;
}

export async function saveSuite(suite: EvalSuite, ifHash: string | null): Promise<EvalSuiteHead> {
  const saved = await api<EvalSuiteHead>(suitePath(suite.name), { method: 'PUT', body: { suite, ifHash } });
  refresh(SUITES);
  refresh(suitePath(suite.name));
  return saved;
}

export async function removeSuite(name: string): Promise<void> {
  await api(suitePath(name), { method: 'DELETE' });
  refresh(SUITES);
}

/** @param reason null: it is asked again */
export async function retireItem(
  { name, hash }: Pick<EvalSuiteHead, 'name' | 'hash'>,
  item: string,
  reason: string | null,
): Promise<void> {
  await api(`${suitePath(name)}/retire`, { method: 'POST', body: { hash, item, reason } });
  refresh(SUITES);
  refresh(suitePath(name));
}

export async function importSuite(body: {
  format: string;
  text: string;
  name: string;
  title: string;
  licence: string;
}): Promise<ImportedEvalSuite> {
  const made = await api<ImportedEvalSuite>(`${SUITES}/import`, { method: 'POST', body });
  refresh(SUITES);
  return made;
}
