import type { Work, WorkQueueOptions } from '../bus/work-queue.js';
import { markMethod } from './decorated-methods.js';

/** What differs between work queues; the rest of WorkQueueOptions is the platform's. */
export interface QueueOptions<T> extends Omit<
  WorkQueueOptions<T>,
  'nc' | 'publisher' | 'log' | 'origin' | 'handle' | 'onMissingStream' | 'durable'
> {
  /** Its name in health, for example `queue`. */
  name: string;
  /** Prefix of the durable consumers' names; default: the service's name. */
  durable?: string;
}

export type WorkHandler<T> = (work: Work<T>) => Promise<void>;

export type QueueOptionsFor<Self, T> = QueueOptions<T> | ((self: Self) => QueueOptions<T>);

export const WORK_QUEUE = Symbol('boocontrol:work-queue');

/**
 * Hands queued work to this method, one piece at a time for each subject over all replicas, with heartbeats while it runs
 * and redelivery after a crash. That alone is not exclusion: after `ackWaitMs` a second worker gets the work while a
 * stalled first one still acts. So each piece has a row, a compare-and-set `queued → started` precedes its first effect,
 * and work that is redelivered after it had started is not done again but reconciled with the world.
 */
export function WorkQueue<T, Self = object>(
  options: QueueOptionsFor<Self, T>,
): <M extends WorkHandler<T>>(target: Self, key: string, descriptor: TypedPropertyDescriptor<M>) => void {
  return (_target, _key, descriptor) => markMethod(WORK_QUEUE, descriptor, options);
}
