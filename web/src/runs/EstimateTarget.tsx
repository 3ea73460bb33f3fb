'use client';
import type { Problem } from '@boocontrol/contracts';
import { hostName } from '../control/names';
import { WarningIcon } from '../ui/icons';

/** What an estimate is reckoned from. */
export const FROM = {
  runs: 'by earlier runs',
  activity: 'by requests of the last days',
  guess: 'a guess: nothing is known of it yet',
} as const;

interface EstimateTargetProps {
  target: { providerId: string; model: string; disturbs: readonly string[]; objection: Problem | null };
  /** How much it is and how long it takes, without a full stop. */
  what: string;
  /** What happens to the host, a sentence each. */
  effects: readonly string[];
}

/** One model of an estimate: how long it takes, and whom it disturbs. */
export function EstimateTarget({ target, what, effects }: EstimateTargetProps) {
  const { providerId, model, disturbs, objection } = target;
  const all = [
    ...effects,
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
        {what}.{all.length === 0 && !objection && ' Nobody is disturbed.'}
      </p>
      {all.map((effect) => (
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
