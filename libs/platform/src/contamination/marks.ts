import type { Contamination } from '@boocontrol/contracts';
import type { Known } from './evidence.repository.js';
import { match, type Expected, type Row } from './matching.js';

/** Whether the host has told of every request of ours that was answered; it may say nothing of others. */
export function isAllTold({ sent, heard }: Pick<Known, 'sent' | 'heard'>, expected: Expected): boolean {
  const rows = heard.flatMap(({ key, kind, startedMs, endedMs, body }): Row[] =>
    kind === 'request' ? [{ key, startedMs, endedMs, ...body }] : [],
  );
  const paired = new Set(match(rows, sent, expected).pairs.map(({ ours }) => ours));
  return sent.every(({ outputTokens }, index) => outputTokens === null || paired.has(index));
}

export const isSameMarks = (a: readonly Contamination[], b: readonly Contamination[]): boolean =>
  a.length === b.length &&
  a.every(({ kind, at, what }, index) => {
    const other = b[index];
    return other !== undefined && other.kind === kind && other.at === at && other.what === what;
  });
