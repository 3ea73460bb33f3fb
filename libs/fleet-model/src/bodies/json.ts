/** Reading JSON that somebody else wrote: everything is unknown until it is looked at. */
export type Json = Readonly<Record<string, unknown>>;

/** undefined when the text is no JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
/** JSON of a value that came as JSON. */
export function jsonOf(value: unknown): string {
  try {
    return JSON.stringify(value) ?? '';
  } catch {
    // JSON.parse takes any depth, JSON.stringify does not.
    return '(nested too deeply to be written)';
  }
}
export const asObject = (value: unknown): Json | null =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : null;
export const asList = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
export const objectsIn = (values: readonly unknown[]): Json[] =>
  values.map(asObject).filter((value) => value !== null);
export const asText = (value: unknown): string | null => (typeof value === 'string' ? value : null);
