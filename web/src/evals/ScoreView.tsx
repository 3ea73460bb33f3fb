'use client';
import type { EvalEstimate, EvalRun } from '@boocontrol/contracts';
import { count, plural, rate } from '../format/number';
import { capital } from '../format/text';
import { OutcomeCounts } from './Outcomes';
import { ScoreBar } from './ScoreBar';
import { between, SCORE_MEANS } from './words';

/** What a run came to: each figure with its interval and a sentence on what it means. */
export function ScoreView({ run }: { run: EvalRun }) {
  const { score, speed, contaminated, outcomes } = run;
  if (!score)
    return (
      <p className="text-sm text-fg2">
        {run.done === 0
          ? 'There is no score yet: no sample has its outcome.'
          : 'There is no score: none of its samples counts, they are invalid or our own fault.'}
      </p>
    );
  const { k, pass1, passAtK, passHatK, items, families, samples, left } = score;
  return (
    <section aria-label="Score" className="flex min-w-0 flex-col gap-3">
      <div className="grid gap-4 sm:grid-cols-2 xl:grid-cols-4">
        <Figure name="pass@1" estimate={pass1} means={SCORE_MEANS.pass1} isFirst />
        {k > 1 && <Figure name={`pass@${k}`} estimate={passAtK} means={SCORE_MEANS.passAtK(k)} />}
        {k > 1 && <Figure name={`pass^${k}`} estimate={passHatK} means={SCORE_MEANS.passHatK(k)} />}
        {speed && (
          <div className="flex min-w-0 flex-col gap-1 rounded-lg border bg-s1 px-4 py-3">
            <span className="text-xs text-fg3">Speed meanwhile</span>
            <span className="inst text-2xl leading-8">
              {rate(speed.genTps)}
              <span className="unit">tokens/s</span>
            </span>
            <span className="text-xs text-fg2">
              {speed.ttftMs !== null && `First token after ${count(speed.ttftMs)} ms, `}
              {speed.concurrency === 1
                ? 'one request at a time'
                : `${plural(speed.concurrency, 'request')} at once`}
              {speed.outputTokens !== null && `, ${count(speed.outputTokens)} tokens an answer`}
              {contaminated > 0
                ? `. Of samples that nothing else touched; ${count(contaminated)} that others touched are not in it.`
                : '.'}
            </span>
          </div>
        )}
      </div>
      <OutcomeCounts outcomes={outcomes} />
      <p className="text-xs text-fg3">
        Of {plural(items, 'item')} in {plural(families, 'family', 'families')} and {plural(samples, 'sample')}
        {left > 0 && `; ${count(left)} more count for nothing, since they were invalid or our own fault`}.
        Intervals are of 95 %: they would hold the true share in 19 of 20 such runs.
      </p>
    </section>
  );
}

function Figure({
  name,
  estimate,
  means,
  isFirst = false,
}: {
  name: string;
  estimate: EvalEstimate;
  means: string;
  isFirst?: boolean;
}) {
  return (
    <div
      className={`flex min-w-0 flex-col gap-1 rounded-lg border bg-s1 px-4 py-3 ${isFirst ? 'border-accent/50' : ''}`}
    >
      <span className="text-xs text-fg3">{name}</span>
      <span className="flex items-baseline gap-3">
        <span className="inst text-2xl leading-8">
          {Math.round(100 * estimate.mean)}
          <span className="unit">%</span>
        </span>
        <span className="num text-xs text-fg2">{between(estimate)}</span>
      </span>
      <ScoreBar estimate={estimate} label={name} className="w-full" />
      <span className="text-xs text-fg2">{capital(means)}.</span>
    </div>
  );
}
