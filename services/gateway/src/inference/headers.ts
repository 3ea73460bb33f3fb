/** Names and values in turn, as Node and undici have raw headers. */
export type RawHeaders = readonly string[];

/** Between two neighbours only (RFC 9110, 7.6.1), and what we set ourselves. */
const HOP_BY_HOP = [
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
];
/**
 * Of the client, not for the host: what is meant for us; accept-encoding, for a compressed answer could not be read
 * beside the relay; what a browser says of our own page, which hosts that guard against foreign pages would refuse; and the
 * trace, which is said anew.
 */
const NOT_FORWARDED = new Set([
  ...HOP_BY_HOP,
  'accept-encoding',
  'authorization',
  'content-length',
  'cookie',
  'expect',
  'host',
  'origin',
  'referer',
  'sec-fetch-dest',
  'sec-fetch-mode',
  'sec-fetch-site',
  'traceparent',
  'tracestate',
  'x-api-key',
  'x-boo-hops',
  'x-boo-lease',
  'x-boo-prefix-inputs',
  'x-boo-request-id',
  'x-boo-source',
]);
/** Of the host, not for the client: hosts set no cookies here, and have no say about other origins. */
const NOT_RELAYED = new Set([
  ...HOP_BY_HOP,
  'set-cookie',
  'x-request-id',
  'alt-svc',
  'strict-transport-security',
]);

const NONE: ReadonlySet<string> = new Set();

function kept(raw: RawHeaders, isDropped: (lowerName: string) => boolean): string[] {
  const named = rawValue(raw, 'connection') === undefined ? NONE : namedByConnection(raw);
  const out: string[] = [];
  for (let at = 0; at < raw.length; at += 2) {
    const name = raw[at] ?? '';
    const lower = name.toLowerCase();
    if (!isDropped(lower) && !named.has(lower)) out.push(name, raw[at + 1] ?? '');
  }
  return out;
}

function namedByConnection(raw: RawHeaders): ReadonlySet<string> {
  const named = new Set<string>();
  for (let at = 0; at < raw.length; at += 2)
    if (raw[at]?.toLowerCase() === 'connection')
      for (const name of (raw[at + 1] ?? '').split(',')) named.add(name.trim().toLowerCase());
  return named;
}

/** What of a client's headers goes to the host, with what the host wants of us. */
export function hostHeaders(
  raw: RawHeaders,
  own: Readonly<Record<string, string>>,
  ours: Readonly<Record<string, string>>,
): string[] {
  const added = { ...ours, ...own };
  const names = Object.keys(added).map((name) => name.toLowerCase());
  const out = kept(raw, (name) => NOT_FORWARDED.has(name) || names.includes(name));
  for (const [name, value] of Object.entries(added)) out.push(name, value);
  return out;
}

/** What of a host's headers goes to the client. Names that begin with x-boo- are ours to say. */
export function relayedHeaders(raw: RawHeaders): string[] {
  return kept(
    raw,
    (name) => NOT_RELAYED.has(name) || name.startsWith('x-boo-') || name.startsWith('access-control-'),
  );
}

export function rawValue(raw: RawHeaders, name: string): string | undefined {
  for (let at = 0; at < raw.length; at += 2) if (raw[at]?.toLowerCase() === name) return raw[at + 1];
  return undefined;
}

/** A name of a model or a sentence as a header may say it: visible ASCII, not long. */
export function headerText(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, '?').slice(0, 200);
}

/** Seconds that a host asks to wait: a number, or a date (RFC 9110, 10.2.3). null: it does not say. */
export function retryAfterS(value: string | undefined, nowMs: number): number | null {
  if (value === undefined) return null;
  const seconds = /^\s*\d{1,6}\s*$/.test(value) ? Number(value) : (Date.parse(value) - nowMs) / 1_000;
  return Number.isFinite(seconds) ? Math.max(0, seconds) : null;
}

/** @param name in lower case */
export function without(raw: RawHeaders, name: string): string[] {
  const out: string[] = [];
  for (let at = 0; at < raw.length; at += 2) {
    const [key = '', value = ''] = [raw[at], raw[at + 1]];
    if (key.toLowerCase() !== name) out.push(key, value);
  }
  return out;
}
