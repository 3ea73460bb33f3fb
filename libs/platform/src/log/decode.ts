import type { z } from 'zod';

/** A message's JSON by its schema; what does not fit is a value with its reason, for the log. */
export function decode<T>(
  message: { json(): unknown },
  schema: z.ZodType<T>,
): { ok: true; value: T } | { ok: false; reason: string } {
  let body: unknown;
  try {
    body = message.json();
  } catch {
    return { ok: false, reason: 'not JSON' };
  }
  const parsed = schema.safeParse(body);
  if (parsed.success) return { ok: true, value: parsed.data };
  const [issue] = parsed.error.issues;
  return {
    ok: false,
    reason: `${issue?.path.map(String).join('.') ?? ''}: ${issue?.message ?? 'does not fit'}`,
  };
}
