import { readSheet, written } from './read-sheet';
import type { Sheet, Turn } from './types';

/** A kept sheet in the list. */
export interface Head {
  id: string;
  title: string;
  atMs: number;
  panes: number;
  /** Roughly: what is not text or a picture is small. */
  bytes: number;
}

const DATABASE = 'boo-playground';
const VERSION = 1;
/** Older ones go first. */
const MOST_SHEETS = 200;
const MOST_BYTES = 100 * 1024 * 1024;
const TITLE_CHARS = 80;

export const isEmpty = ({ panes }: Sheet): boolean => panes.every(({ turns }) => turns.length === 0);

const sizeOf = ({ text, reasoning, pictures }: Turn): number =>
  text.length + reasoning.length + pictures.reduce((sum, { url }) => sum + url.length, 0);

export function headOf(sheet: Sheet): Head {
  const turns = sheet.panes.flatMap((pane) => pane.turns);
  const first = turns.find(({ role }) => role === 'user') ?? turns[0];
  const words = (first?.text ?? '').trim().replace(/\s+/g, ' ');
  const title = words.length > TITLE_CHARS ? `${words.slice(0, TITLE_CHARS)}…` : words;
  const { id, atMs, panes } = sheet;
  return {
    id,
    title: title || 'Without words',
    atMs,
    panes: panes.length,
    bytes: turns.reduce((sum, turn) => sum + sizeOf(turn), 0),
  };
}

/** Those that have to go so that there is room. @param keep never goes */
export function surplus(heads: readonly Head[], keep: string): string[] {
  let [count, bytes] = [0, 0];
  return heads
    .toSorted((a, b) => Number(b.id === keep) - Number(a.id === keep) || b.atMs - a.atMs)
    .filter(({ id, bytes: own }) => {
      count += 1;
      bytes += own;
      return id !== keep && (count > MOST_SHEETS || bytes > MOST_BYTES);
    })
    .map(({ id }) => id);
}

/** Newest first. Heads that cannot be read are passed over. */
const listed = (values: readonly unknown[]): Head[] =>
  values
    .filter((value): value is Head => typeof (value as Partial<Head> | null)?.title === 'string')
    .toSorted((a, b) => b.atMs - a.atMs);

const answer = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('The database of the browser failed.'));
  });

/** The sheets of this browser, in its IndexedDB: pictures are too large for localStorage. */
export class Sheets {
  private constructor(private readonly db: IDBDatabase) {}

  /** null: this browser keeps nothing, as in a private window of some. */
  static async open(): Promise<Sheets | null> {
    try {
      const request = indexedDB.open(DATABASE, VERSION);
      request.onupgradeneeded = () => {
        request.result.createObjectStore('sheets');
        request.result.createObjectStore('heads');
      };
      const db = await answer(request);
      return db.objectStoreNames.contains('heads') && db.objectStoreNames.contains('sheets')
        ? new Sheets(db)
        : null;
    } catch {
      return null;
    }
  }

  close(): void {
    this.db.close();
  }

  async list(): Promise<Head[]> {
    const store = this.db.transaction('heads').objectStore('heads');
    return listed(await answer<unknown[]>(store.getAll()));
  }

  /** null: it is gone, or cannot be read. */
  async read(id: string): Promise<Sheet | null> {
    return readSheet(await answer<unknown>(this.db.transaction('sheets').objectStore('sheets').get(id)));
  }

  /**
   * Keeps it, unless another page has changed it since it was read here.
   * @returns whether it was kept
   */
  async write(sheet: Sheet): Promise<boolean> {
    const change = this.db.transaction(['sheets', 'heads'], 'readwrite');
    const [sheets, heads] = [change.objectStore('sheets'), change.objectStore('heads')];
    const before = readSheet(await answer<unknown>(sheets.get(sheet.id)));
    if (before && before.rev >= sheet.rev) return false;
    sheets.put(written(sheet), sheet.id);
    heads.put(headOf(sheet), sheet.id);
    const all = listed(await answer<unknown[]>(heads.getAll()));
    for (const id of surplus(all, sheet.id)) {
      sheets.delete(id);
      heads.delete(id);
    }
    await new Promise<void>((resolve, reject) => {
      change.oncomplete = () => resolve();
      change.onabort = () => reject(change.error ?? new Error('The browser has no room left.'));
    });
    return true;
  }

  async remove(id: string): Promise<void> {
    const change = this.db.transaction(['sheets', 'heads'], 'readwrite');
    change.objectStore('sheets').delete(id);
    await answer(change.objectStore('heads').delete(id));
  }
}
