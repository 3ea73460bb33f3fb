'use client';
import type { ActivityEntry } from '@boocontrol/contracts';
import { duration, spoken } from '../../format/number';
import { timeSpent, type Part, type Phase } from './time-spent';
import { useDispatchOf, useLoadSeen } from './use-span';

const LOOK: Readonly<Record<Phase, { word: string; fill: string }>> = {
  queue: { word: 'queued', fill: 'bg-busy/45' },
  before: { word: 'other hosts first', fill: 'bg-error/70' },
  load: { word: 'loading the model', fill: 'bg-busy' },
  prompt: { word: 'reading the prompt', fill: 'bg-accent/45' },
  generation: { word: 'generating', fill: 'bg-accent' },
  rest: { word: 'the rest', fill: 'hatched' },
};
/** What makes up so much of it is what the answer is: its words stand out. */
const WORD_SHARE = 0.2;

/** Why it took so long: what its time was spent with, and what of that is not known. */
export function TimeSpent({ entry }: { entry: ActivityEntry }) {
  const load = useLoadSeen(entry);
  const dispatch = useDispatchOf(entry);
  const isKnown = load !== undefined && dispatch !== undefined;
  const { totalMs, parts, unknown } = timeSpent(entry.row, dispatch ?? null, load ?? null);
  if (totalMs <= 0) return null;
  const whole = Math.max(
    totalMs,
    parts.reduce((sum, { ms }) => sum + ms, 0),
  );
  const total = duration(totalMs);
  return (
    <section aria-label="Its time" data-testid="time-spent" className="mb-4" aria-busy={!isKnown}>
      <div className="flex items-end gap-3">
        <p className="inst text-2xl leading-none">
          {total.value}
          <span className="unit">{total.unit}</span>
        </p>
        <div aria-hidden className="flex h-5 min-w-0 flex-1 gap-px overflow-hidden rounded-sm bg-s3 text-2xs">
          {parts.map(({ phase, ms }) => (
            <span
              key={phase}
              className={`min-w-0.5 ${LOOK[phase].fill}`}
              style={{ width: `${(ms / whole) * 100}%` }}
            />
          ))}
        </div>
      </div>
      <ul className="num mt-2 flex flex-wrap gap-x-4 gap-y-1 text-xs text-fg2">
        {parts.map((part) => (
          <PartWords key={part.phase} part={part} whole={whole} />
        ))}
      </ul>
      {isKnown && unknown.length > 0 && (
        <p className="mt-1 text-2xs text-fg3">
          {unknown.join(' ')}{' '}
          {parts.some(({ phase }) => phase === 'rest') && 'What is not known is part of the rest.'}
        </p>
      )}
    </section>
  );
}

function PartWords({ part: { phase, ms, note }, whole }: { part: Part; whole: number }) {
  const { word, fill } = LOOK[phase];
  return (
    <li className={`inline-flex items-center gap-1.5 ${ms / whole >= WORD_SHARE ? 'text-fg' : ''}`}>
      <span aria-hidden className={`size-2 shrink-0 rounded-xs ${fill}`} />
      <span>
        {word} <span className="font-medium">{spoken(duration(ms))}</span>
        {note !== null && <span className="text-fg3">, {note}</span>}
      </span>
    </li>
  );
}
