import { Draft, type Brought } from './draft';
import { EventStream, type Frame } from './event-stream';
import { TokenClock } from './figures';
import { BROKE_OFF, errorIn, NO_CHAT, NO_END, troubleOf, UNREACHABLE } from './trouble';
import type { Account, Answerer, Outcome, Trouble } from './types';

/** Of a raw answer, so much is kept to be looked at. */
const RAW_CHARS = 1024 * 1024;

const NOTICE_CHARS = 200;

export interface Means {
  /** As window.fetch. */
  fetch: (url: string, init: RequestInit) => Promise<Response>;
  /** Milliseconds of a monotonic clock. */
  now: () => number;
}
const BROWSER: Means = { fetch: (url, init) => fetch(url, init), now: () => performance.now() };

/** An answer as it grows. */
export interface AnswerDraft extends Pick<Draft, 'usage' | 'timings' | 'error' | 'finish' | 'loading'> {
  /** The model was done, or its stream said that it is over. */
  readonly isWhole: boolean;
  /** Takes the data of one event, or a whole answer that is one document; what is not understood is passed over. */
  take(data: string): Brought;
}

interface Asked<D extends AnswerDraft> {
  /** Of /v1, with it. */
  path: string;
  body: string;
  /** Who asks, as Activity names it. */
  source: string;
  draft: D;
}

/** One request to /v1 and its answer, as far as it has come. */
export class V1Request<D extends AnswerDraft = AnswerDraft> {
  readonly body: string;
  readonly draft: D;
  status: number | null = null;
  headers: readonly (readonly [name: string, value: string])[] = [];
  /** The answer as it came. */
  raw = '';
  isRawCut = false;
  isSent = false;
  private clock = new TokenClock(0);
  private comment: string | null = null;
  private readonly halt = new AbortController();

  constructor(
    private readonly asked: Asked<D>,
    private readonly means: Means = BROWSER,
  ) {
    this.body = asked.body;
    this.draft = asked.draft;
  }

  /** What is said while a model is loaded; null: nothing. */
  get notice(): string | null {
    return this.draft.loading.trim().split('\n').at(-1)?.slice(0, NOTICE_CHARS) || this.comment;
  }

  /** Fires when it is stopped. */
  get signal(): AbortSignal {
    return this.halt.signal;
  }

  /** Ends it here and, as the connection closes, at the gateway and at the host. */
  stop(): void {
    this.halt.abort();
  }

  /**
   * Sends it, and resolves when it is over, however it ends.
   * @param onGrowth called after each piece that came
   */
  async run(onGrowth: () => void = () => undefined): Promise<Account> {
    this.isSent = true;
    this.clock = new TokenClock(this.means.now());
    try {
      const response = await this.means.fetch(this.asked.path, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-boo-source': this.asked.source },
        body: this.body,
        signal: this.halt.signal,
      });
      this.status = response.status;
      this.headers = [...response.headers].toSorted(([a], [b]) => (a < b ? -1 : 1));
      onGrowth();
      return response.ok ? await this.read(response, onGrowth) : await this.refused(response);
    } catch {
      if (this.halt.signal.aborted) return this.account('stopped', null);
      return this.status === null
        ? this.account('failed', UNREACHABLE)
        : this.account('incomplete', BROKE_OFF);
    }
  }

  account(outcome: Outcome, trouble: Trouble | null): Account {
    const { draft } = this;
    return {
      outcome,
      finish: draft.finish,
      trouble,
      answerer: this.answerer,
      figures: this.clock.figures(draft),
    };
  }

  get answerer(): Answerer {
    const said = (name: string): string | null => this.headers.find(([each]) => each === name)?.[1] || null;
    const attempts = Number(said('x-boo-attempts') ?? NaN);
    return {
      dispatchId: said('x-request-id'),
      providerId: said('x-boo-provider'),
      model: said('x-boo-model'),
      policy: said('x-boo-policy'),
      reason: said('x-boo-reason'),
      attempts: Number.isInteger(attempts) ? attempts : null,
    };
  }

  private async refused(response: Response): Promise<Account> {
    this.keep(await response.text());
    return this.account('failed', troubleOf(response.status, errorIn(this.raw)));
  }

  private async read(response: Response, onGrowth: () => void): Promise<Account> {
    const isStream = (response.headers.get('content-type') ?? '').includes('event-stream');
    if (!isStream || !response.body) return this.whole(await response.text());
    const events = new EventStream();
    const decoder = new TextDecoder();
    const reader = response.body.getReader();
    for (;;) {
      const { done, value } = await reader.read();
      // Before anything of it is read.
      const atMs = this.means.now();
      if (value) {
        this.keep(decoder.decode(value, { stream: true }));
        this.take(events.push(value), atMs);
      }
      if (done) {
        this.take(events.end(), atMs);
        break;
      }
      onGrowth();
    }
    return this.ended();
  }

  /** A host may answer with one document where a stream was asked for. */
  private whole(text: string): Account {
    const atMs = this.means.now();
    this.keep(text);
    this.clock.took(atMs, this.draft.take(text));
    if (this.draft.error === null && !this.draft.isWhole) return this.account('failed', NO_CHAT);
    return this.ended();
  }

  private ended(): Account {
    const { error, isWhole } = this.draft;
    if (error !== null) return this.account('failed', troubleOf(0, error));
    return isWhole ? this.account('done', null) : this.account('incomplete', NO_END);
  }

  private take(frames: readonly Frame[], atMs: number): void {
    for (const { kind, text } of frames) {
      if (kind === 'comment') this.comment = text;
      else this.clock.took(atMs, this.draft.take(text));
    }
  }

  private keep(text: string): void {
    if (this.isRawCut) return;
    this.isRawCut = this.raw.length + text.length > RAW_CHARS;
    this.raw = (this.raw + text).slice(0, RAW_CHARS);
  }
}

/** A request for the next answer of a conversation. */
export class ChatRequest extends V1Request<Draft> {
  constructor(body: string, means?: Means) {
    super({ path: '/v1/chat/completions', body, source: 'playground', draft: new Draft() }, means);
  }
}
