/** What is told as a whole each time it changes: of two copies the one with the higher version is newer. */
export interface Versioned {
  readonly id: string;
  readonly version: number;
  readonly providerId: string;
  /** null: it is still open. What has ended is never open again. */
  readonly endedAt: string | null;
}

/** Versions that are remembered of what is not kept any more, so that an old copy does not bring it back. */
const REMEMBERED = 10_000;

/**
 * The newest copy of everything that is open, and of the last few of each host that have ended. Copies may come from
 * wherever, late, twice and in any order.
 */
export class Newest<T extends Versioned> {
  private readonly kept = new Map<string, T>();
  private readonly forgotten = new Map<string, number>();

  /** @param keepEnded how many that have ended are kept for each host */
  constructor(private readonly keepEnded: number) {}

  /** In no particular order. */
  get items(): T[] {
    return [...this.kept.values()];
  }

  get openIds(): ReadonlySet<string> {
    return new Set(this.items.filter(isOpen).map(({ id }) => id));
  }

  /** Returns whether it is news: not when this copy, or a newer one, is known. */
  add(item: T): boolean {
    const known = this.kept.get(item.id)?.version ?? this.forgotten.get(item.id) ?? 0;
    if (item.version <= known) return false;
    this.forgotten.delete(item.id);
    this.kept.set(item.id, item);
    if (!isOpen(item)) this.prune(item.providerId);
    return true;
  }

  /**
   * Takes the answer to the question what there is. What was open before it was asked and is not in the answer has ended
   * out of sight, and is kept no longer.
   * @param openBefore `openIds` before the question was asked
   * @param open everything that is open, complete
   * @returns what is news, and whether something went without a word
   */
  settle(
    openBefore: ReadonlySet<string>,
    { open, ended }: { open: readonly T[]; ended: readonly T[] },
  ): { news: T[]; isGone: boolean } {
    const news = [...open, ...ended].filter((item) => this.add(item));
    const stillOpen = new Set(open.map(({ id }) => id));
    const gone = this.items.filter(
      (item) => isOpen(item) && openBefore.has(item.id) && !stillOpen.has(item.id),
    );
    for (const item of gone) this.forget(item);
    return { news, isGone: gone.length > 0 };
  }

  private prune(providerId: string): void {
    const ended = this.items.filter((item) => item.providerId === providerId && !isOpen(item));
    for (const item of ended.sort(lastFirst).slice(this.keepEnded)) this.forget(item);
  }

  private forget({ id, version }: T): void {
    this.kept.delete(id);
    this.forgotten.set(id, version);
    const [oldest] = this.forgotten.keys();
    if (oldest !== undefined && this.forgotten.size > REMEMBERED) this.forgotten.delete(oldest);
  }
}

const isOpen = ({ endedAt }: Versioned): boolean => endedAt === null;

/** Instants have one form, so they compare as text. */
function lastFirst(a: Versioned, b: Versioned): number {
  const [first, second] = [a.endedAt ?? '', b.endedAt ?? ''];
  if (first !== second) return first > second ? -1 : 1;
  return a.id < b.id ? -1 : 1;
}
