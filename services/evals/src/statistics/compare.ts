import type { EvalComparison } from '@boocontrol/contracts';
import { seeded, type Random } from '@boocontrol/measure';
import { meanOf } from './interval.js';
import { type ItemOutcomes, triesOf } from './score.js';

const Z = 1.959_963_985;
const ROUNDS = 4_000;

export type Compared = Pick<EvalComparison, 'items' | 'difference' | 'p' | 'method' | 'onlyA' | 'onlyB'>;

interface Pair {
  item: string;
  family: string;
  /** Shares passed, a − b. */
  difference: number;
}

/**
 * Two models by the items that count of both, paired: what is hard for both says nothing of which one is better.
 *
 * One try each of items that stand alone: McNemar's test, exact, and the interval of Bonett and Price (2012). Several tries
 * or families: bootstrap over families. The same input gives the same figures.
 */
export function compareItems(a: readonly ItemOutcomes[], b: readonly ItemOutcomes[]): Compared {
  const others = new Map(b.map((one) => [one.item, triesOf(one)]));
  let isPlain = true;
  const pairs: Pair[] = [];
  for (const one of a.map(triesOf)) {
    const other = others.get(one.item);
    if (!other || one.tries === 0 || other.tries === 0) continue;
    isPlain &&= one.tries === 1 && other.tries === 1;
    const difference = one.passed / one.tries - other.passed / other.tries;
    pairs.push({ item: one.item, family: one.family, difference });
  }
  const families = new Set(pairs.map(({ family }) => family)).size;
  const method = isPlain && families === pairs.length ? 'mcnemar' : 'bootstrap';
  const differences = pairs.map(({ difference }) => difference);
  return {
    items: pairs.length,
    method,
    onlyA: pairs.filter(({ difference }) => difference > 0).map(({ item }) => item),
    onlyB: pairs.filter(({ difference }) => difference < 0).map(({ item }) => item),
    ...(pairs.length === 0
      ? { difference: null, p: null }
      : method === 'mcnemar'
        ? mcnemar(differences)
        : bootstrap(pairs)),
  };
}

type Judged = Pick<EvalComparison, 'difference' | 'p'>;

function mcnemar(differences: readonly number[]): Judged {
  const n = differences.length;
  const better = differences.filter((difference) => difference > 0).length;
  const worse = differences.filter((difference) => difference < 0).length;
  const [up, down] = [(better + 1) / (n + 2), (worse + 1) / (n + 2)];
  const half = Z * Math.sqrt((up + down - (up - down) ** 2) / (n + 2));
  return {
    difference: around((better - worse) / n, up - down - half, up - down + half),
    p: Math.min(1, 2 * atMost(Math.min(better, worse), better + worse)),
  };
}

/** Chance of at most `few` heads in `n` throws of a fair coin. */
function atMost(few: number, n: number): number {
  let logChoose = 0;
  let sum = 0;
  for (let heads = 0; heads <= few; heads++) {
    sum += Math.exp(logChoose - n * Math.LN2);
    logChoose += Math.log(n - heads) - Math.log(heads + 1);
  }
  return sum;
}

function bootstrap(pairs: readonly Pair[]): Judged {
  const families = [...groupsOf(pairs).values()];
  const mean = meanOf(pairs.map(({ difference }) => difference));
  const random = seeded(pairs.length);
  const drawn = Float64Array.from({ length: ROUNDS }, () => drawnMean(families, random) - mean).sort();
  // Drawn groups vary less than groups do, by this.
  const wider = Math.sqrt(families.length / Math.max(1, families.length - 1));
  const at = (share: number) => (drawn[Math.round(share * (ROUNDS - 1))] ?? 0) * wider;
  const further = drawn.filter((off) => Math.abs(off * wider) >= Math.abs(mean) - 1e-12).length;
  return {
    difference: around(mean, mean - at(0.975), mean - at(0.025)),
    p: families.length < 2 ? 1 : (further + 1) / (ROUNDS + 1),
  };
}

interface Group {
  sum: number;
  items: number;
}

function groupsOf(pairs: readonly Pair[]): Map<string, Group> {
  const groups = new Map<string, Group>();
  for (const { family, difference } of pairs) {
    const group = groups.get(family) ?? { sum: 0, items: 0 };
    groups.set(family, { sum: group.sum + difference, items: group.items + 1 });
  }
  return groups;
}

function drawnMean(families: readonly Group[], random: Random): number {
  let sum = 0;
  let items = 0;
  for (let draw = 0; draw < families.length; draw++) {
    const group = families[Math.floor(random() * families.length)];
    sum += group?.sum ?? 0;
    items += group?.items ?? 0;
  }
  return sum / items;
}

function around(mean: number, low: number, high: number) {
  return { mean, low: Math.max(-1, Math.min(low, mean)), high: Math.min(1, Math.max(high, mean)) };
}

/** Holm's (1979) correction: the chance of any false alarm among all of these stays what each p is held against. */
export function holm(ps: readonly number[]): number[] {
  const order = ps.map((p, index) => ({ p, index })).sort((a, b) => a.p - b.p);
  const corrected = Array.from<number>({ length: ps.length });
  let least = 0;
  for (const [place, { p, index }] of order.entries()) {
    least = Math.max(least, Math.min(1, p * (ps.length - place)));
    corrected[index] = least;
  }
  return corrected;
}
