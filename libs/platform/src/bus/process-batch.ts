import { backoffDelayMs } from '../backoff.js';

/** Why a message is given up. */
export interface Failure {
  code: string;
  reason: string;
  attempts: number;
}

/** What a handler may report besides success: messages that it refused while the rest was committed. */
export interface Outcome<M> {
  dead: readonly { message: M; code: string; reason: string }[];
}

export interface BatchWork<M> {
  /** Resolves after the commit. */
  handle: (batch: readonly M[]) => Promise<void | Outcome<M>>;
  /** True when the fault lies with the surroundings (database away), so that the same batch will pass later. */
  isTransient: (error: unknown) => boolean;
  /** How often one message alone may fail before it is given up. */
  maxAttempts: number;
  /** The messages are dealt with: acknowledge. */
  done: (messages: readonly M[]) => void;
  /** Gives a message up; resolves when it is stored elsewhere. */
  giveUp: (message: M, failure: Failure) => Promise<void>;
  /** Called before each pause, with the error that made it necessary. */
  onRetry: (error: unknown, isTransient: boolean) => void;
  pause: (ms: number) => Promise<void>;
  isStopped: () => boolean;
  random: () => number;
}

const TRANSIENT_BACKOFF = { baseMs: 200, maxMs: 5_000 };
const POISON_BACKOFF = { baseMs: 50, maxMs: 1_000 };

/**
 * Gets a batch through: a transient failure is waited out with the same batch for as long as it takes; any other failure
 * halves the batch until the poisonous message is alone, which after `maxAttempts` is given up while the rest goes on, in order.
 * Returns early, with the rest not done, when stopped.
 */
export async function processBatch<M>(batch: readonly M[], work: BatchWork<M>): Promise<void> {
  let transientFailures = 0;
  let attempts = 0;
  while (!work.isStopped()) {
    let outcome: void | Outcome<M>;
    try {
      outcome = await work.handle(batch);
    } catch (error) {
      const isTransient = work.isTransient(error);
      if (!isTransient && batch.length > 1) {
        const middle = Math.ceil(batch.length / 2);
        await processBatch(batch.slice(0, middle), work);
        await processBatch(batch.slice(middle), work);
        return;
      }
      work.onRetry(error, isTransient);
      if (isTransient) {
        await work.pause(backoffDelayMs(transientFailures++, TRANSIENT_BACKOFF, work.random()));
        continue;
      }
      attempts++;
      const [message] = batch;
      if (message !== undefined && attempts >= work.maxAttempts) {
        const reason = error instanceof Error ? error.message : String(error);
        await work.giveUp(message, { code: 'processing_failed', reason, attempts });
        return;
      }
      await work.pause(backoffDelayMs(attempts - 1, POISON_BACKOFF, work.random()));
      continue;
    }
    await finish(batch, outcome?.dead ?? [], work);
    return;
  }
}

async function finish<M>(batch: readonly M[], dead: Outcome<M>['dead'], work: BatchWork<M>): Promise<void> {
  const refused = new Set(dead.map(({ message }) => message));
  work.done(refused.size === 0 ? batch : batch.filter((message) => !refused.has(message)));
  for (const { message, code, reason } of dead) await work.giveUp(message, { code, reason, attempts: 1 });
}
