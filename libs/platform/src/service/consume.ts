import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import type { NatsConnection } from '@nats-io/transport-node';
import { BatchConsumer, type BatchConsumerOptions, type ConsumerState } from '../bus/batch-consumer.js';
import type { BusMessage } from '../bus/bus-message.js';
import { JetStreamSetup } from '../bus/jetstream-setup.js';
import type { Outcome } from '../bus/process-batch.js';
import { PipelinedPublisher } from '../bus/publisher.js';
import { isTransientDbError } from '../db/transient.js';
import { HealthRegistry } from '../health/health.js';
import type { Log } from '../logs/logger.js';
import { DecoratedMethods, markMethod } from './decorated-methods.js';
import { BUS, LOG, SERVICE_NAME } from './tokens.js';

/** What differs between consumers; the rest of BatchConsumerOptions is the platform's. */
export interface ConsumeOptions<T> extends Omit<
  BatchConsumerOptions<T>,
  'nc' | 'publisher' | 'log' | 'origin' | 'handle' | 'onMissingStream' | 'durable'
> {
  /** Its name in health and on the way down, for example `captures`. */
  name: string;
  /** Name of the durable consumer on the server; default: the service's name. */
  durable?: string;
}

type BatchHandler<T> = (batch: readonly BusMessage<T>[]) => Promise<void | Outcome<BusMessage<T>>>;

/** Options that need the instance (its configuration, a position from its database) are a function of it. */
type OptionsFor<Self, T> = ConsumeOptions<T> | ((self: Self) => ConsumeOptions<T>);

const CONSUME = Symbol('boocontrol:consume');

/**
 * Hands batches of a stream's messages to this method of a provider or controller, in stream order, parsed by their
 * schema; acknowledged after it resolves, so it must be idempotent (see BatchConsumerOptions). Errors of PostgreSQL that go
 * away by themselves count as transient unless `isTransient` says otherwise. It runs from the start of the app until its
 * shutdown, is in health under its name, and finishes the batch in hand before the service ends.
 */
export function Consume<T, Self = object>(
  options: OptionsFor<Self, T>,
): <M extends BatchHandler<T>>(target: Self, key: string, descriptor: TypedPropertyDescriptor<M>) => void {
  return (_target, _key, descriptor) => markMethod(CONSUME, descriptor, options);
}

/** Runs what @Consume marks. */
@Injectable()
export class ConsumerHost implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly consumers: BatchConsumer<unknown>[] = [];

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
    for (const { instance, method, metadata } of this.methods.find<OptionsFor<object, unknown>>(CONSUME)) {
      const { name, ...options } = typeof metadata === 'function' ? metadata(instance) : metadata;
      const consumer = new BatchConsumer<unknown>({
        durable: this.service,
        isTransient: isTransientDbError,
        ...options,
        nc: this.nc,
        publisher: this.publisher,
        log: this.log,
        origin: this.service,
        handle: method as BatchHandler<unknown>,
        onMissingStream: () => this.setup.ensure(),
      });
      this.health.register(name, () => withLag(consumer));
      this.consumers.push(consumer);
      consumer.start();
    }
  }

  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all(this.consumers.map((consumer) => consumer.stop()));
  }
}

function withLag(consumer: BatchConsumer<unknown>): ConsumerState {
  const state = consumer.health();
  if (state.detail !== undefined) return state;
  const { lag, dead } = consumer.stats();
  const givenUp = dead === 0 ? '' : `, ${dead} given up to DEAD since the start`;
  return { ...state, detail: `${lag} messages behind${givenUp}` };
}
