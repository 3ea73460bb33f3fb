'use client';
import type { RouteFact } from '@boocontrol/contracts';
import { duration, spoken } from '../format/number';
import { Part } from '../ui/Part';
import { stretchesOf, type Stretch } from './time-line';

const LOOK: Readonly<Record<Stretch['kind'], { word: string; fill: string }>> = {
  queue: { word: 'waited for a place', fill: 'bg-busy/60' },
  failed: { word: 'attempts that failed', fill: 'bg-error/70' },
  silent: { word: 'until the first byte', fill: 'bg-line-strong' },
  answer: { word: 'answer', fill: 'bg-accent' },
};
const KINDS = ['queue', 'failed', 'silent', 'answer'] as const;

/** What a request spent its time with, on one line from when it came to its end. */
export function TimeLine({ dispatch }: { dispatch: RouteFact }) {
  const { durationMs, firstContentMs } = dispatch;
  const stretches = stretchesOf(dispatch);
  if (durationMs <= 0 || stretches.length === 0) return null;
  const share = (ms: number): string => `${(Math.min(ms, durationMs) / durationMs) * 100}%`;
  return (
    <Part title="Its time">
      <div aria-hidden className="relative h-4">
        <div className="absolute inset-x-0 top-1 h-2 overflow-hidden rounded-sm bg-s3">
          {stretches.map(({ kind, fromMs, toMs }) => (
            <div
              key={fromMs}
              className={`absolute inset-y-0 min-w-0.5 ${LOOK[kind].fill}`}
              style={{ left: share(fromMs), width: share(toMs - fromMs) }}
            />
          ))}
        </div>
        {firstContentMs !== null && (
          <div className="absolute inset-y-0 w-0.5 bg-fg" style={{ left: share(firstContentMs) }} />
        )}
      </div>
      <ul className="num mt-1.5 flex flex-wrap gap-x-4 gap-y-1 text-xs text-fg2">
        {KINDS.map((kind) => {
          const ms = stretches
            .filter((stretch) => stretch.kind === kind)
            .reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0);
          return ms === 0 ? null : (
            <li key={kind} className="inline-flex items-center gap-1.5">
              <span aria-hidden className={`size-2 rounded-xs ${LOOK[kind].fill}`} />
              {LOOK[kind].word} {spoken(duration(ms))}
            </li>
          );
        })}
        {firstContentMs !== null && (
          <li className="inline-flex items-center gap-1.5">
            <span aria-hidden className="h-3 w-0.5 bg-fg" />
            first content after {spoken(duration(firstContentMs))}
          </li>
        )}
      </ul>
    </Part>
  );
}
