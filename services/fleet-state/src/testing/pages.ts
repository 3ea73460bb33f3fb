interface Page {
  nextCursor?: string | null | undefined;
}

/**
 * All pages of a question, from the first to the last.
 * @param between what happens after each page, while the next one is not asked for yet
 */
export async function everyPage<P extends Page>(
  ask: (cursor: string | undefined) => Promise<P>,
  between: (pages: number) => Promise<void> = async () => {},
): Promise<P[]> {
  const pages: P[] = [];
  for (let cursor: string | null | undefined; cursor !== null;) {
    const page: P = await ask(cursor);
    pages.push(page);
    cursor = page.nextCursor ?? null;
    if (cursor !== null) await between(pages.length);
  }
  return pages;
}

/** Bytes of an answer as the bus carries it, without its envelope. */
export const bytesOf = (answer: object): number => Buffer.byteLength(JSON.stringify(answer));

/** Which of the wanted are not among the told. */
export function missingIn(told: readonly string[], wanted: readonly string[]): string[] {
  const known = new Set(told);
  return wanted.filter((one) => !known.has(one));
}
