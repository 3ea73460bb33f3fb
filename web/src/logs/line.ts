import type { ControlLog, LogModel, LogSource } from '@boocontrol/contracts';
import { instantToMs } from '@boocontrol/fleet-model';
import { plainText } from './ansi';
import { levelOf, type Level } from './level';

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
  /** Which model it is of; null: not known. */
  model: LogModel | null;
  /** It has left the page. */
  gone: boolean;
}

type Told = ControlLog['lines'][number];

export function toLine({ seq, at, line, cut, model }: Told, providerId: string, source: LogSource): Line {
  const text = plainText(line);
  return {
    kind: 'line',
    seq,
    atMs: instantToMs(at),
    providerId,
    source,
    raw: line,
    text,
    cut,
    level: levelOf(text),
    model: model ?? null,
    gone: false,
  };
}
