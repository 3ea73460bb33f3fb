import type { BatchConsumerOptions } from '../bus/batch-consumer.js';
import type { BusMessage } from '../bus/bus-message.js';
import type { Outcome } from '../bus/process-batch.js';
import { markMethod } from './decorated-methods.js';

/** What differs between consumers; the rest of BatchConsumerOptions is the platform's. */
export interface ConsumeOptions<T> extends Omit<
  BatchConsumerOptions<T>,
  'nc' | 'publisher' | 'log' | 'origin' | 'handle' | 'onMissingStream' | 'durable'
> {
  /** Its name in health, for example `captures`. */
  name: string;
  /** Name of the durable consumer on the server; default: the service's name. */
  durable?: string;
}

export type BatchHandler<T> = (batch: readonly BusMessage<T>[]) => Promise<void | Outcome<BusMessage<T>>>;

/** Options that need the instance (its configuration, a position from its database) are a function of it. */
export type ConsumeOptionsFor<Self, T> = ConsumeOptions<T> | ((self: Self) => ConsumeOptions<T>);

export const CONSUME = Symbol('boocontrol:consume');

/**
 * Hands batches of a stream's messages to this method of a provider or controller, in stream order, parsed by their
 * schema; acknowledged after it resolves, so it must be idempotent (see BatchConsumerOptions). Errors of PostgreSQL that go
 * away by themselves count as transient unless `isTransient` says otherwise. It runs from the start of the app until its
 * shutdown, is in health under its name, and finishes the batch in hand before the service ends.
 */
export function Consume<T, Self = object>(
  options: ConsumeOptionsFor<Self, T>,
): <M extends BatchHandler<T>>(target: Self, key: string, descriptor: TypedPropertyDescriptor<M>) => void {
  return (_target, _key, descriptor) => markMethod(CONSUME, descriptor, options);
}
