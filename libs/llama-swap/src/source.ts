import { UNATTRIBUTED } from '@boocontrol/contracts';

type Headers = Readonly<Record<string, string>>;

/** Case-insensitive: hosts send Go's canonical form, proxies what they like. */
export function headerOf(headers: Headers, name: string): string | undefined {
  const key = Object.keys(headers).find((candidate) => candidate.toLowerCase() === name);
  return key === undefined ? undefined : headers[key];
}

/** Into the form of SourceSchema; '' when nothing of it is left. */
function slug(text: string): string {
  return text
    .trim()
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, '-')
    .replace(/^[^a-z0-9]+/, '')
    .slice(0, 64)
    .replace(/[-._]+$/, '');
}

/** Languages and runtimes name themselves first and the program second. */
const GENERIC = new Set(['python', 'ruby', 'java', 'node', 'php', 'dart']);

/** Product token of a User-Agent, lower-cased; browsers are all `browser`. '' when there is none. */
function sourceOfUserAgent(userAgent: string): string {
  if (/^\s*(mozilla|opera)\//i.test(userAgent)) return 'browser';
  const sdk = /^\s*(?:async)?(openai|anthropic)\/(js|python|go|java|ruby)\b/i.exec(userAgent);
  if (sdk) return slug(`${sdk[1]}-${sdk[2]}`);
  const products = userAgent
    .replace(/\([^)]*\)/g, ' ')
    .split(/\s+/)
    .map((product) => slug(product.split('/')[0] ?? ''))
    .filter((product) => product !== '');
  const [first = '', second = ''] = products;
  return GENERIC.has(first) && second !== '' ? second : first;
}

/** Who sent a request: `X-Boo-Source`, else by the User-Agent, else `unattributed`. Always fits SourceSchema. */
export function sourceOf({ headers }: { headers: Headers }): string {
  return (
    slug(headerOf(headers, 'x-boo-source') ?? '') ||
    sourceOfUserAgent(headerOf(headers, 'user-agent') ?? '') ||
    UNATTRIBUTED
  );
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** The request to a gateway’s /v1 that a request came from, by its `x-boo-request-id`; null: it came from none. */
export function dispatchIdOf({ headers }: { headers: Headers }): string | null {
  const id = headerOf(headers, 'x-boo-request-id')?.trim().toLowerCase() ?? '';
  return UUID.test(id) ? id : null;
}
