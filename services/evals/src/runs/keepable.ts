/** What a model says may hold what no database keeps. Pure. */

/** Without the NUL character, and without halves of characters. */
export const keepableText = (text: string): string => text.replace(/[\0\p{Cs}]/gu, '\uFFFD');

const DEPTH = 12;

/** The same for a value of JSON; what is nested deeper than is kept stands there as its text. */
export function keepableValue(value: unknown, depth = DEPTH): unknown {
  if (typeof value === 'string') return keepableText(value);
  if (typeof value !== 'object' || value === null) return value;
  if (depth === 0) return keepableText(JSON.stringify(value));
  if (Array.isArray(value)) return value.map((inner) => keepableValue(inner, depth - 1));
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [keepableText(key), keepableValue(inner, depth - 1)]),
  );
}

/** Its beginning and its end, and how much was left out between them. */
export function withoutMiddle(text: string, max: number): string {
  if (text.length <= max) return text;
  const half = Math.floor(max / 2);
  const left = text.length - 2 * half;
  return keepableText(`${text.slice(0, half)}\n… ${left} characters left out …\n${text.slice(-half)}`);
}
