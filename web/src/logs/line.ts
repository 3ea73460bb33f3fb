import type { ControlLog, HostState, LogSource, Model } from '@boocontrol/contracts';
import { instantToMs } from '@boocontrol/fleet-model';
import { plainText } from './ansi';
import { levelOf, type Level } from './level';

/** Which model a line belongs to. */
export interface Of {
  id: string;
  /** false: the host does not say; it was the only one that ran. */
  isCertain: boolean;
}

/** A line of a log, as the page keeps it. */
export interface Line {
  readonly kind: 'line';
  /** Its place among the lines of all logs. */
  seq: number;
  /** When it was read from the host, Unix ms by the server's clock. */
  atMs: number;
  providerId: string;
  source: LogSource;
  /** As it came; what is drawn with colours. */
  raw: string;
  /** What it says: shown, searched and downloaded. The same string as `raw` where nothing is strange in it. */
  text: string;
  /** true: the line was longer. */
  cut: boolean;
  level: Level | null;
  of: Of | null;
  /** It has left the page. */
  gone: boolean;
}

type Told = ControlLog['lines'][number];

/** @param host as it is now; undefined: nothing is known of it */
export function toLine(
  { seq, at, line, cut }: Told,
  providerId: string,
  source: LogSource,
  host: HostState | undefined,
): Line {
  const text = plainText(line);
  const atMs = instantToMs(at);
  return {
    kind: 'line',
    seq,
    atMs,
    providerId,
    source,
    raw: line,
    text,
    cut,
    level: levelOf(text),
    of: source === 'proxy' ? namedIn(text, host) : onlyOne(atMs, host),
    gone: false,
  };
}

/** llama-swap names the model of what it does with one: "<qwen3> Health check passed". */
function namedIn(text: string, host: HostState | undefined): Of | null {
  const name = /<([^<>]{1,256})>/.exec(text.slice(0, 400))?.[1];
  if (name === undefined || !host?.models.some(({ id }) => id === name)) return null;
  return { id: name, isCertain: true };
}

const RUNS: ReadonlySet<Model['state']> = new Set(['starting', 'ready', 'stopping']);

/** What model servers print comes without their names. Where only one runs, and did already when the line came, it is its. */
function onlyOne(atMs: number, host: HostState | undefined): Of | null {
  const [only, another] = (host?.models ?? []).filter(({ state }) => RUNS.has(state));
  if (!only || another || (only.since !== null && instantToMs(only.since) > atMs)) return null;
  return { id: only.id, isCertain: false };
}
