import type { Fingerprint, Sample } from '@boocontrol/contracts';
import { setMaxListeners } from 'node:events';
import { systemClock } from '../clock.js';
import { sampleOf } from '../run/sample.js';
import type { Exchange } from '../wire/exchange.js';
import { Host } from '../wire/host.js';
import { Http } from '../wire/http.js';
import { saidOf, type Said } from '../wire/said.js';
import { framesOf } from '../wire/sse.js';

export interface ChatOptions {
  /** Address of the host, `/v1` at its end or not. */
  url: string;
  model: string;
  apiKey?: string | undefined;
  /** X-Boo-Source of every request. */
  source: string;
  /** Sent with every request as X-Boo-Run. */
  runId: string;
  /** What is asked, by its hash, and the sampling that all requests share: both are in the fingerprint. */
  suite: string;
  sampling: Fingerprint['sampling'];
  /** Names, drivers and power limits, where somebody knows them: they go into the fingerprint as they are. */
  gpus?: string[] | undefined;
  /** Fired: what is under way is given up. */
  signal?: AbortSignal | undefined;
}

/** What came of one request. */
export interface Told {
  /** Its times by the clock that benchmarks measure with, what it cost, how it ended. */
  sample: Sample;
  said: Said;
  /** When it was sent and when it ended, Unix milliseconds. */
  startedMs: number;
  endedMs: number;
}

const PATH = '/v1/chat/completions';

/**
 * Finds the host and has it load the model, as for a benchmark; then anything can be asked.
 * @throws {MeasureError} when nothing can be asked: see its codes
 * @throws the signal's reason when that fired
 */
export async function openChat(options: ChatOptions): Promise<Chat> {
  const { url, apiKey, runId, source, suite, sampling, gpus } = options;
  const clock = systemClock;
  const closing = new AbortController();
  const signal = AbortSignal.any([closing.signal, ...(options.signal ? [options.signal] : [])]);
  // Every request under way listens to it.
  setMaxListeners(0, signal);
  const http = new Http({ url, apiKey, clock, runId, source });
  try {
    const host = await Host.find(http, clock, signal);
    const settledMs = await host.settle();
    const model = await host.model(options.model);
    const loadMs = settledMs ?? (await host.load(model));
    const fingerprint: Fingerprint = {
      ...{ host: http.base, hostKind: host.kind, hostVersion: host.version, model },
      ...(await host.facts(model)),
      ...{ endpoint: 'chat', sampling, suite },
      ...(gpus && { gpus }),
    };
    return new Chat(host, model, fingerprint, loadMs, signal, closing);
  } catch (error) {
    await http.close();
    throw error;
  }
}

/** One model of one host, loaded. Nothing of it outlives `close`. */
export class Chat {
  constructor(
    private readonly host: Host,
    readonly model: string,
    readonly fingerprint: Fingerprint,
    /** How long it took to load, in milliseconds; null: it was loaded already. */
    readonly loadMs: number | null,
    private readonly signal: AbortSignal,
    private readonly closing: AbortController,
  ) {}

  /** By the model's own tokenizer, without its template; null: the host does not offer that. @throws {MeasureError} */
  countTokens(text: string): Promise<number | null> {
    return this.host.countTokens(this.model, text);
  }

  /**
   * Asks and reads the answer to its end, as a stream. Never throws for what the host answers: `sample` says it.
   * @param body of the request, without model and stream
   * @throws {MeasureError} `key_needed`, `model_unknown`
   */
  async ask(body: Readonly<Record<string, unknown>>, signal?: AbortSignal): Promise<Told> {
    const either = signal === undefined ? this.signal : AbortSignal.any([this.signal, signal]);
    const sentMs = systemClock.nowMs();
    const exchange = await this.host.http.send(PATH, this.bodyOf(body), sentMs, either);
    const endedMs = Date.now();
    if (exchange.status === 401 || exchange.status === 403) throw this.host.http.keyNeeded();
    if (exchange.status === 404) throw await this.host.unknown(this.model);
    return { ...toldOf(exchange), startedMs: endedMs - (exchange.endedMs - sentMs), endedMs };
  }

  /** Gives up what is under way and closes every connection. */
  async close(): Promise<void> {
    this.closing.abort(new Error('the session is closed'));
    await this.host.http.close();
  }

  private bodyOf(body: Readonly<Record<string, unknown>>): string {
    const { model } = this;
    return JSON.stringify({ ...body, model, stream: true, stream_options: { include_usage: true } });
  }
}

function toldOf(exchange: Exchange): { sample: Sample; said: Said } {
  const sample = sampleOf(exchange, {
    ...{ cell: 0, repetition: 0, runStartedMs: exchange.intendedMs, stream: true },
    ...{ promptTokens: null, outputTokens: null, cached: { from: 0, to: Infinity } },
  });
  return { sample, said: saidOf(framesOf(exchange.reads)) };
}
