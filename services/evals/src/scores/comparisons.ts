import { calls, type EvalComparison, type EvalSuite } from '@boocontrol/contracts';
import { refuse } from '@boocontrol/platform';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Suites } from '../suites/suites.js';
import { compareItems, holm } from '../statistics/compare.js';
import { meanInterval } from '../statistics/interval.js';
import { outcomesOf, runsOfVersion } from './leaderboard.repository.js';
import { triesOf, type ItemOutcomes } from '../statistics/score.js';

interface Side {
  runId: string;
  providerId: string;
  model: string;
  suiteName: string;
  suiteHash: string;
}

/** How sure a difference has to be. */
const ALPHA = 0.05;

/** Runs held against one another. */
@Injectable()
export class Comparisons {
  constructor(
    @Inject(DataSource) private readonly db: DataSource,
    @Inject(Suites) private readonly suites: Suites,
  ) {}

  /** @throws {CallError} a run is not there, or they are of different versions */
  async compare(a: string, b: string): Promise<EvalComparison> {
    const [left, right] = await Promise.all([this.side(a), this.side(b)]);
    if (left.suiteName !== right.suiteName || left.suiteHash !== right.suiteHash)
      throw refuse(
        calls.compareEvals,
        'not_comparable',
        'These runs are of different suites or versions; scores of those are never compared.',
      );
    const { suiteName, suiteHash } = left;
    const others = (await runsOfVersion(this.db, suiteName, suiteHash)).map(({ id }) => id);
    const ids = [...new Set([a, b, ...others])];
    const found = await this.suites.find(suiteName, suiteHash);
    const families = familiesOf(found?.suite ?? null);
    const items = await outcomesOf(this.db, ids, families, found?.retired ?? new Set());
    const of = (id: string) => items.get(id) ?? [];
    const compared = compareItems(of(a), of(b));
    const pCorrected = correctedP(compared.p, [a, b], ids, of);
    const isTold = pCorrected !== null && pCorrected < ALPHA;
    const mean = compared.difference?.mean ?? 0;
    return {
      a: { ...headOf(left), pass1: shareOf(of(a), of(b)) },
      b: { ...headOf(right), pass1: shareOf(of(b), of(a)) },
      ...compared,
      pCorrected,
      verdict: !isTold || mean === 0 ? 'not_told_apart' : mean > 0 ? 'a_better' : 'b_better',
    };
  }

  private async side(id: string): Promise<Side> {
    const [row] = await this.db.query<Side[]>(
      `SELECT id AS "runId", provider_id AS "providerId", model, suite_name AS "suiteName", suite_hash AS "suiteHash"
       FROM evals.runs WHERE id = $1`,
      [id],
    );
    if (!row)
      throw refuse(calls.compareEvals, 'unknown_run', 'There is no such run; it may have been removed.');
    return row;
  }
}

/** p of one pair among those of all runs of the version. */
function correctedP(
  p: number | null,
  [a, b]: readonly [string, string],
  ids: readonly string[],
  of: (id: string) => ItemOutcomes[],
): number | null {
  if (p === null) return null;
  const ps = [p];
  for (const [place, one] of ids.entries())
    for (const other of ids.slice(place + 1)) {
      if ((one === a && other === b) || (one === b && other === a)) continue;
      ps.push(compareItems(of(one), of(other)).p ?? 1);
    }
  return holm(ps)[0] ?? p;
}

/** Share that one try passes of the items that count of both; nothing in common: none, and nothing is sure. */
function shareOf(items: readonly ItemOutcomes[], others: readonly ItemOutcomes[]) {
  const there = new Set(others.map(triesOf).flatMap(({ item, tries }) => (tries > 0 ? [item] : [])));
  const counted = items.map(triesOf).filter(({ item, tries }) => tries > 0 && there.has(item));
  if (counted.length === 0) return { mean: 0, low: 0, high: 1 };
  return meanInterval(
    counted.map(({ family, tries, passed }) => ({ family, value: passed / tries })),
    counted.reduce((sum, { tries }) => sum + tries, 0),
  );
}

export function familiesOf(suite: EvalSuite | null): Map<string, string> {
  return new Map(suite?.items.flatMap(({ id, family }) => (family === undefined ? [] : [[id, family]])));
}

const headOf = ({ runId, providerId, model }: Side) => ({ runId, providerId, model });
