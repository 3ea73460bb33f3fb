/** NATS refuses messages over 1 MB; a page stays below that, its envelope included. */
export const MAX_REPLY_BYTES = 800 * 1024;

/** As many rows from the front as fit (at least one), so that a page of rows with long texts is shorter instead of lost. */
export function fitPage<T>(rows: readonly T[], maxBytes: number = MAX_REPLY_BYTES): T[] {
  let bytes = 0;
  const end = rows.findIndex((row, index) => {
    bytes += Buffer.byteLength(JSON.stringify(row)) + 1;
    return bytes > maxBytes && index > 0;
  });
  return end === -1 ? [...rows] : rows.slice(0, end);
}

/**
 * The page that an answer holds, and where the next one begins.
 * @param found in the order of the pages; more than `limit` of them when there are more
 * @param cursorOf the cursor behind a row
 * @returns nextCursor null when the page ends with the last row of `found`
 */
export function pageOf<T>(
  found: readonly T[],
  limit: number,
  cursorOf: (last: T) => string,
): { page: T[]; nextCursor: string | null } {
  const page = fitPage(found.slice(0, limit));
  const last = page.at(-1);
  return { page, nextCursor: last === undefined || page.length === found.length ? null : cursorOf(last) };
}
