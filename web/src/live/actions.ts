import type { Action, ControlActions } from '@boocontrol/contracts';

/** What hosts are told to do, as the server told. */
export interface Actions {
  /** By host: what is under way there, in the order of the turns. */
  open: Readonly<Record<string, readonly Action[]>>;
  /** What has ended lately, newest first. */
  ended: readonly Action[];
  /** Why all this cannot be followed at the moment, in words; null: it can. */
  trouble: string | null;
}

export const isOpen = ({ state }: Pick<Action, 'state'>): boolean =>
  state === 'queued' || state === 'started';

/** Those that ended are also what tells a late copy from a new one; more of them nobody looks at here. */
const ENDED_MOST = 500;

/**
 * Takes a frame. Of each action the copy with the highest version stays, so that frames may come late or twice; what a
 * whole frame no longer has under way is not under way any more.
 */
export function takeActions(before: Actions | null, { type, actions, trouble }: ControlActions): Actions {
  const known = before ? [...Object.values(before.open).flat(), ...before.ended] : [];
  const told = new Set(actions.map(({ id }) => id));
  const newest = new Map<string, Action>();
  for (const action of known)
    if (type === 'changed' || !isOpen(action) || told.has(action.id)) newest.set(action.id, action);
  for (const action of actions)
    if (action.version > (newest.get(action.id)?.version ?? 0)) newest.set(action.id, action);
  const ended: Action[] = [];
  const open: Record<string, Action[]> = {};
  for (const action of newest.values())
    if (isOpen(action)) (open[action.providerId] ??= []).push(action);
    else ended.push(action);
  return {
    open: Object.fromEntries(
      Object.entries(open).map(([id, list]) => [id, same(before?.open[id], list.toSorted(byTurn))]),
    ),
    ended: same(before?.ended, ended.toSorted(newestFirst).slice(0, ENDED_MOST)),
    trouble,
  };
}

/** The list from before when it holds the same, so that who shows it need not draw it anew. */
const same = (before: readonly Action[] | undefined, after: readonly Action[]): readonly Action[] =>
  before?.length === after.length && before.every((action, i) => action === after[i]) ? before : after;

const byTurn = (a: Action, b: Action): number =>
  (a.turn ?? Number.MAX_SAFE_INTEGER) - (b.turn ?? Number.MAX_SAFE_INTEGER) ||
  compare(a.createdAt, b.createdAt) ||
  compare(a.id, b.id);

/** What ended last comes first; instants are text that sorts. */
export const newestFirst = (a: Action, b: Action): number =>
  compare(b.endedAt ?? '', a.endedAt ?? '') || compare(b.id, a.id);

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
