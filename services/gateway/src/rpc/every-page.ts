/** Page after page, until the last one. */
export async function* everyPage<P extends { nextCursor: string | null }>(
  ask: (cursor: string | undefined) => Promise<P>,
): AsyncGenerator<P> {
  let cursor: string | null | undefined;
  while (cursor !== null) {
    const page: P = await ask(cursor);
    yield page;
    cursor = page.nextCursor;
  }
}
