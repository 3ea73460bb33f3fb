import { describe, expect, it } from 'vitest';
import { Attempt, type AttemptEnd } from './attempt.js';
import { Budget } from './budget.js';
import type { ClientAnswer } from './client-answer.js';
import type { HaltSignal } from './halt.js';
import { PATIENCE_MS } from './target-order.js';

const never = new AbortController().signal;
const fired = (signal: HaltSignal): Promise<boolean> =>
  new Promise((resolve) => signal.addEventListener('abort', () => resolve(true)));

describe('a budget', () => {
  it('of a policy that has none never ends, and has ten seconds of patience', async () => {
    const budget = new Budget(performance.now() - 1e9, null);
    expect([budget.isOver, budget.leftMs, budget.patienceMs]).toEqual([false, Infinity, PATIENCE_MS]);
    expect(await budget.within(never, (signal) => signal)).toBe(never);
  });

  it('is over when its time is, and ends what waits', async () => {
    const budget = new Budget(performance.now(), 20);
    const ended = await budget.within(never, fired);
    expect([ended, budget.isOver, budget.leftMs, budget.patienceMs]).toEqual([true, true, 0, 0]);
  });

  it('ends a wait also when the client leaves', async () => {
    const client = new AbortController();
    const wait = new Budget(performance.now(), 60_000).within(client.signal, fired);
    client.abort();
    expect(await wait).toBe(true);
  });
});

it('an answer that has begun is not given up', () => {
  const ends: AttemptEnd[] = [];
  const answer = { hasHead: false, head: () => undefined, write: () => true } as Partial<ClientAnswer>;
  const attempt = new Attempt(answer as ClientAnswer, 'chat', 'tower', (end) => ends.push(end));
  attempt.start(200, ['content-type', 'application/json']);
  attempt.data(Buffer.from('{"choices":'));
  attempt.giveUp('said nothing in time');
  expect([attempt.isChosen, ends]).toEqual([true, []]);

  const other = new Attempt(answer as ClientAnswer, 'chat', 'tower', (end) => ends.push(end));
  other.giveUp('said nothing in time');
  expect(ends).toMatchObject([
    { end: 'failed', failure: { outcome: 'timeout', message: 'said nothing in time' } },
  ]);
});
