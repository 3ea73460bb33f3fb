import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

/** The session is one for the page, so each test has a page of its own. */
async function page(...answers: (() => Response | Promise<Response>)[]) {
  vi.resetModules();
  vi.stubGlobal('fetch', async () => {
    const answer = answers.shift();
    if (!answer) throw new Error('asked too often');
    return answer();
  });
  const { session } = await import('./session');
  const { api } = await import('./client');
  const seen: string[] = [];
  session.subscribe(() => seen.push(session.get()));
  return { session, api, seen, left: answers };
}
const state = (required: boolean, authenticated: boolean) => () => Response.json({ required, authenticated });
const away = (): Promise<Response> => Promise.reject(new TypeError('Failed to fetch'));
const status = (code: number) => () => Response.json(null, { status: code });

describe('the session', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  it.each([
    ['open', 'no token is needed', state(false, false)],
    ['open', 'the token was given before', state(true, true)],
    ['locked', 'a token is needed', state(true, false)],
    ['open', 'the gateway knows no sessions', status(404)],
    ['unknown', 'the gateway failed', status(500)],
  ])('is %s when %s', async (expected, _when, answer) => {
    const { session } = await page(answer);
    expect(session.get()).toBe('unknown');
    await session.check();
    expect(session.get()).toBe(expected);
  });

  it('is asked for until the gateway answers', async () => {
    const { session, left, seen } = await page(away, away, state(false, false));
    await session.check();
    await vi.advanceTimersByTimeAsync(3_000);
    expect([session.get(), left.length]).toEqual(['unknown', 1]);
    await vi.advanceTimersByTimeAsync(3_000);
    expect([session.get(), left.length, seen]).toEqual(['open', 0, ['open']]);
  });

  it('stays as it is while the gateway is away', async () => {
    const { session } = await page(state(false, false), away);
    await session.check();
    await session.check();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(session.get()).toBe('open');
  });

  it('opens with the right token only', async () => {
    const { session } = await page(state(true, false), status(401), state(true, true));
    await session.check();
    await expect(session.open('wrong')).rejects.toMatchObject({ status: 401 });
    expect(session.get()).toBe('locked');
    await session.open('right');
    expect(session.get()).toBe('open');
  });

  it('is locked when a call is refused for want of the token', async () => {
    const { session, api, seen } = await page(state(true, true), status(401));
    await session.check();
    await expect(api('/fleet')).rejects.toMatchObject({ status: 401 });
    expect([session.get(), seen]).toEqual(['locked', ['open', 'locked']]);
  });
});
