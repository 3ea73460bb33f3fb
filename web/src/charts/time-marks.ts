const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const WEEK_MS = 7 * 24 * HOUR_MS;
const STEPS_MS = [1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440, 2880, 10_080].map(
  (minutes) => minutes * MINUTE_MS,
);

/**
 * At most five round moments of a range, round by the clock on the wall.
 * @param zoneMs local time minus UTC
 */
export function timeMarks({ fromMs, toMs }: { fromMs: number; toMs: number }, zoneMs: number): number[] {
  const spanMs = toMs - fromMs;
  const stepMs = STEPS_MS.find((step) => spanMs / step <= 5) ?? Math.ceil(spanMs / 5 / WEEK_MS) * WEEK_MS;
  const first = Math.ceil((fromMs + zoneMs) / stepMs) * stepMs - zoneMs;
  return Array.from({ length: Math.floor((toMs - first) / stepMs) + 1 }, (_, i) => first + i * stepMs).slice(
    0,
    5,
  );
}
