import type { Action } from '@boocontrol/contracts';
import { isOpen, type Actions } from '../live/actions';

/** What is remembered over a reload; a browser may refuse it. */
interface Memory {
  read: () => string | null;
  write: (text: string) => void;
}

interface Surroundings {
  memory: Memory;
  /** What the server told last. */
  actions: () => Actions | null;
  /** Says what became of one. */
  tell: (action: Action) => void;
}

/** The actions that were asked for on this page: what becomes of each is said once. */
export function createOwnActions({ memory, actions, tell }: Surroundings) {
  const awaited = new Set(readIds(memory.read()));
  const told = new Set<string>();

  const keep = (): void => memory.write(JSON.stringify([...awaited]));
  const end = (action: Action): void => {
    awaited.delete(action.id);
    keep();
    if (told.has(action.id)) return;
    told.add(action.id);
    tell(action);
  };
  /** Says what has ended of what is awaited. */
  const look = (): void => {
    if (awaited.size === 0) return;
    for (const action of actions()?.ended ?? []) if (awaited.has(action.id)) end(action);
  };

  return {
    look,
    /** One that was asked for, as the answer told it. */
    expect(action: Action): void {
      awaited.add(action.id);
      if (isOpen(action)) {
        keep();
        look();
      } else end(action);
    },
  };
}

/** What is remembered may be of another version. */
function readIds(text: string | null): string[] {
  try {
    const ids = JSON.parse(text ?? '[]') as unknown;
    return Array.isArray(ids) ? ids.filter((id) => typeof id === 'string') : [];
  } catch {
    return [];
  }
}
