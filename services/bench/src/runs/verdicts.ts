import type { BenchRunDetail, Judgement } from '@boocontrol/contracts';
import { compare } from '@boocontrol/measure';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import {
  chosenBaseline,
  comparable,
  lastClean,
  setRegressed,
  type Comparable,
} from './compared.repository.js';
import type { Verdict } from './held-runs.repository.js';

type HeldAgainst = BenchRunDetail['comparison'];

/** A fact holds no more. */
const WORST = 200;

/** Runs held against others: against the one that somebody chose, else the last clean one of the same fingerprint. */
@Injectable()
export class Verdicts {
  constructor(@Inject(DataSource) private readonly db: DataSource) {}

  /** @param against a run; absent: its baseline as that is now */
  async of(id: string, against?: string): Promise<HeldAgainst> {
    const now = await comparable(this.db, id);
    const chosen = against ?? (await chosenBaseline(this.db, id));
    const baselineId = chosen ?? (await lastClean(this.db, id));
    const baseline = baselineId === null ? null : await comparable(this.db, baselineId);
    return { ...heldAgainst(baseline, now), chosen: against === undefined && chosen !== null };
  }

  /** Of a run that has ended: what it is held against may have changed since. */
  async refresh(id: string): Promise<void> {
    const { regressed } = await this.ofEnding(id);
    await setRegressed(this.db, id, regressed);
  }

  /** What the row of a run that ends says of it. */
  async ofEnding(id: string): Promise<Verdict> {
    const { judged, regressed } = await this.of(id);
    if (judged.length === 0) return { regressed: null, worst: [] };
    const worst = judged
      .filter(({ verdict, ratio }) => verdict === 'regressed' && ratio !== null)
      .map(({ cell, figure, ratio }) => ({ cell, figure, ratio: ratio ?? 0 }))
      .toSorted((a, b) => badness(b.ratio) - badness(a.ratio))
      .slice(0, WORST);
    return { regressed, worst };
  }
}

/** How far from unchanged, whichever way is the bad one. */
const badness = (ratio: number): number => (ratio <= 0 ? Infinity : Math.abs(Math.log(ratio)));

/** Cell by cell. What something else may have touched is judged by nothing, and nothing by it. Pure. */
export function heldAgainst(
  baseline: Comparable | null,
  now: Comparable | null,
): Omit<HeldAgainst, 'chosen'> {
  if (now === null) return { baseline: null, changed: [], judged: [], regressed: 0 };
  const clean = baseline && {
    ...baseline,
    cells: baseline.cells.filter(({ name }) => !baseline.contaminated.includes(name)),
  };
  const { judged: all, ...rest } = compare(clean, now);
  const judged = all.map(({ cell, figure, ...judgement }) => {
    if (judgement.verdict === 'no_baseline') {
      const isLeftOut = baseline?.contaminated.includes(cell) === true;
      return {
        cell,
        figure,
        ...(isLeftOut ? inconclusive(judgement, 'the baseline is contaminated') : judgement),
      };
    }
    const isTouched = now.contaminated.includes(cell);
    return { cell, figure, ...(isTouched ? inconclusive(judgement, 'this run is contaminated') : judgement) };
  });
  return { ...rest, judged, regressed: judged.filter(({ verdict }) => verdict === 'regressed').length };
}

const inconclusive = (judgement: Judgement, reason: string): Judgement => ({
  ...judgement,
  verdict: 'inconclusive',
  reason,
});
