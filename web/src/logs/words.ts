import type { LogModel } from '@boocontrol/contracts';
import type { Line } from './line';
import type { Level } from './level';

export const SOURCE_WORD = { proxy: 'proxy', upstream: 'upstream' } as const;

export const LEVEL_LOOK: Readonly<Record<Level, string>> = {
  debug: 'text-fg3',
  info: 'text-fg3',
  warn: 'text-busy',
  error: 'text-error',
};

const clockFormat = new Intl.DateTimeFormat('en-GB', {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  fractionalSecondDigits: 3,
  hourCycle: 'h23',
});
/** "12:03:25.114" */
export const lineClock = (atMs: number): string => clockFormat.format(atMs);

/** Requests of a host around a moment, for its page. */
const AROUND_MS = 60_000;
export const activityHref = (providerId: string | null, atMs: number): string => {
  const params = new URLSearchParams(providerId === null ? [] : [['host', providerId]]);
  params.set('from', new Date(atMs - AROUND_MS).toISOString());
  params.set('to', new Date(atMs + AROUND_MS).toISOString());
  return `/activity/?${params.toString()}`;
};

/** "qwen3", and "qwen3?" where it may be another's line. */
export const modelWord = ({ id, by }: LogModel): string => (by === 'probable' ? `${id}?` : id);

/** How a line's model is known, behind its name. */
export const KNOWN_BY: Readonly<Record<LogModel['by'], string>> = {
  told: 'the host names it in the line',
  matched: 'the model’s own log has the line',
  probable: 'probably; the line may be another model’s',
};

/** A line as a file has it. */
export const fileLine = (line: Line, nameOf: (providerId: string) => string): string =>
  [
    new Date(line.atMs).toISOString(),
    nameOf(line.providerId),
    line.model === null ? line.source : `${line.source} ${modelWord(line.model)}`,
    line.text + (line.cut ? ' [cut]' : ''),
  ].join('\t');
