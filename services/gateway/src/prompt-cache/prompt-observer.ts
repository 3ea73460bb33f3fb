import type { PrefixDrift, PrefixMark, RouteFact } from '@boocontrol/contracts';
import { findModel } from '@boocontrol/fleet-model';
import { prefixInputsOf, PROMPT_MAX_BYTES, sessionOf, type Print } from '@boocontrol/llama-swap';
import { LiveFleet, LOG, type Log } from '@boocontrol/platform';
import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { DispatchRecorder } from '../dispatches/dispatch-recorder.js';
import type { Prompt, PromptWatch, Target, Watched } from '../inference/parts.js';
import { PREFIX } from '../inference/prefix.js';
import { HeldMisses } from './held-misses.js';
import { PromptBook, type HostModel, type KnownPrompt, type Noted } from './prompt-book.js';
import { Reading } from './reading.js';

const LOOK_EVERY_MS = 1_000;

/** Holds the prompts of sessions against those before them, and tells where they part. */
@Injectable()
export class PromptObserver implements PromptWatch, OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly book = new PromptBook();
  private readonly misses = new HeldMisses();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    @Inject(LiveFleet) private readonly live: LiveFleet,
    @Inject(DispatchRecorder) private readonly recorder: DispatchRecorder,
    @Inject(LOG) private readonly log: Log,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => this.tell(this.misses.take(performance.now())), LOOK_EVERY_MS).unref();
  }

  beforeApplicationShutdown(): void {
    clearInterval(this.timer);
    this.tell(this.misses.drain());
  }

  /** Those that go through this gateway. */
  watch(prompt: Prompt): Watched {
    const isRead = prompt.bytes.length <= PROMPT_MAX_BYTES;
    const reading = new Reading(prompt.bytes, isRead ? prompt.parts : []);
    return {
      sent: () => reading.begin(),
      end: (fact, target, promptMs) => {
        try {
          return this.end(prompt, reading, fact, target, promptMs);
        } catch (error) {
          this.log.error({ err: error, id: fact.id }, 'how a prompt begins could not be observed');
          return undefined;
        }
      },
    };
  }

  /**
   * Of any request whose prompt a host has read, wherever it went through; what changed is told.
   * @returns undefined: there was nothing to compare
   */
  note(noted: Noted): PrefixMark | undefined {
    const { mark, drift, again } = this.book.note(noted);
    if (again !== null) this.tell(this.misses.hold(again, performance.now()));
    else if (drift !== null) this.tell([drift]);
    return mark;
  }

  modelOf(providerId: string, name: string): HostModel {
    const hosts = this.live.state?.hosts;
    const host = hosts !== undefined && Object.hasOwn(hosts, providerId) ? hosts[providerId] : undefined;
    const model = host === undefined ? null : findModel(host.models, name);
    return {
      readySinceMs: model?.state === 'ready' && model.since !== null ? Date.parse(model.since) : null,
      slots: model?.slots ?? null,
    };
  }

  private end(
    prompt: Prompt,
    reading: Reading,
    fact: RouteFact,
    target: Target | null,
    promptMs: number | null,
  ): PrefixMark | undefined {
    const answered = fact.attempts.at(-1);
    const isAnswered = answered?.status === 200 && answered.firstByteMs !== null;
    if (answered === undefined || !isAnswered) {
      reading.stop();
      return undefined;
    }
    const { providerId, model, startedAt } = answered;
    const print = reading.finish();
    return this.note({
      id: fact.id,
      at: fact.at,
      seenBy: 'gateway',
      dispatchId: fact.id,
      consumer: fact.source,
      providerId,
      model,
      fromMs: Date.parse(startedAt),
      endedMs: Date.parse(fact.at) + fact.durationMs,
      slackMs: 0,
      promptTokens: fact.promptTokens,
      cacheTokens: fact.cacheTokens,
      promptMs,
      prompt: print === null ? null : known(prompt, print),
      hostModel: this.modelOf(providerId, model),
      wasLoaded: target?.kind !== 'llama-swap' || target.isLoaded,
    });
  }

  private tell(drifts: readonly PrefixDrift[]): void {
    for (const drift of drifts) this.recorder.recordDrift(drift);
  }
}

function known({ source, session, inputs }: Prompt, print: Print): KnownPrompt {
  const name = session === null || session.startsWith(PREFIX) ? null : session;
  return {
    session: sessionOf(source, name, print),
    isNamed: name !== null,
    inputs: prefixInputsOf(inputs),
    print,
  };
}
