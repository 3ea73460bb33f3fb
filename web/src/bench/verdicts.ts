import type { BenchRunDetail, Comparison, Verdict } from '@boocontrol/contracts';
import { plural } from '../format/number';

const ORDER: readonly Verdict[] = ['regressed', 'improved', 'inconclusive', 'same', 'no_baseline'];

/** What became worse first, then what changed at all. */
export const ordered = (judged: Comparison['judged']): Comparison['judged'] =>
  judged.toSorted((a, b) => ORDER.indexOf(a.verdict) - ORDER.indexOf(b.verdict));

const NOUN: Readonly<Record<Exclude<Verdict, 'no_baseline'>, string>> = {
  regressed: 'regressed',
  improved: 'improved',
  same: 'the same',
  inconclusive: 'inconclusive',
};

/** "2 figures regressed, 1 improved, 9 the same"; null: nothing was held against anything. */
export function summaryWords({ judged }: Pick<BenchRunDetail['comparison'], 'judged'>): string | null {
  const parts = ORDER.flatMap((verdict) => {
    const n = judged.filter((each) => each.verdict === verdict).length;
    return n === 0 || verdict === 'no_baseline' ? [] : [{ n, word: NOUN[verdict] }];
  });
  const [first, ...rest] = parts;
  if (!first) return null;
  return [`${plural(first.n, 'figure')} ${first.word}`, ...rest.map(({ n, word }) => `${n} ${word}`)].join(
    ', ',
  );
}
