import { rangeRefusals, type Instant } from '@boocontrol/contracts';
import { toInstant } from '@boocontrol/fleet-model';
import { refuse } from '@boocontrol/platform';

/** from inclusive, to exclusive; null: no bound. Without `to` nothing is cut off, so rows of a host whose clock is ahead show. */
export interface Range {
  from: Instant | null;
  to: Instant | null;
}

/** Thrown: CallError `bad_range` when an end is no instant of the calendar, or `from` is after `to`. */
export function parseRange({ from, to }: { from?: string | undefined; to?: string | undefined }): Range {
  const range = { from: parseEnd('from', from), to: parseEnd('to', to) };
  if (range.from !== null && range.to !== null && range.from > range.to) {
    throw refuse(rangeRefusals, 'bad_range', `"from" (${range.from}) is after "to" (${range.to})`, range);
  }
  return range;
}

function parseEnd(name: 'from' | 'to', text: string | undefined): Instant | null {
  if (text === undefined) return null;
  const instant = toInstant(text);
  if (instant === null)
    throw refuse(rangeRefusals, 'bad_range', `"${name}" is no instant: ${text}`, { [name]: text });
  return instant;
}
