import { expect, it } from 'vitest';
import { scopeOf, untilFirstEnds, Wake } from './wake.js';

const never = new AbortController().signal;

it('a wake that came before the wait is remembered once', async () => {
  const wake = new Wake();
  wake.raise();
  wake.raise();
  expect(await wake.wait(60_000, never)).toBe(true);
  expect(await wake.wait(1, never)).toBe(false);
});

it('a wake ends a wait, and so does the signal', async () => {
  const wake = new Wake();
  const waiting = wake.wait(60_000, never);
  wake.raise();
  expect(await waiting).toBe(true);
  const abort = new AbortController();
  const other = wake.wait(60_000, abort.signal);
  abort.abort();
  expect(await other).toBe(false);
});

it('the first end stops the others, waits for them and is what is thrown', async () => {
  const parent = new AbortController();
  const ended: string[] = [];
  const untilStopped = (name: string) => async (signal: AbortSignal) => {
    await new Promise((resolve) => signal.addEventListener('abort', resolve));
    ended.push(name);
    throw new Error('later');
  };
  const failing = (): Promise<never> => Promise.reject(new Error('first'));
  await expect(
    untilFirstEnds(scopeOf(parent.signal), [untilStopped('a'), failing, untilStopped('b')]),
  ).rejects.toThrow('first');
  expect(ended).toEqual(['a', 'b']);
  expect(parent.signal.aborted).toBe(false);
});

it('a scope ends with its parent', () => {
  const parent = new AbortController();
  const scope = scopeOf(parent.signal);
  parent.abort(new Error('over'));
  expect(scope.signal.reason).toEqual(new Error('over'));
  expect(scopeOf(parent.signal).signal.aborted).toBe(true);
});
