import type { Contamination } from '@boocontrol/contracts';
import type { Known } from './evidence.repository.js';
import { rowOf } from './judge.js';
import { match, type Expected } from './matching.js';

/** Whether the host has told of every request of ours that was answered; it may say nothing of others. */
export function isAllTold({ sent, heard }: Pick<Known, 'sent' | 'heard'>, expected: Expected): boolean {
  const paired = new Set(match(heard.flatMap(rowOf), sent, expected).pairs.map(({ ours }) => ours));
  return sent.every(({ outputTokens }, index) => outputTokens === null || paired.has(index));
}

export const isSameMarks = (a: readonly Contamination[], b: readonly Contamination[]): boolean =>
  a.length === b.length &&
  a.every(({ kind, at, what }, index) => {
    const other = b[index];
    return other !== undefined && other.kind === kind && other.at === at && other.what === what;
  });
