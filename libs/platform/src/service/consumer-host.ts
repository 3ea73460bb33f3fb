import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import type { NatsConnection } from '@nats-io/transport-node';
import { BatchConsumer } from '../bus/batch-consumer.js';
import { JetStreamSetup } from '../bus/jetstream-setup.js';
import { PipelinedPublisher } from '../bus/publisher.js';
import { WorkQueueConsumer } from '../bus/work-queue.js';
import { isTransientDbError } from '../db/transient.js';
import { HealthRegistry, type CheckResult } from '../health/health.js';
import type { Log } from '../logs/logger.js';
import { CONSUME, type BatchHandler, type ConsumeOptionsFor } from './consume.js';
import { DecoratedMethods, type DecoratedMethod } from './decorated-methods.js';
import { BUS, LOG, SERVICE_NAME } from './tokens.js';
import { WORK_QUEUE, type QueueOptionsFor, type WorkHandler } from './work-queue.js';

interface Consumer {
  start(): void;
  stop(): Promise<void>;
}

/** Runs what @Consume and @WorkQueue mark, from the start of the app until its shutdown. */
@Injectable()
export class ConsumerHost implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly running: Consumer[] = [];

  constructor(
    @Inject(DecoratedMethods) private readonly methods: DecoratedMethods,
    @Inject(BUS) private readonly nc: NatsConnection,
    @Inject(LOG) private readonly log: Log,
    @Inject(SERVICE_NAME) private readonly service: string,
    @Inject(PipelinedPublisher) private readonly publisher: PipelinedPublisher,
    @Inject(JetStreamSetup) private readonly setup: JetStreamSetup,
    @Inject(HealthRegistry) private readonly health: HealthRegistry,
  ) {}

  onApplicationBootstrap(): void {
    for (const found of this.methods.find<ConsumeOptionsFor<object, unknown>>(CONSUME)) {
      const { name, ...options } = optionsOf(found);
      const handle = found.method as BatchHandler<unknown>;
      const consumer = new BatchConsumer({ ...this.defaults(), ...options, ...this.surroundings(), handle });
      this.begin(name, consumer, () => withLag(consumer));
    }
    for (const found of this.methods.find<QueueOptionsFor<object, unknown>>(WORK_QUEUE)) {
      const { name, ...options } = optionsOf(found);
      const handle = found.method as WorkHandler<unknown>;
      const queue = new WorkQueueConsumer({
        ...this.defaults(),
        ...options,
        ...this.surroundings(),
        handle,
      });
      this.begin(name, queue, () => queue.health());
    }
  }

  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all(this.running.map((consumer) => consumer.stop()));
  }

  private begin(name: string, consumer: Consumer, check: () => CheckResult): void {
    this.health.register(name, check);
    this.running.push(consumer);
    consumer.start();
  }

  /** What the options of a decorator may replace. */
  private defaults() {
    return { durable: this.service, isTransient: isTransientDbError };
  }

  private surroundings() {
    const { nc, publisher, log, service: origin, setup } = this;
    return { nc, publisher, log, origin, onMissingStream: () => setup.ensure() };
  }
}

function optionsOf<O extends object>({ instance, metadata }: DecoratedMethod<O | ((self: object) => O)>): O {
  return typeof metadata === 'function' ? metadata(instance) : metadata;
}

function withLag(consumer: BatchConsumer<unknown>): CheckResult {
  const state = consumer.health();
  if (state.detail !== undefined) return state;
  const { lag, dead } = consumer.stats();
  const givenUp = dead === 0 ? '' : `, ${dead} given up to DEAD since the start`;
  return { ...state, detail: `${lag} messages behind${givenUp}` };
}
