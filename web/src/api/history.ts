import type { Gaps, ModelEvent, Totals } from '@boocontrol/contracts';
import { withQuery, type QueryValue } from './client';
import { allPages, type Rows } from './pages';
import { useResource, type Resource } from './resource';

type Query = Readonly<Record<string, QueryValue>>;
type Gap = Gaps['gaps'][number];
type Group = Totals['groups'][number];

/** Gaps, newest first. Thrown: ApiError. */
export const gapsOf = (path: string): Promise<Rows<Gap>> => allPages(path, ({ gaps }: Gaps) => gaps);
/** Events of models and hosts, newest first. Thrown: ApiError. */
export const eventsOf = (path: string): Promise<Rows<ModelEvent>> =>
  allPages(path, ({ events }: { events: ModelEvent[]; nextCursor: string | null }) => events);
const groupsOf = (path: string): Promise<Rows<Group>> => allPages(path, ({ groups }: Totals) => groups);

/** Gaps, newest first. */
export const useGaps = (query: Query, everyMs?: number): Resource<Rows<Gap>> =>
  useResource(withQuery('/gaps', query), everyMs, gapsOf);

/** Sums by group. */
export const useGroups = (query: Query): Resource<Rows<Group>> =>
  useResource(withQuery('/activity/totals', query), undefined, groupsOf);
