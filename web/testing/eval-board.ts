import type {
  EvalComparison,
  EvalEstimate,
  EvalItemResult,
  FleetState,
  Leaderboard,
  LeaderboardRow,
  Score,
} from '@boocontrol/contracts';
import type { MadeEval } from './eval-runs.js';

const VRAM_PER_B = 640;
const NEWEST_BUILD = 'b11669';

const sizeOf = (model: string): number | null => {
  const found = /(\d+(?:\.\d+)?)b(?![a-z])/i.exec(model)?.[1];
  return found === undefined ? null : Number(found);
};

/** The newest whole run of each suite, model and host. */
function newestOf(runs: readonly MadeEval[]): MadeEval[] {
  const newest = new Map<string, MadeEval>();
  for (const made of runs) {
    const { suiteName, providerId, model, state, isWhole, score, createdAt } = made.run;
    if (state !== 'succeeded' || !isWhole || !score) continue;
    const key = `${suiteName} ${providerId} ${model}`;
    if ((newest.get(key)?.run.createdAt ?? '') < createdAt) newest.set(key, made);
  }
  return [...newest.values()];
}

/** @param hashes of the newest version of each suite, by its name */
export function boardOf(
  runs: readonly MadeEval[],
  hashes: ReadonlyMap<string, string>,
  fleet: FleetState,
  params: URLSearchParams,
): Leaderboard {
  const [category, suite] = [params.get('category'), params.get('suite')];
  const shown = newestOf(runs).filter(
    ({ run }) => (category ?? run.category) === run.category && (suite ?? run.suiteName) === run.suiteName,
  );
  const rows = new Map<string, LeaderboardRow>();
  for (const { run } of shown) {
    const { providerId, model, score, speed } = run;
    if (!score || !speed) continue;
    const host = fleet.hosts[providerId];
    const size = sizeOf(model);
    const row = rows.get(`${providerId} ${model}`) ?? {
      providerId,
      model,
      quant: run.quant,
      sizeB: size,
      vramMb: size === null ? null : Math.round(size * VRAM_PER_B + 2_300),
      vramReason: size === null ? 'Its host tells nothing of the memory of GPUs.' : null,
      loaded: host?.models.some(({ id, state }) => id === model && state === 'ready') ?? false,
      healthy: host?.liveness?.state === 'connected',
      scores: [],
    };
    const rivals = shown.flatMap(({ run: other }) =>
      other.suiteHash === run.suiteHash && other.score ? [other.score.pass1] : [],
    );
    row.scores.push({
      runId: run.id,
      suiteName: run.suiteName,
      suiteHash: run.suiteHash,
      category: run.category,
      score,
      rank: {
        from: 1 + rivals.filter(({ low }) => low > score.pass1.high).length,
        to: rivals.length - rivals.filter(({ high }) => high < score.pass1.low).length,
      },
      speed,
      at: run.endedAt ?? run.createdAt,
      isStale: hashes.get(run.suiteName) !== run.suiteHash || run.engineBuild !== NEWEST_BUILD,
    });
    rows.set(`${providerId} ${model}`, row);
  }
  const categories = [...new Set(shown.map(({ run }) => run.category))].toSorted();
  const [first] = categories;
  const meanOf = (row: LeaderboardRow): number =>
    row.scores.find((each) => each.category === first)?.score.pass1.mean ?? -1;
  for (const row of rows.values()) row.scores.sort((a, b) => (a.category < b.category ? -1 : 1));
  return {
    rows: [...rows.values()].toSorted((a, b) => meanOf(b) - meanOf(a)),
    categories,
    pareto: categories.map((each) => {
      const points = shown.flatMap(({ run }) =>
        run.category === each && run.score && run.speed?.genTps != null
          ? [{ id: run.id, y: run.score.pass1.mean, x: run.speed.genTps }]
          : [],
      );
      return {
        category: each,
        runIds: points
          .filter((a) => !points.some((b) => b.x >= a.x && b.y >= a.y && (b.x > a.x || b.y > a.y)))
          .map(({ id }) => id),
      };
    }),
  };
}

/** As the gateway's bucket has them. */
export const scoresOf = (board: Leaderboard): Score[] =>
  board.rows.flatMap(({ providerId, model, scores }) =>
    scores.map(({ runId, suiteName, suiteHash, category, score, speed, at }): Score => ({
      model,
      category,
      ...score.pass1,
      n: score.items,
      measuredAt: at,
      suite: { name: suiteName, hash: suiteHash },
      providerId,
      runId,
      ...(speed.genTps === null ? {} : { genTps: speed.genTps }),
      ...(speed.ttftMs === null ? {} : { ttftMs: speed.ttftMs }),
      by: `eval ${suiteName}`,
    })),
  );

const shareOf = ({ samples }: EvalItemResult): number | null => {
  const counted = samples.filter(
    ({ outcome }) => outcome !== null && outcome !== 'invalid' && outcome !== 'harness_error',
  );
  if (counted.length === 0) return null;
  return counted.filter(({ outcome }) => outcome === 'passed').length / counted.length;
};

/** Roughly as the service says it: the normal approximation, corrected for ten pairs. */
export function comparedEvals(a: MadeEval, b: MadeEval): EvalComparison {
  const pairs = a.items.flatMap((item) => {
    const other = b.items.find((each) => each.item === item.item);
    const [mine, theirs] = [shareOf(item), other ? shareOf(other) : null];
    return mine === null || theirs === null ? [] : [{ item: item.item, mine, theirs }];
  });
  const n = pairs.length;
  const mean = n === 0 ? 0 : pairs.reduce((sum, { mine, theirs }) => sum + mine - theirs, 0) / n;
  const spread = Math.sqrt(
    pairs.reduce((sum, { mine, theirs }) => sum + (mine - theirs - mean) ** 2, 0) / Math.max(1, n - 1),
  );
  const half = n === 0 ? 0 : (1.96 * spread) / Math.sqrt(n);
  const z = half === 0 ? 0 : (1.96 * Math.abs(mean)) / half;
  const p = Math.min(1, Math.exp(-0.717 * z - 0.416 * z * z));
  const pCorrected = Math.min(1, 10 * p);
  const told = pCorrected < 0.05;
  const side = (made: MadeEval): EvalComparison['a'] => ({
    runId: made.run.id,
    providerId: made.run.providerId,
    model: made.run.model,
    pass1: made.run.score?.pass1 ?? ({ mean: 0, low: 0, high: 1 } satisfies EvalEstimate),
  });
  return {
    a: side(a),
    b: side(b),
    items: n,
    difference: n === 0 ? null : { mean, low: Math.max(-1, mean - half), high: Math.min(1, mean + half) },
    p: n === 0 ? null : p,
    pCorrected: n === 0 ? null : pCorrected,
    method: a.run.k > 1 ? 'bootstrap' : 'mcnemar',
    verdict: !told ? 'not_told_apart' : mean > 0 ? 'a_better' : 'b_better',
    onlyA: pairs.filter(({ mine, theirs }) => mine > theirs).map(({ item }) => item),
    onlyB: pairs.filter(({ mine, theirs }) => theirs > mine).map(({ item }) => item),
  };
}
