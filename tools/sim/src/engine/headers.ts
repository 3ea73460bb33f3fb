import type { IncomingHttpHeaders } from 'node:http';

/** Headers whose values llama-swap blanks in captures and in-flight entries. */
const SENSITIVE = new Set(['authorization', 'proxy-authorization', 'cookie', 'set-cookie', 'x-api-key']);

/** Names that Go's server takes out of the header map. */
const PROMOTED = new Set(['host', 'transfer-encoding']);

/** One value for each name, names in Go's canonical form (`X-Boo-Source`), sensitive values blanked. */
export function headerMap(headers: IncomingHttpHeaders | Record<string, string>): Record<string, string> {
  const map: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    const first = Array.isArray(value) ? value[0] : value;
    const lower = name.toLowerCase();
    if (first === undefined || PROMOTED.has(lower)) continue;
    map[canonical(lower)] = SENSITIVE.has(lower) ? '[REDACTED]' : first;
  }
  return map;
}

function canonical(lower: string): string {
  return lower
    .split('-')
    .map((part) => part.charAt(0).toUpperCase() + part.slice(1))
    .join('-');
}
