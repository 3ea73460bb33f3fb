import type { ServerResponse } from 'node:http';
import { errorBody, errorEvent, type Dialect } from './dialect.js';
import { headerText, relayedHeaders, without, type RawHeaders } from './headers.js';

/** What a host answered in place of what was asked for; passed on as it is. */
export interface HostReply {
  status: number;
  headers: RawHeaders;
  body: Buffer;
}

/** An error of our own. */
export interface OwnError {
  status: number;
  code: string;
  message: string;
  /** Seconds; null: trying again changes nothing. */
  retryAfterS: number | null;
}

export interface NoticeTimes {
  firstMs: number;
  everyMs: number;
}

const EVENT_STREAM = ['content-type', 'text/event-stream; charset=utf-8', 'cache-control', 'no-cache'];

/** What goes to the client: its head once, then bytes as they come, or an error in the form that fits. */
export class ClientAnswer {
  status = 0;
  bytes = 0;
  /** Milliseconds of the clock; null: nothing was sent. */
  firstByteAtMs: number | null = null;
  /** The first host's bytes have gone out: no other host may answer. */
  isCommitted = false;

  private readonly told: Record<string, string> = {};
  private noticeTimer: NodeJS.Timeout | null = null;
  private isAtLineStart = true;

  constructor(
    readonly response: ServerResponse,
    private readonly id: string,
    private readonly dialect: Dialect,
  ) {}

  /** Said by the headers of the answer, as far as they have not gone out. */
  tell(headers: Record<string, string>): void {
    Object.assign(this.told, headers);
  }

  get hasHead(): boolean {
    return this.response.headersSent;
  }

  get isGone(): boolean {
    return this.response.destroyed || this.response.closed;
  }

  /** The host's head, unless ours has gone out already. */
  head(status: number, raw: RawHeaders): void {
    this.isCommitted = true;
    this.stopNotices();
    if (!this.hasHead) this.writeHead(status, relayedHeaders(raw));
  }

  /** false: the client reads slower than this; wait for `drain`. */
  write(chunk: Buffer, isAtLineStart: boolean): boolean {
    this.isAtLineStart = isAtLineStart;
    return this.send(chunk);
  }

  /** Comments for those who wait for a stream: the first after some seconds, and then again and again until a host speaks. */
  startNotices({ firstMs, everyMs }: NoticeTimes, text: () => string): void {
    const say = (): void => {
      if (this.isGone || this.isCommitted) return;
      if (!this.hasHead) this.writeHead(200, EVENT_STREAM);
      if (this.isAtLineStart) this.send(Buffer.from(`: ${text().replace(/[\r\n]+/g, ' ')}\n\n`));
      this.noticeTimer = setTimeout(say, everyMs);
    };
    this.noticeTimer = setTimeout(say, firstMs);
  }

  stopNotices(): void {
    if (this.noticeTimer !== null) clearTimeout(this.noticeTimer);
    this.noticeTimer = null;
  }

  /** The host's own words: as they came, or inside the stream that has begun. */
  pass({ status, headers, body }: HostReply): void {
    if (this.hasHead)
      return this.endWithEvent(
        eventOf(body) ?? this.ownBody(502, 'upstream_error', `The host answered ${status}.`),
      );
    this.head(status, withLength(headers, body.length));
    this.send(body);
    this.response.end();
  }

  fail({ status, code, message, retryAfterS }: OwnError): void {
    const body = this.ownBody(status, code, message);
    if (this.hasHead) return this.endWithEvent(body);
    this.stopNotices();
    const text = Buffer.from(JSON.stringify(body));
    const headers = ['content-type', 'application/json', 'content-length', String(text.length)];
    if (retryAfterS !== null) headers.push('retry-after', String(Math.max(1, Math.ceil(retryAfterS))));
    this.writeHead(status, headers);
    this.send(text);
    this.response.end();
  }

  /** An answer of our own. */
  json(value: object): void {
    const text = Buffer.from(JSON.stringify(value));
    this.writeHead(200, ['content-type', 'application/json', 'content-length', String(text.length)]);
    this.send(text);
    this.response.end();
  }

  end(): void {
    this.stopNotices();
    this.response.end();
  }

  /** An answer that is no stream and broke off: the client sees that it is not whole. */
  breakOff(): void {
    this.stopNotices();
    this.response.destroy();
  }

  private ownBody(status: number, code: string, message: string): object {
    return errorBody(this.dialect, status, code, message);
  }

  private endWithEvent(error: object): void {
    this.stopNotices();
    // What was cut off in the middle of a line ends here.
    const gap = this.isAtLineStart ? '' : '\n\n';
    this.send(Buffer.from(gap + errorEvent(this.dialect, error)));
    this.response.end();
  }

  private writeHead(status: number, headers: readonly string[]): void {
    this.status = status;
    const all = [...headers, 'x-request-id', this.id];
    for (const name in this.told) all.push(name, headerText(this.told[name] ?? ''));
    this.response.writeHead(status, all);
  }

  private send(bytes: Buffer): boolean {
    if (this.isGone) return true;
    this.firstByteAtMs ??= performance.now();
    this.bytes += bytes.length;
    return this.response.write(bytes);
  }
}

function withLength(headers: RawHeaders, bytes: number): string[] {
  return [...without(headers, 'content-length'), 'content-length', String(bytes)];
}

/** A host's error as an object that an event can carry; null: it is none. */
function eventOf(body: Buffer): object | null {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    if (typeof value !== 'object' || value === null || !('error' in value)) return null;
    // llama-swap's older builds say it with a text.
    return typeof value.error === 'string' ? { ...value, error: { message: value.error } } : value;
  } catch {
    return null;
  }
}
