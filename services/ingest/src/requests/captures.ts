import { subjects, type CapturedPrompt, type Instant } from '@boocontrol/contracts';
import { instantFromMs, laterOf } from '@boocontrol/fleet-model';
import {
  dispatchIdOf,
  fitCapture,
  hasTimings,
  HostError,
  promptOfCapture,
  type CaptureContent,
  type HostClient,
  type HostRow,
} from '@boocontrol/llama-swap';
import { pause } from '@boocontrol/platform';
import { metrics } from '../metrics.js';
import type { Facts } from '../state/facts.js';
import type { Timings } from '../timings.js';

type Row = Pick<HostRow, 'entryId' | 'ts'>;
/** What a row takes from its capture. */
interface Told {
  /** Of the request. */
  headers: Record<string, string>;
  /** Whether the answer had llama.cpp's timings; null: not known. */
  hadTimings: boolean | null;
}

/** Captures that cannot be had any more: the times of their rows, and how many. */
interface Lost {
  fromTs: Instant;
  toTs: Instant;
  missing: number;
}

const TIMEOUTS_TO_BREAK = 3;
const LATER_MAX = 500;
const LOST_EVERY_MS = 10_000;

/**
 * Fetches captures before the host forgets them and puts them on the log. A row waits for its capture (its headers tell
 * who sent it), but not for long: after a timeout the capture is fetched later, after several in a row rows do not wait at all for a
 * while. Lives as long as one connection: after a restart of the host the same id is another request.
 */
export class Captures {
  private readonly later: Row[] = [];
  private timeouts = 0;
  private brokenUntilMs = 0;
  private lost: Lost | null = null;

  constructor(
    private readonly client: HostClient,
    private readonly facts: Facts,
    private readonly timings: Pick<Timings, 'captureTimeoutMs' | 'captureBreakMs' | 'captureRetryMs'>,
  ) {}

  /** What the capture tells once it and how its prompt begins are on the bus; null when it could not be had (in time). Rejects with PublishError. */
  async fetchNow(row: Row, signal: AbortSignal): Promise<Told | null> {
    if (Date.now() < this.brokenUntilMs) {
      this.postpone(row);
      return null;
    }
    return this.fetch(row, signal);
  }

  /** Fetches what was postponed, and states what was lost. */
  async run(signal: AbortSignal): Promise<void> {
    let lostStatedMs = 0;
    while (!signal.aborted) {
      await pause(this.timings.captureRetryMs, signal);
      for (let left = this.later.length; left > 0 && !signal.aborted; left--) {
        const row = this.later.shift();
        const before = this.later.length;
        if (row !== undefined) await this.fetch(row, signal);
        if (row !== undefined && signal.aborted) this.later.push(row);
        // Still no answer: no use in asking for the others now.
        if (this.later.length > before) break;
      }
      if (Date.now() - lostStatedMs >= LOST_EVERY_MS) {
        lostStatedMs = Date.now();
        await this.stateLost();
      }
    }
  }

  /**
   * The connection is over: what was not fetched is lost.
   * @param newest on the log; rows after it are not there yet and come again with their captures
   */
  async end(newest: Row | null): Promise<void> {
    for (const row of this.later.splice(0))
      if (newest !== null && row.entryId <= newest.entryId) this.lose(row);
    await this.stateLost();
  }

  private async fetch(row: Row, signal: AbortSignal): Promise<Told | null> {
    try {
      const { content, requestBody } = await this.client.capture(row.entryId, {
        signal,
        timeoutMs: this.timings.captureTimeoutMs,
      });
      this.timeouts = 0;
      await this.publish(row, content);
      await this.publishPrompt(row, content, requestBody);
      metrics.captures.inc({ outcome: 'stored' });
      return { headers: content.reqHeaders, hadTimings: hasTimings(content.respBody) };
    } catch (error) {
      if (signal.aborted) return null;
      if (!(error instanceof HostError)) throw error;
      if (error.code === 'not_found' || error.code === 'too_large' || error.code === 'bad_answer')
        this.lose(row);
      else this.postpone(row);
      if (error.code === 'timeout' && ++this.timeouts >= TIMEOUTS_TO_BREAK)
        this.brokenUntilMs = Date.now() + this.timings.captureBreakMs;
      return null;
    }
  }

  private async publish({ entryId, ts }: Row, content: CaptureContent): Promise<void> {
    const { providerId, publisher, life } = this.facts;
    const capture = fitCapture({ providerId, at: instantFromMs(Date.now()), entryId, ts, ...content });
    const msgId = `${providerId}:capture:${entryId}:${ts}`;
    await publisher.publishReliably(subjects.capture(providerId), JSON.stringify(capture), {
      msgId,
      signal: life,
    });
  }

  /** Of one that a gateway sent on, that gateway has seen the prompt itself. */
  private async publishPrompt(
    { entryId, ts }: Row,
    { reqPath, reqHeaders }: CaptureContent,
    body: Buffer | null,
  ): Promise<void> {
    if (body === null || dispatchIdOf({ headers: reqHeaders }) !== null) return;
    const prompt = await promptOfCapture({ reqPath, reqHeaders, body });
    if (prompt === null) return;
    const { providerId, publisher, life } = this.facts;
    const message: CapturedPrompt = { providerId, at: instantFromMs(Date.now()), entryId, ts, ...prompt };
    const msgId = `${providerId}:prompt:${entryId}:${ts}`;
    await publisher.publishReliably(subjects.prompt(providerId), JSON.stringify(message), {
      msgId,
      signal: life,
    });
  }

  private postpone(row: Row): void {
    const oldest = this.later.length >= LATER_MAX ? this.later.shift() : undefined;
    if (oldest !== undefined) this.lose(oldest);
    this.later.push(row);
  }

  private lose({ ts }: Row): void {
    metrics.captures.inc({ outcome: 'lost' });
    this.addLost({ fromTs: ts, toTs: ts, missing: 1 });
  }

  private addLost({ fromTs, toTs, missing }: Lost): void {
    const before = this.lost ?? { fromTs, toTs, missing: 0 };
    this.lost = {
      fromTs: before.fromTs < fromTs ? before.fromTs : fromTs,
      toTs: laterOf(before.toTs, toTs),
      missing: before.missing + missing,
    };
  }

  private async stateLost(): Promise<void> {
    const { lost } = this;
    if (lost === null) return;
    this.lost = null;
    try {
      await this.facts.gap({ ...lost, reason: 'capture_lost' });
    } catch (error) {
      this.addLost(lost);
      throw error;
    }
  }
}
