import type { Score } from '@boocontrol/contracts';
import { fits } from '@boocontrol/fleet-model';

/** Answers are kept for so many models and categories; beyond, all of them are looked up anew. */
const MAX_KEPT = 10_000;

/** The scores at one moment, asked for again and again. */
export class Scores {
  private readonly byCategory = new Map<string | null, Score[]>();
  private readonly kept = new Map<string, Score | null>();

  constructor(scores: Iterable<Score>) {
    for (const score of scores) {
      const there = this.byCategory.get(score.category);
      if (there === undefined) this.byCategory.set(score.category, [score]);
      else there.push(score);
    }
    for (const there of this.byCategory.values()) there.sort(bestFirst);
  }

  /**
   * null: it was never measured. Of scores of its own id one of this host comes first, then one of no host, then one of
   * another host; patterns come after all of them.
   *
   * @param category null: the overall one
   * @param providerId null: at whatever host
   */
  find(model: string, category: string | null, providerId: string | null = null): Score | null {
    const scores = this.byCategory.get(category);
    if (scores === undefined) return null;
    // No category and no id of a host has a space.
    const key = `${category ?? ''} ${providerId ?? ''} ${model}`;
    const known = this.kept.get(key);
    if (known !== undefined) return known;
    const own = scores.filter((score) => score.model === model);
    const found =
      own.find((score) => score.providerId === providerId) ??
      own.find((score) => score.providerId === undefined) ??
      own[0] ??
      scores.find((score) => isOf(providerId, score) && fits(score.model, model)) ??
      null;
    if (this.kept.size >= MAX_KEPT) this.kept.clear();
    this.kept.set(key, found);
    return found;
  }

  /** Of every category that the model was measured in, the overall one first. */
  of(model: string): Score[] {
    return [...this.byCategory.keys()].sort(byName).flatMap((category) => this.find(model, category) ?? []);
  }

  /** By category, the overall ones first, then by model. */
  list(): Score[] {
    return [...this.byCategory]
      .sort(([a], [b]) => byName(a, b))
      .flatMap(([, scores]) => scores.toSorted((a, b) => byName(a.model, b.model) || bestFirst(a, b)));
  }
}

const isOf = (providerId: string | null, score: Score): boolean =>
  score.providerId === undefined || score.providerId === providerId;

/** The longer a pattern, the more it means this model; then the newer one, and in the end always the same one. */
function bestFirst(a: Score, b: Score): number {
  const newer = Date.parse(b.measuredAt) - Date.parse(a.measuredAt);
  return b.model.length - a.model.length || newer || byName(textOf(a), textOf(b));
}

const textOf = ({ model, by, low, mean, high, n }: Score): string =>
  JSON.stringify([model, by, low, mean, high, n]);

const byName = (a: string | null, b: string | null): number =>
  (a ?? '') < (b ?? '') ? -1 : (a ?? '') > (b ?? '') ? 1 : 0;
