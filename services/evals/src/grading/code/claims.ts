import { z } from 'zod';
import { isShallow } from '../../values/equal.js';

const short = z.string().max(10_000);
const LineSchema = z.object({
  t: z.int().min(0),
  i: z.int().min(-2),
  value: z
    .unknown()
    .refine((value) => isShallow(value))
    .optional(),
  throws: z.array(short).max(100).optional(),
  message: short.optional(),
  at: short.nullish(),
  end: z.union([z.number(), short]).optional(),
});

/** What came of a step, as the driver tells it, or whatever in the sandbox wrote a line like the driver's. */
export interface Claim {
  value: unknown;
  /** Null: it returned a value. */
  error: { names: readonly string[]; message: string; at: string | null } | null;
}

export interface TestClaims {
  /** By the number of the step; -1: the import. */
  steps: Map<number, Claim>;
  /** How its process ended: 0, another exit code, or words; null: that was never told. */
  end: number | string | null;
  /** Something was told twice, so somebody else than the driver told it: then nothing of it is believed. */
  isGarbled: boolean;
}

export interface Claims {
  tests: TestClaims[];
  /** What the code printed. */
  printed: string;
}

/** Takes the driver's lines out of what was printed. Never throws, whatever the text is. */
export function readClaims(stdout: string, key: string, tests: number): Claims {
  const claims: Claims = {
    tests: Array.from({ length: tests }, () => ({ steps: new Map(), end: null, isGarbled: false })),
    printed: '',
  };
  const parts = stdout.split(`\n${key} `);
  claims.printed = parts
    .map((part, index) => {
      if (index === 0) return part;
      const end = part.indexOf('\n');
      // A line without an end was cut.
      if (end < 0) return '';
      readLine(part.slice(0, end), claims.tests);
      return part.slice(end + 1);
    })
    .join('');
  return claims;
}

function readLine(text: string, tests: TestClaims[]): void {
  const parsed = LineSchema.safeParse(json(text));
  if (!parsed.success) return;
  const { t, i, value, throws, message, at, end } = parsed.data;
  const test = tests[t];
  if (test === undefined) return;
  if (i === -2) {
    if (test.end !== null) test.isGarbled = true;
    test.end = end ?? 'not told';
    return;
  }
  if (test.steps.has(i)) test.isGarbled = true;
  const error = throws === undefined ? null : { names: throws, message: message ?? '', at: at ?? null };
  test.steps.set(i, { value, error });
}

/** Undefined: it is none. */
function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
