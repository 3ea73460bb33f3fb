'use client';
import type { BenchEstimate } from '@boocontrol/contracts';
import { hostName } from '../control/names';
import { plural } from '../format/number';
import { WarningIcon } from '../ui/icons';
import { aboutWords } from '../runs/run-words';

const FROM: Readonly<Record<BenchEstimate['targets'][number]['from'], string>> = {
  runs: 'by earlier runs',
  activity: 'by requests of the last days',
  guess: 'a guess: nothing is known of it yet',
};

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
          <Target key={`${target.providerId}/${target.model}`} target={target} />
        ))}
      </ul>
    </div>
  );
}

function Target({ target }: { target: BenchEstimate['targets'][number] }) {
  const { providerId, model, cells, seconds, from, mustLoad, unloads, disturbs, objection } = target;
  const effects = [
    ...(mustLoad ? ['It is not loaded, so that is done first, and measured apart.'] : []),
    ...(unloads.length > 0 ? [`${unloads.join(', ')} went for it when it was loaded before.`] : []),
    ...(disturbs.length > 0 && objection?.code !== 'host_busy'
      ? [`Used in the last minutes by ${disturbs.join(', ')}.`]
      : []),
  ];
  return (
    <li className="min-w-0 rounded-md border px-3 py-2 text-sm">
      <p className="[overflow-wrap:anywhere]">
        {hostName(providerId)}: <code className="font-mono text-xs">{model}</code>
      </p>
      <p className="text-xs text-fg2">
        {plural(cells, 'cell')}, {aboutWords(seconds)} ({FROM[from]}).
        {effects.length === 0 && !objection && ' Nobody is disturbed.'}
      </p>
      {effects.map((effect) => (
        <p key={effect} className="text-xs text-fg2 [overflow-wrap:anywhere]">
          {effect}
        </p>
      ))}
      {objection && (
        <p className="mt-1 flex gap-1.5 text-xs text-busy">
          <WarningIcon className="mt-0.5 size-3.5 shrink-0" />
          <span className="min-w-0 [overflow-wrap:anywhere]">{objection.message}</span>
        </p>
      )}
    </li>
  );
}
