import { SourceSchema } from '@boocontrol/contracts';

type Fetch = typeof globalThis.fetch;

/**
 * A fetch that says who asks (`X-Boo-Source`), so that requests are told by consumer. A request that says it itself keeps what
 * it says, and whatever else it is given (headers, body, signal, a Request) goes on as it came. For clients that take a fetch of
 * one's own: `new OpenAI({ fetch: withSource(fetch, 'my-app') })`, `createOpenAICompatible({ fetch: … })` of the AI SDK.
 *
 * @throws {RangeError} when `source` is none: 1 to 64 of a-z, 0-9, dot, hyphen and underscore, a letter or digit first
 */
export function withSource(fetch: Fetch, source: string): Fetch {
  if (!SourceSchema.safeParse(source).success)
    throw new RangeError(
      `"${source}" is no source: use 1 to 64 of a-z, 0-9, ".", "-" and "_", a letter or digit first`,
    );
  return (input, init) => {
    // Of a Request; undici's own is not the runtime's, so its class does not tell.
    const own =
      init?.headers ?? (typeof input === 'object' && 'headers' in input ? input.headers : undefined);
    const headers = new Headers(own);
    if (!headers.has('x-boo-source')) headers.set('x-boo-source', source);
    return fetch(input, { ...init, headers });
  };
}
