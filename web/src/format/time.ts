/** All times come in as Unix milliseconds by the server's clock; a host's own clock may run ahead of it. */

/** "now", "12 s", "4 min", "3 h", "2 d". Never negative. */
export function span(ms: number): string {
  const s = Math.floor(Math.max(0, ms) / 1000);
  if (s < 1) return 'now';
  if (s < 60) return `${s} s`;
  if (s < 3600) return `${Math.floor(s / 60)} min`;
  if (s < 86_400) return `${Math.floor(s / 3600)} h`;
  return `${Math.floor(s / 86_400)} d`;
}

/** "now", "12 s ago". An instant in the future (a host whose clock is ahead) is "now". */
export function ago(atMs: number, nowMs: number): string {
  const text = span(nowMs - atMs);
  return text === 'now' ? text : `${text} ago`;
}

const clockFormat = new Intl.DateTimeFormat('en-GB', {
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
});
const dayFormat = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });
const exactFormat = new Intl.DateTimeFormat('en-GB', {
  weekday: 'short',
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  fractionalSecondDigits: 3,
  hourCycle: 'h23',
  timeZoneName: 'short',
});

/** "12:03" today, "19 Nov 12:03" on another day. */
export function clock(atMs: number, nowMs: number): string {
  const sameDay = new Date(atMs).toDateString() === new Date(nowMs).toDateString();
  return sameDay ? clockFormat.format(atMs) : `${dayFormat.format(atMs)} ${clockFormat.format(atMs)}`;
}

const secondFormat = new Intl.DateTimeFormat('en-GB', {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
});

/** As `clock`, to the second: "12:03:25". */
export function exactClock(atMs: number, nowMs: number): string {
  const sameDay = new Date(atMs).toDateString() === new Date(nowMs).toDateString();
  return sameDay ? secondFormat.format(atMs) : `${dayFormat.format(atMs)} ${secondFormat.format(atMs)}`;
}

/** The exact local instant with its zone. */
export const exact = (atMs: number): string => exactFormat.format(atMs);

/** The local midnight that began the day of nowMs. */
export function midnightMs(nowMs: number): number {
  const day = new Date(nowMs);
  day.setHours(0, 0, 0, 0);
  return day.getTime();
}

/** As a field for date and time takes it, by local time: "2026-11-21T12:03". */
export function localText(atMs: number): string {
  const zoneMs = new Date(atMs).getTimezoneOffset() * 60_000;
  return new Date(atMs - zoneMs).toISOString().slice(0, 16);
}

/** What such a field holds; null: nothing that is a moment. */
export function parseLocal(text: string): number | null {
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? null : ms;
}
