import type { BenchSchedule } from '@boocontrol/contracts';

/** Times of day of a schedule. */
export type Timetable = Pick<BenchSchedule, 'at' | 'days' | 'timeZone'>;

const DAY_MS = 86_400_000;
/** A day of the week comes again in seven; two more for what the ends of a day are elsewhere. */
const DAYS_AHEAD = 9;

/** Whether the names of time zones here know it. */
export function isTimeZone(timeZone: string): boolean {
  try {
    clockOf(timeZone);
    return true;
  } catch {
    return false;
  }
}

/**
 * When it is due next, after a moment; Unix milliseconds both. Once on each of its days: a time of day that comes twice counts
 * the first time, and one that is left out when clocks are put forward counts as much later as they are put forward.
 * @throws {RangeError} when the time zone is none
 */
export function nextDue({ at, days, timeZone }: Timetable, afterMs: number): number {
  const [hours = 0, minutes = 0] = at.split(':').map(Number);
  const today = Math.floor((afterMs + offsetMs(timeZone, afterMs)) / DAY_MS) * DAY_MS;
  for (let ahead = -1; ahead <= DAYS_AHEAD; ahead++) {
    const day = today + ahead * DAY_MS;
    if (!days.includes(new Date(day).getUTCDay() || 7)) continue;
    const dueMs = momentOf(timeZone, day + (hours * 60 + minutes) * 60_000);
    if (dueMs > afterMs) return dueMs;
  }
  throw new RangeError(`a schedule without days is never due`);
}

/** @param wallMs what clocks there show, as if it were UTC */
function momentOf(timeZone: string, wallMs: number): number {
  // Whatever change of the clocks is near, these are the offsets before and after it.
  const moments = [-DAY_MS, DAY_MS].map((near) => wallMs - offsetMs(timeZone, wallMs + near));
  const real = moments.filter((ms) => ms + offsetMs(timeZone, ms) === wallMs);
  return real.length > 0 ? Math.min(...real) : Math.max(...moments);
}

/** What clocks there are ahead of UTC. */
function offsetMs(timeZone: string, ms: number): number {
  const seconds = Math.floor(ms / 1_000) * 1_000;
  const parts = new Map(
    clockOf(timeZone)
      .formatToParts(seconds)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const of = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0;
  return Date.UTC(of('year'), of('month') - 1, of('day'), of('hour'), of('minute'), of('second')) - seconds;
}

const clocks = new Map<string, Intl.DateTimeFormat>();
const MOST_CLOCKS = 200;

/** Slow to make. @throws {RangeError} when there is no such time zone */
function clockOf(timeZone: string): Intl.DateTimeFormat {
  const known = clocks.get(timeZone);
  if (known !== undefined) return known;
  const clock = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  if (clocks.size >= MOST_CLOCKS) clocks.clear();
  clocks.set(timeZone, clock);
  return clock;
}
