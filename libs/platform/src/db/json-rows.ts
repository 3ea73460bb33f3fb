// PostgreSQL's text and jsonb take neither the NUL character nor half a surrogate pair; JSON.stringify writes both as escapes.
const SUSPECT = /\\u(?:0000|d[89a-f][0-9a-f]{2})/;
const UNSTORABLE = new RegExp(
  String.raw`\u0000|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]`,
  'g',
);

/**
 * Rows as the one parameter of `json_to_recordset($1::json)`, which costs a fifth less than its jsonb twin. What text and
 * jsonb cannot store becomes U+FFFD: a request whose error text holds a NUL is still a request.
 */
export function jsonRows(rows: readonly object[]): string {
  const text = JSON.stringify(rows);
  return SUSPECT.test(text) ? JSON.stringify(storable(rows)) : text;
}

function storable(value: unknown): unknown {
  if (typeof value === 'string') return value.replace(UNSTORABLE, '\ufffd');
  if (Array.isArray(value)) return value.map(storable);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [storable(key), storable(inner)]));
}
