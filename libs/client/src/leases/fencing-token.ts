/**
 * A fencing token is `<created>.<revision>`: when the stream of the leases' bucket was made (microseconds since 1970) and the
 * revision at which the lease was acquired. Revisions begin again when the bus is wiped, so the first part goes first.
 * @returns below 0 when `a` is the older one, 0 when they are the same, above 0 when it is the newer one
 * @throws {RangeError} when either is no token
 */
export function compareFencingTokens(a: string, b: string): number {
  const [left, right] = [parts(a), parts(b)];
  return left.created - right.created || left.revision - right.revision;
}

function parts(token: string): { created: number; revision: number } {
  const [, created, revision] = /^(\d{1,16})\.(\d{1,16})$/.exec(token) ?? [];
  if (created === undefined || revision === undefined) throw new RangeError(`"${token}" is no fencing token`);
  return { created: Number(created), revision: Number(revision) };
}
