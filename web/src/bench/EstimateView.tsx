'use client';
import type { BenchEstimate } from '@boocontrol/contracts';
import { plural } from '../format/number';
import { EstimateTarget, FROM } from '../runs/EstimateTarget';
import { aboutWords } from '../runs/run-words';

/** How long it takes, and whom it disturbs. */
export function EstimateView({ estimate: { targets, seconds } }: { estimate: BenchEstimate }) {
  const requests = targets.reduce((sum, target) => sum + target.requests, 0);
  return (
    <div className="flex flex-col gap-2">
      <p className="text-sm">
        <strong className="font-semibold">{aboutWords(seconds)}</strong> for {plural(targets.length, 'model')}
        : {plural(requests, 'request')} that are measured.
      </p>
      <ul className="flex flex-col gap-2">
        {targets.map((target) => (
          <EstimateTarget
            key={`${target.providerId}/${target.model}`}
            target={target}
            what={`${plural(target.cells, 'cell')}, ${aboutWords(target.seconds)} (${FROM[target.from]})`}
            effects={effectsOf(target)}
          />
        ))}
      </ul>
    </div>
  );
}

const effectsOf = ({ mustLoad, unloads }: BenchEstimate['targets'][number]): string[] => [
  ...(mustLoad ? ['It is not loaded, so that is done first, and measured apart.'] : []),
  ...(unloads.length > 0 ? [`${unloads.join(', ')} went for it when it was loaded before.`] : []),
];
