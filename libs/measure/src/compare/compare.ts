import {
  type Cell,
  type Comparison,
  definitionOf,
  type FigureKey,
  FIGURES,
  type Judgement,
  type Pollution,
  type Result,
} from '@boocontrol/contracts';
import { differences } from '../run/fingerprint.js';
import { seeded } from '../stats/random.js';
import { judge, levelFor } from './verdict.js';

/** Reasons for which no figure of a cell says anything of the speed of a host. */
const SPOILS: ReadonlySet<Pollution> = new Set(['cached', 'not_cached', 'prompt_length']);
/** Further ones, for what counts from the moment when a request was due: times between tokens do not know it. */
const SPOILS_WAITING: ReadonlySet<Pollution> = new Set([...SPOILS, 'sent_late']);
const WAITING: ReadonlySet<FigureKey> = new Set(['ttftMs']);

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
    return { cell: cell.name, figure, ...unspoilt(judgement, figure, before, cell) };
  });
  return {
    baseline: baseline && { runId: baseline.runId, startedAt: baseline.startedAt },
    changed: baseline ? differences(baseline.fingerprint, now.fingerprint) : [],
    judged,
    regressed: judged.filter(({ verdict }) => verdict === 'regressed').length,
  };
}

/** A verdict from polluted figures is none. */
function unspoilt(judgement: Judgement, figure: FigureKey, before: Cell | undefined, now: Cell): Judgement {
  if (judgement.verdict === 'no_baseline') return judgement;
  const spoils = WAITING.has(figure) ? SPOILS_WAITING : SPOILS;
  const spoilt = [before, now].find((cell) => cell?.pollution.some(({ reason }) => spoils.has(reason)));
  if (!spoilt) return judgement;
  const reason = spoilt === now ? 'this run is polluted' : 'the baseline is polluted';
  return { ...judgement, verdict: 'inconclusive', reason };
}
