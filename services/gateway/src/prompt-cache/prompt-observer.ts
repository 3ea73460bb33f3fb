import type { PrefixMark, RouteFact } from '@boocontrol/contracts';
import { findModel } from '@boocontrol/fleet-model';
import { LiveFleet, LOG, type Log } from '@boocontrol/platform';
import { Inject, Injectable } from '@nestjs/common';
import { DispatchRecorder } from '../dispatches/dispatch-recorder.js';
import type { Prompt, PromptWatch, Target, Watched } from '../inference/parts.js';
import { PromptBook, type HostModel } from './prompt-book.js';
import { Reading } from './reading.js';

/** Longer bodies (pictures, mostly) are not read a second time. */
const MAX_BYTES = 8 * 1024 * 1024;

/** Holds the prompts that go through this gateway against those of their session before, and tells where they part. */
@Injectable()
export class PromptObserver implements PromptWatch {
  private readonly book = new PromptBook();

  constructor(
    @Inject(LiveFleet) private readonly live: LiveFleet,
    @Inject(DispatchRecorder) private readonly recorder: DispatchRecorder,
    @Inject(LOG) private readonly log: Log,
  ) {}

  watch(prompt: Prompt): Watched {
    const isRead = prompt.bytes.length <= MAX_BYTES;
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

  private end(
    { source, session, inputs }: Prompt,
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
    const { mark, drift } = this.book.note({
      fact,
      answered,
      source,
      session,
      inputs,
      print: reading.finish(),
      promptMs,
      model: this.modelOf(answered.providerId, answered.model),
      wasLoaded: target?.kind !== 'llama-swap' || target.isLoaded,
    });
    if (drift !== null) this.recorder.recordDrift(drift);
    return mark;
  }

  private modelOf(providerId: string, name: string): HostModel {
    const hosts = this.live.state?.hosts;
    const host = hosts !== undefined && Object.hasOwn(hosts, providerId) ? hosts[providerId] : undefined;
    const model = host === undefined ? null : findModel(host.models, name);
    return {
      readySinceMs: model?.state === 'ready' && model.since !== null ? Date.parse(model.since) : null,
      slots: model?.slots ?? null,
    };
  }
}
