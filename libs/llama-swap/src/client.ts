import type { Generation, Liveness } from '@boocontrol/contracts';
import { readCapture, wholeRequestBody, type CaptureContent } from './captures.js';
import { HostError, statusError, toHostError } from './errors.js';
import { FrameReader, type HostEvent } from './frames.js';
import { HostHttp, type AskOptions, type HttpOptions } from './http.js';
import { isObject, isShallow, textOf, type BadItem } from './loose.js';
import { modelPath } from './model-path.js';
import { PROMPT_MAX_BYTES } from './prompts/captured.js';
import { readPerformance, type GpuReading, type SysReading } from './perf.js';
import { readRows, type HostRow } from './rows.js';
import { readRunning, type RunningModel } from './running.js';
import { SseParser } from './sse.js';

const ROWS_MAX_BYTES = 32 * 1024 * 1024;
const CAPTURE_ANSWER_MAX_BYTES = 48 * 1024 * 1024;

export interface ActivityPageAnswer {
  rows: HostRow[];
  bad: BadItem[];
  totalPages: number;
}
export type PerformanceAnswer =
  | { state: 'on'; gpu: GpuReading[]; sys: SysReading[]; bad: BadItem[] }
  /** Monitoring is switched off (503). */
  | { state: 'off' }
  /** A build before v212 (404). */
  | { state: 'absent' };
/**
 * One llama-swap host over HTTP, all wire generations. Every method throws HostError when the host does not answer as
 * expected, and the signal's reason when that fired.
 */
export class HostClient {
  private readonly http: HostHttp;

  constructor(options: HttpOptions) {
    this.http = new HostHttp(options);
  }

  /**
   * Opens the event stream; resolves when the host has accepted it. Iterating ends only by a HostError (the host closed
   * it or the connection broke) or the signal.
   * @param onHeard called for every piece of the stream, also for what is no whole message yet
   */
  async events(
    signal: AbortSignal,
    onHeard: () => void = () => undefined,
  ): Promise<AsyncIterable<HostEvent>> {
    const bytes = await this.guard(signal, () => this.http.stream('/api/events', signal));
    return this.readEvents(bytes, signal, onHeard);
  }

  /** Rows by id, newest first. `not_found` in generation A. @param limit 1 to 999 */
  async activityPage(page: number, limit: number, options?: AskOptions): Promise<ActivityPageAnswer> {
    const path = `/api/metrics/activity?limit=${limit}&page=${page}&sort=id&order=desc`;
    const answer = await this.http.getJson(path, { maxBytes: ROWS_MAX_BYTES, ...options });
    if (!isObject(answer) || !(Array.isArray(answer['data']) || answer['data'] === null))
      throw this.bad('/api/metrics/activity');
    const pages = answer['total_pages'];
    return { ...readRows(answer['data'] ?? []), totalPages: typeof pages === 'number' ? pages : 0 };
  }

  /** All rows that the host still has. `not_found` where pages took its place. */
  async metricsRing(options?: AskOptions): Promise<{ rows: HostRow[]; bad: BadItem[] }> {
    const answer = await this.http.getJson('/api/metrics', { maxBytes: ROWS_MAX_BYTES, ...options });
    if (!Array.isArray(answer)) throw this.bad('/api/metrics');
    return readRows(answer);
  }

  /** @param after an instant as the host wrote it; null for all of its hour */
  async performance(after: string | null, options?: AskOptions): Promise<PerformanceAnswer> {
    const path = `/api/performance${after === null ? '' : `?after=${encodeURIComponent(after)}`}`;
    const { status, text } = await this.http.get(path, { maxBytes: ROWS_MAX_BYTES, ...options });
    if (status === 404) return { state: 'absent' };
    const answer = parsed(text);
    if (status === 503 && isObject(answer) && answer['enabled'] === false) return { state: 'off' };
    if (status !== 200) throw statusError(status, '/api/performance', this.http.origin);
    const lists = readPerformance(answer);
    if (lists === null) throw this.bad('/api/performance');
    return { state: 'on', ...lists };
  }

  /** `not_found` when the host has forgotten it. */
  async capture(
    id: number,
    options?: AskOptions,
  ): Promise<{ content: CaptureContent; requestBody: Buffer | null }> {
    const answer = await this.http.getJson(`/api/captures/${id}`, {
      maxBytes: CAPTURE_ANSWER_MAX_BYTES,
      ...options,
    });
    const content = readCapture(answer);
    if (content === null) throw this.bad('/api/captures');
    return { content, requestBody: wholeRequestBody(answer, PROMPT_MAX_BYTES) };
  }

  /** What runs; what does not is not in it. */
  async running(options?: AskOptions): Promise<RunningModel[]> {
    const models = readRunning(await this.http.getJson('/running', options));
    if (models === null) throw this.bad('/running');
    return models;
  }

  /**
   * Context length and slots (llama.cpp's `total_slots`) that the model's own server states, null when it does not, and
   * whether it is llama.cpp's.
   * Only for models that are ready: the host LOADS any other for this call. It also starts the idle time again.
   */
  async props(
    model: string,
    options?: AskOptions,
  ): Promise<{ contextLength: number | null; slots: number | null; isLlama: boolean }> {
    const path = `/upstream/${modelPath(model)}/props`;
    const answer = await this.http.getJson(path, { maxBytes: 8 * 1024 * 1024, ...options });
    const settings = isObject(answer) ? answer['default_generation_settings'] : undefined;
    return {
      contextLength: countOf(isObject(settings) ? settings['n_ctx'] : undefined),
      slots: countOf(isObject(answer) ? answer['total_slots'] : undefined),
      isLlama: isObject(settings),
    };
  }

  /** null where the build does not offer it. */
  async version(options?: AskOptions): Promise<Liveness['version']> {
    const answer = await this.optional('/api/version', options);
    if (!isObject(answer)) return null;
    return {
      version: textOf(answer, 'version', 128),
      commit: textOf(answer, 'commit', 128) || null,
      buildDate: textOf(answer, 'build_date', 128) || null,
    };
  }

  /** As the host says it, empty when that is nested too deeply; null where the build does not offer it. */
  async hardware(options?: AskOptions): Promise<Liveness['hardware']> {
    const answer = await this.optional('/api/hardware', { maxBytes: 64 * 1024, ...options });
    if (!isObject(answer)) return null;
    return isShallow(answer) ? answer : {};
  }

  /** Resolves when the host says that it is well. It needs no API key. */
  async health(options?: AskOptions): Promise<void> {
    const { status } = await this.http.get('/health', { timeoutMs: 5_000, ...options });
    if (status !== 200) throw statusError(status, '/health', this.http.origin);
  }

  /** Which generation answers here, by what it answers. The shape of its `inflight` events may correct B to C later. */
  async generation(options?: AskOptions): Promise<Generation> {
    try {
      await this.activityPage(1, 1, { maxBytes: 1024 * 1024, ...options });
    } catch (error) {
      // A build with a catch-all page answers it with HTML instead of 404.
      if (!(error instanceof HostError) || (error.code !== 'not_found' && error.code !== 'bad_answer'))
        throw error;
      await this.metricsRing(options);
      return 'A';
    }
    return (await this.hardware(options)) === null ? 'B' : 'C';
  }

  /** How far the host's clock is ahead of ours, to about a second; null before its first answer. */
  get clockSkewMs(): number | null {
    return this.http.clockSkewMs;
  }

  close(): Promise<void> {
    return this.http.close();
  }

  private async *readEvents(
    bytes: AsyncIterable<Uint8Array>,
    signal: AbortSignal,
    onHeard: () => void,
  ): AsyncGenerator<HostEvent, void> {
    const parser = new SseParser();
    const reader = new FrameReader();
    const chunks = bytes[Symbol.asyncIterator]();
    try {
      for (;;) {
        const { done, value } = await this.guard(signal, () => chunks.next());
        if (done === true) break;
        onHeard();
        for (const event of parser.push(value)) yield reader.read(event);
      }
    } finally {
      await chunks.return?.();
    }
    throw new HostError('reset', `${this.http.origin} closed the event stream. It is opened again.`);
  }

  private async optional(path: string, options?: AskOptions): Promise<unknown> {
    const { status, text } = await this.http.get(path, options);
    if (status === 200) return parsed(text);
    if (status === 404 || status === 405 || (status >= 300 && status < 400)) return null;
    throw statusError(status, path, this.http.origin);
  }

  private async guard<T>(signal: AbortSignal, act: () => Promise<T>): Promise<T> {
    try {
      return await act();
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      throw toHostError(error, this.http.origin);
    }
  }

  private bad(what: string): HostError {
    return new HostError(
      'bad_answer',
      `${this.http.origin} answers ${what} with something else than llama-swap does. Check the address.`,
      200,
    );
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function countOf(value: unknown): number | null {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? value : null;
}
