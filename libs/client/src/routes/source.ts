import { SourceSchema } from '@boocontrol/contracts';

type Fetch = typeof globalThis.fetch;

/**
 * A fetch that says who asks (`X-Boo-Source`), so that requests are told by consumer. A request that says it itself keeps what
 * it says. For clients that take a fetch of one's own: `new OpenAI({ fetch: withSource(fetch, 'my-app') })`.
 *
 * @throws {RangeError} when `source` is none: 1 to 64 of a-z, 0-9, dot, hyphen and underscore, a letter or digit first
 */
export function withSource(fetch: Fetch, source: string): Fetch {
  if (!SourceSchema.safeParse(source).success)
    throw new RangeError(
      `"${source}" is no source: use 1 to 64 of a-z, 0-9, ".", "-" and "_", a letter or digit first`,
    );
  return (input, init) => {
    const own = init?.headers ?? (input instanceof Request ? input.headers : undefined);
    const headers = new Headers(own);
    if (!headers.has('x-boo-source')) headers.set('x-boo-source', source);
    return fetch(input, { ...init, headers });
  };
}
