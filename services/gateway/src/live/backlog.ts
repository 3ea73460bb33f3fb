/** What waits in a browser's connection. */
export interface Backlog {
  packets: number;
  bytes: number;
}

/** Beyond either, a browser is too slow to be told every change. */
const MAX_BACKLOG: Backlog = { packets: 512, bytes: 8 * 1024 * 1024 };

export type Pace = 'keeping_up' | 'lagging';

/**
 * Lagging begins beyond the bound and ends only when nothing waits any more: then the browser has seen all that was
 * sent, and a snapshot brings it up to date.
 */
export function nextPace(pace: Pace, backlog: Backlog, max: Backlog = MAX_BACKLOG): Pace {
  if (pace === 'lagging') return backlog.packets === 0 ? 'keeping_up' : 'lagging';
  return backlog.packets > max.packets || backlog.bytes > max.bytes ? 'lagging' : 'keeping_up';
}
