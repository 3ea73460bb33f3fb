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

/** The token of a lease that was acquired at this revision of a bucket whose stream was made then (see createdMicros). */
export function fencingTokenOf(createdUs: number, revision: number): string {
  return `${createdUs}.${revision}`;
}

/**
 * Microseconds since 1970 of the creation time that a NATS server tells of a stream (RFC 3339 with nanoseconds).
 * @throws {RangeError} when it is no such instant
 */
export function createdMicros(created: string): number {
  const [, seconds, fraction = ''] = /^(.+T\d{2}:\d{2}:\d{2})(?:\.(\d+))?Z$/.exec(created) ?? [];
  const ms = Date.parse(`${seconds}Z`);
  if (Number.isNaN(ms)) throw new RangeError(`"${created}" is no creation time of a stream`);
  return ms * 1_000 + Number(fraction.slice(0, 6).padEnd(6, '0'));
}

function parts(token: string): { created: number; revision: number } {
  const [, created, revision] = /^(\d{1,16})\.(\d{1,16})$/.exec(token) ?? [];
  if (created === undefined || revision === undefined) throw new RangeError(`"${token}" is no fencing token`);
  return { created: Number(created), revision: Number(revision) };
}
