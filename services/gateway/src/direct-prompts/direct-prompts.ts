import { createHash } from 'node:crypto';
import type { CapturedPrompt, Request } from '@boocontrol/contracts';
import { activityKey, instantFromMs, instantToMs, toldPrompt } from '@boocontrol/fleet-model';
import { printOfMessage, readsPrompt } from '@boocontrol/llama-swap';
import { LiveFleet, LOG, type Log } from '@boocontrol/platform';
import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { DirectTraffic } from '../direct/direct-traffic.js';
import { DispatchRecorder } from '../dispatches/dispatch-recorder.js';
import { CapturedPrompts } from './captured-prompts.js';
import type { HostModel, KnownPrompt, Noted } from '../prompt-cache/prompt-book.js';
import { PromptObserver } from '../prompt-cache/prompt-observer.js';
import { ReadyTimes } from './ready-times.js';

const LOOK_EVERY_MS = 1_000;
/** A capture that ingest could not have in time is fetched later; after this its row goes without. */
const LATE_MS = 30_000;
/** Where the headers are known the capture was there, and how its prompt begins was told before the row, on another stream. */
const SOON_MS = 3_000;
const MOST_WAITING = 10_000;
/** From v236 on llama-swap cuts the times of rows to the second. */
const CUT_MS = 1_000;

/** Requests that went straight to hosts: what the prompt cache did for them, and how their prompts begin where hosts keep them. */
@Injectable()
export class DirectPrompts implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly ready = new ReadyTimes();
  private waiting: { row: Request; dueMs: number }[] = [];
  private timer: NodeJS.Timeout | undefined;
  private forget: () => void = () => undefined;

  constructor(
    @Inject(DirectTraffic) private readonly direct: DirectTraffic,
    @Inject(CapturedPrompts) private readonly captured: CapturedPrompts,
    @Inject(PromptObserver) private readonly observer: PromptObserver,
    @Inject(DispatchRecorder) private readonly recorder: DispatchRecorder,
    @Inject(LiveFleet) private readonly live: LiveFleet,
    @Inject(LOG) private readonly log: Log,
  ) {}

  onApplicationBootstrap(): void {
    this.direct.onRow((row) => this.rowCame(row, performance.now()));
    this.forget = this.live.onFact((fact) => {
      if (fact.kind === 'model-changed') this.ready.note(fact.body);
    });
    this.timer = setInterval(() => this.look(performance.now()), LOOK_EVERY_MS).unref();
  }

  beforeApplicationShutdown(): void {
    this.forget();
    clearInterval(this.timer);
  }

  private rowCame(row: Request, nowMs: number): void {
    const prompt = this.captured.take(row);
    const mayCome = row.hasCapture && readsPrompt(row.reqPath) && this.waiting.length < MOST_WAITING;
    if (prompt !== undefined || !mayCome) return this.note(row, prompt);
    this.waiting.push({ row, dueMs: nowMs + (row.dispatchId === undefined ? LATE_MS : SOON_MS) });
  }

  private look(nowMs: number): void {
    for (const waiting of this.waiting.splice(0)) {
      const prompt = this.captured.take(waiting.row);
      if (prompt === undefined && waiting.dueMs > nowMs) this.waiting.push(waiting);
      else this.note(waiting.row, prompt);
    }
  }

  private note(row: Request, captured: CapturedPrompt | undefined): void {
    if (row.statusCode !== 200) return;
    try {
      this.tell(row, captured);
    } catch (error) {
      this.log.error(
        { err: error, provider: row.providerId, entryId: row.entryId },
        'the prompt of a direct request could not be observed',
      );
    }
  }

  private tell(row: Request, captured: CapturedPrompt | undefined): void {
    const noted = notedOf(row, captured, (untilMs) => this.modelAt(row, untilMs));
    const prefix = this.observer.note(noted) ?? null;
    const { id, at, providerId, model, promptTokens, cacheTokens, consumer: source } = noted;
    // Neither tells anything of the cache.
    if (prefix === null && (promptTokens === null || cacheTokens === null)) return;
    const { entryId, ts } = row;
    this.recorder.recordDirectPrompt({
      id,
      at,
      providerId,
      model,
      source,
      row: { entryId, ts },
      promptTokens,
      cacheTokens,
      prefix,
    });
  }

  /** As it was when the request ended: it may have been loaded again since. */
  private modelAt({ providerId, model }: Request, untilMs: number): HostModel {
    const now = this.observer.modelOf(providerId, model);
    const readySinceMs =
      now.readySinceMs !== null && now.readySinceMs <= untilMs
        ? now.readySinceMs
        : this.ready.before(providerId, model, untilMs);
    return { slots: now.slots, readySinceMs };
  }
}

function notedOf(
  row: Request,
  captured: CapturedPrompt | undefined,
  modelAt: (untilMs: number) => HostModel,
): Noted {
  const { providerId, entryId, ts, model, cacheTokens, promptTps } = row;
  const endedMs = instantToMs(row.endedAt);
  const latestEndMs = latestEnd(endedMs, instantToMs(row.at));
  const fromMs = endedMs - row.durationMs;
  const { promptTokens } = toldPrompt(row);
  const fresh = promptTokens === null ? null : promptTokens - (cacheTokens ?? 0);
  return {
    id: idOf(activityKey(row)),
    // Mostly it is told of at once, so this is nearer than the beginning of the second.
    at: instantFromMs(Math.max(0, latestEndMs - row.durationMs)),
    seenBy: 'capture',
    dispatchId: null,
    row: { entryId, ts },
    consumer: captured?.source ?? row.source,
    providerId,
    model,
    fromMs,
    endedMs,
    slackMs: latestEndMs - endedMs,
    promptTokens,
    cacheTokens,
    promptMs: promptTps === null || promptTps === 0 || fresh === null ? null : (fresh / promptTps) * 1_000,
    prompt: captured === undefined ? null : knownOf(captured),
    hostModel: modelAt(latestEndMs),
    wasLoaded: true,
  };
}

/** A time without a fraction may be cut; nothing is told of before it is over. Epoch milliseconds. */
function latestEnd(endedMs: number, toldMs: number): number {
  if (!Number.isInteger(endedMs / 1_000)) return endedMs;
  return Math.max(endedMs, Math.min(endedMs + CUT_MS, toldMs));
}

function knownOf(captured: CapturedPrompt): KnownPrompt {
  const { session, isNamed, inputs } = captured;
  return { session, isNamed, inputs: new Map(Object.entries(inputs)), print: printOfMessage(captured) };
}

/** The same for a row whoever sees it, and however often: a UUID (RFC 9562, version 8) of its key. */
function idOf(key: string): string {
  const hash = createHash('sha256').update(key).digest();
  hash.writeUInt8(((hash[6] ?? 0) & 0x0f) | 0x80, 6);
  hash.writeUInt8(((hash[8] ?? 0) & 0x3f) | 0x80, 8);
  const hex = hash.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join(
    '-',
  );
}
