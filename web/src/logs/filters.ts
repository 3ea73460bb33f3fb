import type { LogSource } from '@boocontrol/contracts';
import type { Change } from '../browser/query';
import { isAtLeast, LEVELS, type Level } from './level';
import type { Line } from './line';

/** What the address asks for; null: all of it. */
export interface LogFilter {
  readonly host: string | null;
  readonly source: LogSource | null;
  readonly model: string | null;
  /** At least so urgent. */
  readonly level: Level | null;
  readonly text: string;
  /** The text is a regular expression. */
  readonly isPattern: boolean;
}

export const LEVEL_OPTIONS = [
  { value: 'info', label: 'Without debug' },
  { value: 'warn', label: 'Warnings and errors' },
  { value: 'error', label: 'Errors' },
] as const;
export const SOURCE_OPTIONS = [
  { value: 'proxy', label: 'Its own log' },
  { value: 'upstream', label: 'Its model servers' },
] as const;

/** A longer one nobody reads; it bounds what an address can make the page do. */
export const MOST_TEXT = 500;

const levels: readonly string[] = LEVELS;

/** What the address bar asks for; nonsense in it is left out. */
export function readFilter(params: URLSearchParams): LogFilter {
  const source = params.get('source');
  const level = params.get('level');
  return {
    host: params.get('host') || null,
    source: source === 'proxy' || source === 'upstream' ? source : null,
    model: params.get('model') || null,
    level: level !== null && levels.includes(level) ? (level as Level) : null,
    text: (params.get('text') ?? '').slice(0, MOST_TEXT),
    isPattern: params.get('re') === '1',
  };
}

export const NO_FILTER: Change = { host: null, source: null, model: null, level: null, text: null };

export const isFiltered = ({ host, source, model, level, text }: LogFilter): boolean =>
  host !== null || source !== null || model !== null || level !== null || text !== '';

/** Whether a line passes all but the text. */
export const passes = (line: Line, { host, source, model, level }: LogFilter): boolean =>
  (host === null || line.providerId === host) &&
  (source === null || line.source === source) &&
  (model === null || line.model?.id === model) &&
  (level === null || isAtLeast(line.level, level));
