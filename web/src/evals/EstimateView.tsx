'use client';
import type { EvalRunEstimate } from '@boocontrol/contracts';
import { plural } from '../format/number';
import { EstimateTarget, FROM } from '../runs/EstimateTarget';
import { aboutWords } from '../runs/run-words';

/** How long it takes, and whom it disturbs. */
export function EstimateView({ estimate: { targets, seconds } }: { estimate: EvalRunEstimate }) {
  const samples = targets.reduce((sum, target) => sum + target.samples, 0);
  return (
    <div className="flex flex-col gap-2">
      <p className="text-sm">
        <strong className="font-semibold">{aboutWords(seconds)}</strong> for {plural(targets.length, 'model')}
        : {plural(samples, 'sample')} that are asked and graded.
      </p>
      <ul className="flex flex-col gap-2">
        {targets.map((target) => (
          <EstimateTarget
            key={`${target.providerId}/${target.model}`}
            target={target}
            what={`${plural(target.samples, 'sample')}, ${aboutWords(target.seconds)} (${FROM[target.from]})`}
            effects={target.mustLoad ? ['It is not loaded, so that is done first.'] : []}
          />
        ))}
      </ul>
    </div>
  );
}
