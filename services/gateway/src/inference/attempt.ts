import type { RouteAttempt } from '@boocontrol/contracts';
import type { ClientAnswer, HostReply, OwnError } from './client-answer.js';
import type { Dialect } from './dialect.js';
import { EndsScanner } from './ends-scanner.js';
import { rawValue, without, type RawHeaders } from './headers.js';
import type { CallFault, HostCall, HostListener } from './host-call.js';
import { SseScanner } from './sse-scanner.js';
import { noTokens, type TokenCounts } from './tokens.js';
import type { UsageHider } from './usage-chunk.js';

/** Errors of hosts are short; of longer ones, what is kept would not be what the host said. */
const MAX_REPLY_BYTES = 1024 * 1024;
/** Opening frames without content are held back until it is clear that this host answers; not more than this. */
const MAX_HELD_BYTES = 64 * 1024;

/** Why nothing of this host went to the client. */
export interface Failure {
  outcome: Exclude<RouteAttempt['outcome'], 'answered' | 'abandoned'>;
  message: string;
  /** What the host said; null: nothing that can be passed on. */
  reply: HostReply | null;
  /** As the host wishes; null: it does not say. */
  retryAfter: string | undefined;
  /** The prompt does not fit the host's context. */
  isTooLong: boolean;
}

export type AttemptEnd =
  /** The host's answer went to the client, whole. */
  | { end: 'answered'; hasError: boolean }
  /** Some of it did, then it broke off; the client was told. */
  | { end: 'broken'; outcome: 'reset' | 'timeout' | 'incomplete'; message: string }
  /** Nothing did: another host may answer. */
  | { end: 'failed'; failure: Failure };

/** One host's answer on its way to the client. */
export class Attempt implements HostListener {
  status: number | null = null;
  bytes = 0;
  firstByteAtMs: number | null = null;
  firstContentAtMs: number | null = null;
  call: HostCall | null = null;
  /** Of its span; null: the request has no trace. */
  spanId: string | null = null;

  /** Of a stream that was asked for its counts; null: it goes out as it comes. */
  hider: UsageHider | null = null;

  private headers: RawHeaders = [];
  private scanner: SseScanner | null = null;
  private readonly ends = new EndsScanner();
  private held: Buffer[] = [];
  private heldBytes = 0;
  private isCollecting = false;
  private isPaused = false;
  /** This host's answer has begun to go out. */
  isChosen = false;
  /** Called just before that. */
  onChosen: (() => void) | null = null;
  /** Called when the request is being written to its connection. */
  onSent: (() => void) | null = null;
  /** Another host is asked for the same request: what is no answer does not go out as long as it may have one. */
  hasRival = false;

  constructor(
    private readonly answer: ClientAnswer,
    private readonly dialect: Dialect,
    private readonly hostName: string,
    private readonly finish: (end: AttemptEnd) => void,
  ) {}

  get tokens(): TokenCounts {
    if (this.scanner !== null) return this.scanner.tokens;
    return this.status !== null && this.status < 300 ? this.ends.read() : noTokens();
  }

  /** Nothing of an answer has come, and no error has begun. */
  get isSilent(): boolean {
    return this.firstByteAtMs === null && (this.status ?? 200) < 300;
  }

  sent(): void {
    this.onSent?.();
  }

  start(status: number, headers: RawHeaders): void {
    this.status = status;
    this.headers = headers;
    const type = rawValue(headers, 'content-type') ?? '';
    const isStream = /^text\/event-stream/i.test(type);
    const isReadable = rawValue(headers, 'content-encoding') === undefined;
    // Once a stream has begun, what is no stream is told inside it.
    this.isCollecting =
      isWorthRetry(status) ||
      status === 400 ||
      (this.hasRival && status >= 400) ||
      (this.hider !== null && isRefusal(status)) ||
      (this.answer.hasHead && !(status < 300 && isStream));
    if (!this.isCollecting && isStream && isReadable) this.scanner = new SseScanner(this.dialect);
    if (this.scanner === null) this.hider = null;
    // It is going to be shorter than the host says.
    else if (this.hider !== null) this.headers = without(headers, 'content-length');
  }

  data(chunk: Buffer): void {
    this.firstByteAtMs ??= performance.now();
    this.bytes += chunk.length;
    if (this.isCollecting) return this.collect(chunk);
    if (this.scanner === null) {
      this.ends.push(chunk);
      this.choose();
      return this.write(chunk);
    }
    this.relay(chunk, this.scanner);
  }

  end(): void {
    if (this.isCollecting) return this.finish(this.failed('status', `answered ${this.status ?? 0}`, true));
    if (this.scanner !== null) return this.endStream(this.scanner);
    if (this.bytes === 0 && this.status === 200)
      return this.finish(this.failed('incomplete', 'answered with nothing', false));
    this.choose();
    this.answer.end();
    this.finish({ end: 'answered', hasError: (this.status ?? 0) >= 400 });
  }

  fail(fault: CallFault, message: string): void {
    if (this.isChosen && this.scanner?.hasEnd === true) return this.endStream(this.scanner);
    if (!this.isChosen) return this.finish(this.failed(fault, message, false));
    this.breakOff(fault === 'timeout' ? 'timeout' : 'reset', message);
  }

  private relay(chunk: Buffer, scanner: SseScanner): void {
    const notices = scanner.notices;
    scanner.push(chunk);
    if (scanner.hasContent) this.firstContentAtMs ??= this.firstByteAtMs === null ? null : performance.now();
    if (this.isChosen) return this.write(chunk);
    this.hold(chunk);
    if (scanner.hasError && !scanner.hasContent) {
      this.call?.leave();
      return this.finish(this.failed('status', 'sent an error in its stream', true));
    }
    const isNotice = scanner.notices > notices;
    if (scanner.hasContent || scanner.hasEnd || this.heldBytes > MAX_HELD_BYTES) return this.flush();
    if (scanner.hasAnswer) return isNotice ? this.flush() : undefined;
    // Comments and progress belong to no answer: they go out at once, and another host may still follow.
    if (isNotice && scanner.isAtLineStart && !this.hasRival) this.passNotices();
  }

  /** Leaves the host. What it has sent to the client so far is not complete, and the client is told. */
  stop(error: OwnError): void {
    this.call?.leave();
    if (this.isChosen && this.scanner === null) this.answer.breakOff();
    else this.answer.fail(error);
  }

  /** Leaves a host of which nothing has gone to the client yet; of another it changes nothing. */
  giveUp(message: string): void {
    if (this.isChosen) return;
    this.call?.leave();
    this.finish(this.failed('timeout', message, false));
  }

  private endStream(scanner: SseScanner): void {
    if (scanner.hasEnd) {
      if (!this.isChosen) this.flush();
      const rest = this.hider?.end();
      if (rest !== undefined && rest.length > 0) this.answer.write(rest, false);
      this.answer.end();
      return this.finish({ end: 'answered', hasError: scanner.hasError });
    }
    const message = 'ended the stream before it was complete';
    // Without a dialect nobody knows what its end looks like.
    if (this.dialect === 'other' && this.bytes > 0) {
      if (!this.isChosen) this.flush();
      this.answer.end();
      return this.finish({ end: 'answered', hasError: false });
    }
    if (!this.isChosen) return this.finish(this.failed('incomplete', message, false));
    this.breakOff('incomplete', message);
  }

  private breakOff(outcome: 'reset' | 'timeout' | 'incomplete', message: string): void {
    const told = `The host ${this.hostName} ${message}; the answer is not complete.`;
    const code = outcome === 'timeout' ? 'upstream_timeout' : 'upstream_error';
    if (this.scanner === null) this.answer.breakOff();
    else this.answer.fail({ status: 502, code, message: told, retryAfterS: null });
    this.finish({ end: 'broken', outcome, message });
  }

  private hold(chunk: Buffer): void {
    this.held.push(chunk);
    this.heldBytes += chunk.length;
  }

  private choose(): void {
    if (this.isChosen) return;
    this.isChosen = true;
    this.onChosen?.();
    this.answer.head(this.status ?? 502, this.headers);
  }

  private flush(): void {
    this.choose();
    for (const chunk of this.held.splice(0)) this.write(chunk);
  }

  private passNotices(): void {
    const { answer } = this;
    if (!answer.hasHead) {
      answer.head(this.status ?? 200, this.headers);
      answer.isCommitted = false;
    }
    for (const chunk of this.held.splice(0)) this.write(chunk);
    this.heldBytes = 0;
  }

  private write(chunk: Buffer): void {
    const { hider } = this;
    const shown = hider === null ? chunk : hider.push(chunk);
    if (shown.length === 0) return;
    const isAtLineStart = (hider ?? this.scanner)?.isAtLineStart ?? false;
    if (this.answer.write(shown, isAtLineStart) || this.isPaused) return;
    this.isPaused = true;
    this.call?.pause();
    this.answer.response.once('drain', () => {
      this.isPaused = false;
      this.call?.resume();
    });
  }

  private collect(chunk: Buffer): void {
    this.hold(chunk);
    if (this.heldBytes <= MAX_REPLY_BYTES) return;
    this.call?.leave();
    this.finish(this.failed('status', `answered ${this.status ?? 0} with too long a text`, false));
  }

  private failed(outcome: Failure['outcome'], message: string, hasReply: boolean): AttemptEnd {
    const body = Buffer.concat(this.held);
    const { headers } = this;
    const reply = hasReply ? { status: this.status ?? 502, headers, body } : null;
    const isTooLong = reply?.status === 400 && body.includes('exceed_context_size_error');
    const retryAfter = rawValue(headers, 'retry-after');
    return { end: 'failed', failure: { outcome, message, reply, retryAfter, isTooLong } };
  }
}

/** The host may do it better another time, and another host now. */
export function isWorthRetry(status: number): boolean {
  return status >= 500 || status === 429;
}

/** What hosts answer to a member of the body that they do not know. */
export function isRefusal(status: number): boolean {
  return status === 400 || status === 422;
}
