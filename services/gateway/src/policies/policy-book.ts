import { BUCKET, RoutePolicySchema, type RoutePolicy } from '@boocontrol/contracts';
import { BUS, FollowedBucket, JetStreamSetup, LOG, type Log } from '@boocontrol/platform';
import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import type { NatsConnection } from '@nats-io/transport-node';
import { BUILT_IN, inOrder } from './built-in.js';

/** The policies in memory, as KV `policies` has them: what decides while the database is away. */
@Injectable()
export class PolicyBook implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly bucket: FollowedBucket<RoutePolicy>;
  /** The one who fills a bucket that is new. */
  private onAnew: () => void = () => undefined;

  constructor(
    @Inject(BUS) nc: NatsConnection,
    @Inject(LOG) log: Log,
    @Inject(JetStreamSetup) setup: JetStreamSetup,
  ) {
    this.bucket = new FollowedBucket({
      nc,
      log,
      setup,
      bucket: BUCKET.policies,
      schema: RoutePolicySchema,
      what: 'a policy',
      keyOf: ({ name }) => name,
      onAnew: () => this.onAnew(),
    });
  }

  onApplicationBootstrap(): void {
    this.bucket.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.bucket.stop();
  }

  /** Called when the bucket was read: at first, and when it is another one. */
  whenReadAnew(listener: () => void): void {
    this.onAnew = listener;
  }

  /** null: there is none of that name. */
  get(name: string): RoutePolicy | null {
    // A built-in one is always there, whatever became of its entry.
    return this.bucket.get(name) ?? BUILT_IN.get(name) ?? null;
  }

  /** The built-in ones first. */
  list(): RoutePolicy[] {
    const names = new Set([...BUILT_IN.keys(), ...this.bucket.entries.keys()]);
    return inOrder([...names].map((name) => this.get(name)).filter((policy) => policy !== null));
  }

  /** Names that were ever written to the bucket, as far as it was read; asking the bus for them never ends when the bucket goes. */
  written(): string[] {
    return [...this.bucket.entries.keys()];
  }

  /** What a write of ours has put there, so that the next request already sees it. */
  note(name: string, revision: number, policy: RoutePolicy | null): void {
    this.bucket.note(name, revision, policy);
  }
}
