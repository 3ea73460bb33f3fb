import { CapturedPromptSchema, STREAM, subjects, type CapturedPrompt } from '@boocontrol/contracts';
import { activityKey } from '@boocontrol/fleet-model';
import { BUS, decodeJson, JetStreamSetup, LOG, StreamFollower, type Log } from '@boocontrol/platform';
import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import type { NatsConnection } from '@nats-io/transport-node';

/** Over all prompts that wait for their rows; some 200 bytes each. */
const MOST_SEGMENTS = 200_000;

/** How captured prompts begin, those of the last minutes, until somebody asks for them. */
@Injectable()
export class CapturedPrompts implements OnApplicationBootstrap, BeforeApplicationShutdown {
  /** By the key of their row, oldest first. */
  private readonly prompts = new Map<string, CapturedPrompt>();
  private segments = 0;
  private readonly follower: StreamFollower;

  constructor(
    @Inject(BUS) nc: NatsConnection,
    @Inject(LOG) private readonly log: Log,
    @Inject(JetStreamSetup) setup: JetStreamSetup,
  ) {
    this.follower = new StreamFollower({
      nc,
      log,
      stream: STREAM.prompts,
      subjects: [subjects.allPrompts],
      // The stream holds two minutes; rows of those may be told of as soon as we begin.
      begin: () => Promise.resolve(1),
      onMessage: ({ data }) => this.hear(data),
      onMissing: () => setup.ensure(),
    });
  }

  onApplicationBootstrap(): void {
    this.follower.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.follower.stop();
  }

  /** Of a row; it is forgotten here. undefined: it is not here, or not yet. */
  take(row: Pick<CapturedPrompt, 'providerId' | 'entryId' | 'ts'>): CapturedPrompt | undefined {
    return this.drop(activityKey(row));
  }

  private hear(data: Uint8Array): void {
    const read = decodeJson(data, CapturedPromptSchema);
    if (!read.ok) return this.log.warn({ reason: read.reason }, 'ignored how a captured prompt begins');
    const key = activityKey(read.value);
    this.drop(key);
    this.prompts.set(key, read.value);
    this.segments += read.value.segments.length;
    for (const oldest of this.prompts.keys()) {
      if (this.segments <= MOST_SEGMENTS) return;
      this.drop(oldest);
    }
  }

  private drop(key: string): CapturedPrompt | undefined {
    const prompt = this.prompts.get(key);
    this.prompts.delete(key);
    this.segments -= prompt?.segments.length ?? 0;
    return prompt;
  }
}
