import type { EvalFinding, Problem } from '@boocontrol/contracts';

const MAX_TEXT = 4_000;

/** Text that a database can keep, cut in its middle where it is longer than `max` characters. */
export function clean(text: string, max = MAX_TEXT): string {
  const kept = text.replaceAll('\0', '␀').replace(/\p{Cs}/gu, '�');
  if (kept.length <= max) return kept;
  const half = Math.floor((max - 40) / 2);
  const short = `${kept.slice(0, half)} … ${kept.length - 2 * half} characters … ${kept.slice(-half)}`;
  return short.replace(/\p{Cs}/gu, '�');
}

/** A value for a person: as JSON. */
export function shown(value: unknown): string {
  return clean(JSON.stringify(value) ?? 'nothing');
}

export function problem(code: string, message: string): Problem {
  return { code, message: clean(message, 1_000) };
}

export function finding(
  name: string,
  passed: boolean,
  expected: string | null = null,
  got: string | null = null,
): EvalFinding {
  return {
    name: clean(name, 300),
    passed,
    expected: expected === null ? null : clean(expected),
    got: got === null ? null : clean(got),
  };
}
