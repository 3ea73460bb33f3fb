import type { DryRun, DryRunChange, DryRunGap, RouteTerms } from '@boocontrol/contracts';
import { hostName } from '../control/names';
import { TERMS } from '../dispatch/dispatch-words';
import { count, plural } from '../format/number';
import { contributions } from './explain';

const GAP: Readonly<Record<DryRunGap, string>> = {
  left_out:
    'it would now let in what was left out then, before it was scored: its record does not say how good that was',
  host_changed: 'tags or prices of a host were changed since',
  quality: 'another category counts now, and what was known of it then is not recorded',
  ability: 'the record is from before it was noted which models are known to be able to do what was asked',
  cut: 'there were more candidates than a record holds, and one of the others may have been the best',
  rules: 'the version that decided is no longer known, or scored otherwise',
};
export const gapWords = (gap: DryRunGap): string => GAP[gap];

/** The whole of it in a sentence. */
export function sumWords({ requests, otherwise, same, untold }: DryRun): string {
  const of = `of ${plural(requests, 'request')}`;
  if (otherwise === 0 && untold === 0)
    return requests === 1
      ? 'It would have chosen the same for the only request.'
      : `It would have chosen the same for all ${count(requests)} requests.`;
  const rest = same === 0 ? '' : `, and the same in ${count(same)}`;
  if (untold === requests) return `Of none ${of} can it be told.`;
  return otherwise === 0
    ? `It would have chosen otherwise in none ${of}, as far as can be told${rest}.`
    : `It would have chosen otherwise in ${count(otherwise)} ${of}${rest}.`;
}

/** Parts of the score that matter less than this are not told. */
const LEAST = 0.005;
/** So many at most of each side. */
const MOST = 2;

const named = (parts: readonly (readonly [string, number])[]): string =>
  parts
    .slice(0, MOST)
    .map(([term, more]) => `${term} (${more > 0 ? '+' : '−'}${Math.abs(more).toFixed(2)})`)
    .join(' and ');

/** Why the draft chooses otherwise, in words. @param weights of the draft */
export function whyWords(change: DryRunChange, weights: RouteTerms): string {
  const { was, wouldBe, becomes } = change;
  const host = hostName(was.providerId);
  if (was.leftOutBy !== null) {
    const out =
      was.leftOutBy === 'too_expensive'
        ? `It costs too much on ${host}.`
        : `The policy leaves ${was.model} on ${host} out.`;
    if (becomes === 'nobody') return `${out} Nobody else could have taken it.`;
    return becomes === 'not_told' ? `${out} Whom it would have taken cannot be told.` : out;
  }
  if (wouldBe === null) return 'Another one comes out better; which of them cannot be told.';
  const [before, after] = [contributions(was.terms, weights), contributions(wouldBe.terms, weights)];
  // Its quality by another category is not in these terms.
  const isWhole = was.score !== null && wouldBe.score !== null;
  const parts = TERMS.map((term) => [term, after[term] - before[term]] as const);
  const more = parts.filter(([, by]) => by > LEAST).sort((a, b) => b[1] - a[1]);
  const less = parts.filter(([, by]) => by < -LEAST).sort((a, b) => a[1] - b[1]);
  if (!isWhole || more.length === 0) return 'It comes out better by the other category of quality.';
  return `More for ${named(more)}${less.length > 0 ? `, less for ${named(less)}` : ''}.`;
}
