import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { aTarget } from '../testing/target.js';
import { Attempt, type AttemptEnd } from './attempt.js';
import { ClientAnswer } from './client-answer.js';
import { Hedge, type HedgeParts, type Runner } from './hedge.js';

const AFTER_MS = 400;
const FAILED: AttemptEnd = {
  end: 'failed',
  failure: { outcome: 'reset', message: 'broke off', reply: null, retryAfter: undefined, isTooLong: false },
};

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A request at a host, in the middle. */
function runner(providerId: string): Runner & { say: (text: string) => void; fail: () => void } {
  const response = new ServerResponse(new IncomingMessage(new Socket()));
  let settle: (end: AttemptEnd | null) => void = () => undefined;
  const result = new Promise<AttemptEnd | null>((resolve) => (settle = resolve));
  const attempt = new Attempt(new ClientAnswer(response, 'id', 'chat'), 'chat', providerId, settle);
  attempt.start(200, ['content-type', 'text/event-stream']);
  const leave = vi.fn(() => settle(null));
  return {
    sent: { target: aTarget(providerId), attempt, startedAtMs: 0, hasAskedUsage: false, result, leave },
    leavePlace: vi.fn<() => void>(),
    say: (text) => attempt.data(Buffer.from(text)),
    fail: () => settle(FAILED),
  };
}

function hedge(first: Runner, second: () => Runner | null) {
  const asked = vi.fn(second);
  const lost = vi.fn<HedgeParts<string>['lost']>();
  const outcome = new Hedge<string>({
    afterMs: AFTER_MS,
    second: asked,
    leads: () => undefined,
    wins: () => undefined,
    lost,
    ended: (sent, end) => (end?.end === 'failed' ? null : `${sent.target.providerId} is over`),
  }).run(first);
  return { asked, lost, outcome };
}

describe('a second host', () => {
  it('is asked after so much silence, and not before', () => {
    const [one, two] = [runner('one'), runner('two')];
    const { asked } = hedge(one, () => two);
    vi.advanceTimersByTime(AFTER_MS - 1);
    expect(asked).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(asked).toHaveBeenCalledOnce();
    expect([one, two].map(({ sent }) => sent.attempt.hasRival)).toEqual([true, true]);
    vi.advanceTimersByTime(10 * AFTER_MS);
    expect(asked).toHaveBeenCalledOnce();
  });

  it('is not asked when the first has said something, were it only a comment', () => {
    const one = runner('one');
    const { asked } = hedge(one, () => null);
    one.say(': progress\n\n');
    vi.advanceTimersByTime(AFTER_MS);
    expect(asked).not.toHaveBeenCalled();
  });

  it('is not asked when the first has failed by then', async () => {
    const one = runner('one');
    const { asked, outcome } = hedge(one, () => null);
    one.fail();
    expect(await outcome).toBeNull();
    expect(one.leavePlace).toHaveBeenCalledOnce();
    vi.advanceTimersByTime(AFTER_MS);
    expect(asked).not.toHaveBeenCalled();
  });

  it('that is left in the moment in which the other begins does not count any more', async () => {
    const [one, two] = [runner('one'), runner('two')];
    const { outcome, lost } = hedge(one, () => two);
    vi.advanceTimersByTime(AFTER_MS);
    one.say('data: {"choices":[{"delta":{"content":"Hi"}}]}\n\n');
    expect(two.sent.leave).toHaveBeenCalledOnce();
    expect(two.leavePlace).toHaveBeenCalledOnce();
    expect(lost).toHaveBeenCalledExactlyOnceWith(two.sent, one.sent);
    one.sent.leave();
    expect(await outcome).toBe('one is over');
  });

  it('gives its place back too when something throws', async () => {
    const one = runner('one');
    const { outcome } = hedge(one, () => {
      throw new Error('no');
    });
    vi.advanceTimersByTime(AFTER_MS);
    await expect(outcome).rejects.toThrow('no');
    expect(one.leavePlace).toHaveBeenCalled();
  });
});
