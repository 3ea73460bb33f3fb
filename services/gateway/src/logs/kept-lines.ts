import {
  cursorRefusals,
  LogLineSchema,
  rangeRefusals,
  STREAM,
  STREAMS,
  subjects,
  type LogLines,
  type LogLinesQuery,
  type LogSource,
} from '@boocontrol/contracts';
import { instantFromMs, instantToMs } from '@boocontrol/fleet-model';
import { cursorCodec, decodeJson, readAll, refuse } from '@boocontrol/platform';
import type { JetStreamManager, JsMsg, StreamInfo } from '@nats-io/jetstream';
import { z } from 'zod';

type Line = LogLines['lines'][number];

const SOURCES: readonly LogSource[] = ['proxy', 'upstream'];
/** A page ends with this many characters of text. */
const PAGE_CHARS = 1024 * 1024;
/** Lines are stamped by ingest and stored by the bus a moment later; their clocks may differ. */
const CLOCKS_MS = 60_000;
const KEPT_LINES = STREAMS.find(({ name }) => name === STREAM.logs)?.maxMsgsPerSubject ?? Infinity;

/** When the stream was made, and the last line of the page: sequences of different streams do not compare. */
const cursors = cursorCodec('log lines', z.tuple([z.string(), z.int().min(0)]));

/**
 * One page of what the stream still has of a host's logs.
 * @throws {CallError} `bad_cursor` when the cursor is of another question, or of a stream that is gone; `bad_range`
 * @throws {ReadInterruptedError} when the bus stops answering in the middle
 * @throws {JetStreamApiError} when the stream does not exist, or the bus cannot answer
 */
export async function keptLines(jsm: JetStreamManager, query: LogLinesQuery): Promise<LogLines> {
  const { providerId, source, limit, cursor } = query;
  const fromMs = query.from === undefined ? -Infinity : Date.parse(query.from);
  const toMs = query.to === undefined ? Infinity : Date.parse(query.to);
  if (fromMs > toMs) throw refuse(rangeRefusals, 'bad_range', '"to" must not be before "from"');
  const sources = source === undefined ? SOURCES : [source];
  const { created } = await jsm.streams.info(STREAM.logs);
  const lastSeq = cursor === undefined ? 0 : seqOf(cursor, created);
  const page = new Page(limit);
  await readAll(
    jsm,
    STREAM.logs,
    sources.map((each) => subjects.log(providerId, each)),
    startOf(lastSeq, fromMs),
    (message) => {
      const line = toLine(message);
      if (line === null || line.seq <= lastSeq) return;
      const atMs = instantToMs(line.at);
      if (atMs >= fromMs && atMs < toMs) page.take(line);
    },
  );
  // Asked after the lines were read: what has left meanwhile is not promised.
  const kept = await Promise.all(
    sources.map(async (each) => ({ source: each, since: await keptSince(jsm, providerId, each) })),
  );
  const last = page.lines.at(-1)?.seq;
  const nextCursor = page.isCut && last !== undefined ? cursors.encode([created, last]) : null;
  return { lines: page.lines, nextCursor, kept };
}

function startOf(lastSeq: number, fromMs: number): Parameters<typeof readAll>[3] {
  if (lastSeq > 0) return { from: 'sequence', seq: lastSeq + 1 };
  return Number.isFinite(fromMs) ? { from: 'time', atMs: fromMs - CLOCKS_MS } : { from: 'all' };
}

/** The lines of a page, and whether there were more. */
class Page {
  readonly lines: Line[] = [];
  isCut = false;
  private chars = 0;

  constructor(private readonly limit: number) {}

  take(line: Line): void {
    if (this.isCut) return;
    this.chars += line.line.length;
    if (this.lines.length < this.limit && (this.chars <= PAGE_CHARS || this.lines.length === 0))
      this.lines.push(line);
    else this.isCut = true;
  }
}

/**
 * Since when every line of a log is still there. The stream drops the oldest line of a log that has more than it keeps of
 * one, and the oldest of all when it is full: whatever came since its own oldest line can only have left by the first.
 */
async function keptSince(jsm: JetStreamManager, providerId: string, source: LogSource): Promise<string> {
  const subject = subjects.log(providerId, source);
  const info = await jsm.streams.info(STREAM.logs, { subjects_filter: subject });
  if ((info.state.subjects?.[subject] ?? 0) < KEPT_LINES) return oldestOf(info);
  const oldest = await jsm.direct.getMessage(STREAM.logs, { seq: 1, next_by_subj: subject });
  return oldest === null ? oldestOf(info) : asInstant(oldest.timestamp);
}

/** With nothing ever lost, it is there since the stream was made. */
const oldestOf = ({ created, state }: StreamInfo): string =>
  asInstant(state.first_seq <= 1 || state.messages === 0 ? created : state.first_ts);

const asInstant = (text: string): string => instantFromMs(Date.parse(text));

function seqOf(cursor: string, created: string): number {
  const [made, seq] = cursors.decode(cursor);
  if (made === created) return seq;
  throw refuse(
    cursorRefusals,
    'bad_cursor',
    'The log was begun anew since this page was asked for; start without a cursor',
  );
}

function toLine({ data, seq }: JsMsg): Line | null {
  const parsed = decodeJson(data, LogLineSchema);
  if (!parsed.ok) return null;
  const { providerId: _of, ...line } = parsed.value;
  return { ...line, seq };
}
