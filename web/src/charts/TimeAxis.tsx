'use client';
import { exactClock } from '../format/time';
import { MomentSlider, shareOf, timeMarksOf } from './Plot';
import { useMoment } from './moment';
import type { Range } from './range';

const clockOf = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
const dayOf = new Intl.DateTimeFormat('en-GB', { weekday: 'short', day: 'numeric' });
const DAY_MS = 86_400_000;

/** The one time axis of a stack; it stays in sight, as does the head of the readings beside it. */
export function TimeAxis({ range }: { range: Range }) {
  const format = range.toMs - range.fromMs > 2 * DAY_MS ? dayOf : clockOf;
  return (
    <div className="sticky -top-px z-10 stack-row items-end border-b bg-bg py-1 in-[[role=dialog]]:-top-4 in-[[role=dialog]]:bg-s1">
      <div className="relative h-6">
        <MomentSlider range={range} />
        <div className="pointer-events-none absolute inset-y-0 right-2 left-11">
          {timeMarksOf(range).map((ms) => (
            <span
              key={ms}
              className="num absolute bottom-0 -translate-x-1/2 text-2xs text-fg3"
              style={{ left: shareOf(ms, range) }}
            >
              {format.format(ms)}
            </span>
          ))}
        </div>
      </div>
      <ReadoutHead range={range} />
    </div>
  );
}

function ReadoutHead({ range }: { range: Range }) {
  const ms = useMoment();
  return (
    <div className="readout text-2xs text-fg3" data-testid="readout-head">
      <span />
      <span />
      <span className={`num text-right ${ms === null ? '' : 'text-fg'}`}>
        {ms === null ? 'last' : exactClock(ms, range.toMs)}
      </span>
      <span className="text-right">max</span>
    </div>
  );
}
