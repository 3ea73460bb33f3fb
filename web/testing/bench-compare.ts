import type { BenchRunDetail, Comparison, FigureKey } from '@boocontrol/contracts';
import { definitionOf } from '@boocontrol/contracts';
import type { MadeRun } from './bench-runs.js';

const JUDGED: readonly FigureKey[] = ['genTps', 'ttftMs', 'tokensPerS'];
const LEAST = 0.1;

/** A run held against another, as the service says it; null: there is none. */
export function compared(
  now: MadeRun,
  before: MadeRun | null,
  chosen: boolean,
): BenchRunDetail['comparison'] {
  if (!before) return { baseline: null, changed: [], judged: [], regressed: 0, chosen: false };
  const judged = now.cells.flatMap((cell) =>
    JUDGED.flatMap((figure): Comparison['judged'] => {
      const mine = cell.figures[figure];
      const theirs = before.cells.find(({ name }) => name === cell.name)?.figures[figure];
      if (!mine) return [];
      const base = { cell: cell.name, figure };
      if (!theirs)
        return [
          {
            ...base,
            verdict: 'no_baseline',
            ratio: null,
            low: null,
            high: null,
            reason: 'The baseline has no such cell.',
          },
        ];
      const ratio = mine.median / theirs.median;
      const isBetter = definitionOf(figure).better === 'higher' ? ratio > 1 : ratio < 1;
      const verdict = Math.abs(ratio - 1) < LEAST ? 'same' : isBetter ? 'improved' : 'regressed';
      return cell.contamination.length > 0
        ? [
            {
              ...base,
              verdict: 'inconclusive',
              ratio,
              low: null,
              high: null,
              reason: 'The cell was contaminated.',
            },
          ]
        : [{ ...base, verdict, ratio, low: ratio * 0.98, high: ratio * 1.02, reason: null }];
    }),
  );
  const changed =
    now.run.engineBuild === before.run.engineBuild
      ? []
      : [`engine build ${before.run.engineBuild ?? 'unknown'} → ${now.run.engineBuild ?? 'unknown'}`];
  return {
    baseline: { runId: before.run.id, startedAt: before.run.startedAt ?? before.run.createdAt },
    changed,
    judged,
    regressed: judged.filter(({ verdict }) => verdict === 'regressed').length,
    chosen,
  };
}
