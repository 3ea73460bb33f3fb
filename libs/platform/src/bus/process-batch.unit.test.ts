import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { processBatch, type BatchWork, type Failure } from './process-batch.js';

interface Run {
  committed: number[];
  acknowledged: number[];
  dead: [number, Failure][];
  waits: number;
}

/** A handler over a table: poisonous messages fail for good, the first `outages` calls fail for a while. */
async function run(
  batch: number[],
  poison: ReadonlySet<number>,
  outages = 0,
  change: Partial<BatchWork<number>> = {},
): Promise<Run> {
  const seen: Run = { committed: [], acknowledged: [], dead: [], waits: 0 };
  const work: BatchWork<number> = {
    handle: (messages) => {
      if (outages-- > 0) return Promise.reject(new Error('away'));
      const bad = messages.find((message) => poison.has(message));
      if (bad !== undefined) return Promise.reject(new Error(`bad ${bad}`));
      seen.committed.push(...messages);
      return Promise.resolve();
    },
    isTransient: (error) => error instanceof Error && error.message === 'away',
    maxAttempts: 3,
    done: (messages) => seen.acknowledged.push(...messages),
    giveUp: (message, failure) => {
      seen.dead.push([message, failure]);
      return Promise.resolve();
    },
    onRetry: () => undefined,
    pause: () => {
      seen.waits++;
      return Promise.resolve();
    },
    isStopped: () => false,
    random: () => 0,
    ...change,
  };
  await processBatch(batch, work);
  return seen;
}

describe('processBatch', () => {
  it('commits everything but the poison, in order, and gives up exactly the poison', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.nat(200), { minLength: 1, maxLength: 60 }),
        fc.array(fc.nat(200), { maxLength: 6 }),
        fc.nat(4),
        async (batch, bad, outages) => {
          const poison = new Set(bad);
          const { committed, acknowledged, dead } = await run(batch, poison, outages);
          const healthy = batch.filter((message) => !poison.has(message));
          expect(committed).toEqual(healthy);
          expect(acknowledged).toEqual(healthy);
          expect(dead.map(([message]) => message)).toEqual(batch.filter((message) => poison.has(message)));
          for (const [, failure] of dead)
            expect(failure).toMatchObject({ code: 'processing_failed', attempts: 3 });
        },
      ),
    );
  });

  it('never splits nor gives up a batch while its database is away', async () => {
    const sizes: number[] = [];
    let failures = 50;
    const { acknowledged, dead } = await run([1, 2, 3, 4], new Set(), 0, {
      handle: (messages) => {
        sizes.push(messages.length);
        return failures-- > 0 ? Promise.reject(new Error('away')) : Promise.resolve();
      },
    });
    expect(sizes).toEqual(Array.from({ length: 51 }, () => 4));
    expect(acknowledged).toEqual([1, 2, 3, 4]);
    expect(dead).toEqual([]);
  });

  it('does not count an outage as an attempt of the poison', async () => {
    const errors = ['bad', 'away', 'bad', 'away', 'away', 'bad'];
    const { dead } = await run([7], new Set(), 0, {
      handle: () => Promise.reject(new Error(errors.shift())),
    });
    expect(dead).toEqual([[7, { code: 'processing_failed', reason: 'bad', attempts: 3 }]]);
  });

  it('gives up what the handler refused and acknowledges the rest', async () => {
    const { acknowledged, dead } = await run([1, 2, 3], new Set(), 0, {
      handle: () => Promise.resolve({ dead: [{ message: 2, code: 'too_old', reason: 'from last year' }] }),
    });
    expect(acknowledged).toEqual([1, 3]);
    expect(dead).toEqual([[2, { code: 'too_old', reason: 'from last year', attempts: 1 }]]);
  });

  it('leaves the batch unacknowledged when stopped while waiting', async () => {
    let isStopped = false;
    const { acknowledged, dead } = await run([1, 2], new Set(), 1_000, {
      isStopped: () => isStopped,
      pause: () => {
        isStopped = true;
        return Promise.resolve();
      },
    });
    expect(acknowledged).toEqual([]);
    expect(dead).toEqual([]);
  });
});
