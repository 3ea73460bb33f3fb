import type { CodeCompare } from '@boocontrol/contracts';
import { alike, canonical } from '../../values/equal.js';

/** Whether what a step returned is what was expected of it; both in the form that the drivers tell values in. */
export function isExpected(expected: unknown, got: unknown, how: CodeCompare = { as: 'exact' }): boolean {
  switch (how.as) {
    case 'exact':
      return alike(expected, got);
    case 'unordered':
      return (
        Array.isArray(expected) &&
        Array.isArray(got) &&
        alike(expected.map(canonical).sort(), got.map(canonical).sort())
      );
    case 'close':
      return alike(expected, got, (a, b) =>
        typeof a === 'number' && typeof b === 'number' ? isClose(a, b, how.within) : a === b,
      );
    case 'text':
      return typeof expected === 'string' && typeof got === 'string' && isSameText(expected, got);
  }
}

function isClose(expected: number, got: number, within: number): boolean {
  return Math.abs(got - expected) <= within * Math.max(1, Math.abs(expected));
}

/** The same apart from white space at the ends of lines and of it all. */
export function isSameText(a: string, b: string): boolean {
  return plain(a) === plain(b);
}

function plain(text: string): string {
  return text
    .split(/\r\n|\r|\n/)
    .map((line) => line.trimEnd())
    .join('\n')
    .trim();
}
