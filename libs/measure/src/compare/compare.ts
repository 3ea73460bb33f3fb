import {
  type Cell,
  type Comparison,
  definitionOf,
  FIGURES,
  type Judgement,
  type Result,
} from '@boocontrol/contracts';
import { differences } from '../run/fingerprint.js';
import { seeded } from '../stats/random.js';
import { judge, levelFor } from './verdict.js';

/** Reasons for which a figure says nothing of the speed of a host. */
const SPOILS: ReadonlySet<string> = new Set(['cached', 'not_cached', 'prompt_length', 'sent_late']);

/** What of a run is held against another one. */
export type Compared = Pick<Result, 'runId' | 'startedAt' | 'fingerprint' | 'cells'>;

/** Cell by cell, by the figures that have a least effect. The same seed gives the same intervals. */
export function compare(baseline: Compared | null, now: Compared, seed = 1): Comparison {
  const random = seeded(seed);
  const figures = FIGURES.filter((key) => definitionOf(key).minEffect !== undefined);
  const pairs = now.cells.flatMap((cell) => figures.map((figure) => ({ cell, figure })));
  const measured = pairs.filter(({ cell, figure }) => cell.figures[figure] !== undefined);
  const judged = measured.map(({ cell, figure }) => {
    const { better, minEffect = 0 } = definitionOf(figure);
    const before = baseline?.cells.find(({ name }) => name === cell.name);
    const judgement = judge({
      base: before?.figures[figure]?.repetitions ?? null,
      now: cell.figures[figure]?.repetitions ?? [],
      better: better ?? 'higher',
      minEffect,
      level: levelFor(measured.length),
      random,
    });
    return { cell: cell.name, figure, ...unspoilt(judgement, before, cell) };
  });
  return {
    baseline: baseline && { runId: baseline.runId, startedAt: baseline.startedAt },
    changed: baseline ? differences(baseline.fingerprint, now.fingerprint) : [],
    judged,
    regressed: judged.filter(({ verdict }) => verdict === 'regressed').length,
  };
}

/** A verdict from polluted figures is none. */
function unspoilt(judgement: Judgement, before: Cell | undefined, now: Cell): Judgement {
  if (judgement.verdict === 'no_baseline') return judgement;
  const spoilt = [before, now].find((cell) => cell?.pollution.some(({ reason }) => SPOILS.has(reason)));
  if (!spoilt) return judgement;
  const reason = spoilt === now ? 'this run is polluted' : 'the baseline is polluted';
  return { ...judgement, verdict: 'inconclusive', reason };
}
