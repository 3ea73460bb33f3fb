import { api } from './client';

/** An answer that is a page of something. */
interface Page {
  nextCursor?: string | null | undefined;
}

/** The rows of all pages that were asked for. */
export interface Rows<T> {
  rows: readonly T[];
  /** False: there are more, behind the last of these. */
  complete: boolean;
}

/** Of one question; a page holds thousands of rows, and more than these nobody can look at. */
const MOST_PAGES = 10;

/**
 * GET of every page of a path under /api, first to last, ten at most.
 * @throws {ApiError} when a page does not come
 */
export async function allPages<P extends Page, T>(
  path: string,
  rowsOf: (page: P) => readonly T[],
): Promise<Rows<T>> {
  const rows: T[] = [];
  let cursor: string | null = null;
  for (let pages = 0; pages < MOST_PAGES; pages++) {
    const page: P = await api<P>(cursor === null ? path : behind(path, cursor));
    rows.push(...rowsOf(page));
    cursor = page.nextCursor ?? null;
    if (cursor === null) return { rows, complete: true };
  }
  return { rows, complete: false };
}

/** The path of the page that begins at a cursor. */
export const behind = (path: string, cursor: string): string =>
  `${path}${path.includes('?') ? '&' : '?'}cursor=${encodeURIComponent(cursor)}`;
