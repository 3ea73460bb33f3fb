import { asText, parseJson } from './json.js';

const QUOTED = /"([^"\\]*(?:\\.[^"\\]*)*)("|\\?$)/gs;

/** What people would read of JSON or of a piece of it: its texts without quotes and escapes. Other text is as it is. */
export function readable(text: string): string {
  if (!/^\s*[[{"]/.test(text)) return text;
  return text.replace(QUOTED, (_, inner: string) => ` ${unescaped(inner)} `).replace(/[{}[\]]+/g, ' ');
}

function unescaped(inner: string): string {
  return inner.includes('\\') ? (asText(parseJson(`"${inner}"`)) ?? inner) : inner;
}
