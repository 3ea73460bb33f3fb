import { z } from 'zod';

/** A value, or why there is none: `invalid_json` (not UTF-8, not JSON), `invalid_schema` (each problem with its field). */
export type Decoded<T> =
  { ok: true; value: T } | { ok: false; code: 'invalid_json' | 'invalid_schema'; reason: string };

const decoder = new TextDecoder('utf-8', { fatal: true });

/** JSON by its schema, at every border. What does not fit is a value with its reason, never an exception. */
export function decodeJson<T>(json: Uint8Array | string, schema: z.ZodType<T>): Decoded<T> {
  let body: unknown;
  try {
    body = JSON.parse(typeof json === 'string' ? json : decoder.decode(json));
  } catch (error) {
    return {
      ok: false,
      code: 'invalid_json',
      reason: error instanceof Error ? error.message : String(error),
    };
  }
  const parsed = schema.safeParse(body);
  if (parsed.success) return { ok: true, value: parsed.data };
  return { ok: false, code: 'invalid_schema', reason: z.prettifyError(parsed.error) };
}
