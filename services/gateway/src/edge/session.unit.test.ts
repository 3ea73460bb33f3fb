import { describe, expect, it } from 'vitest';
import { isAuthenticated, isSession, mintSession, sameSecret, SESSION_S, sessionCookie } from './session.js';

const TOKEN = 'a-token-of-at-least-16';
const NOW_MS = 1_795_000_000_000;

describe('a session', () => {
  const session = mintSession(TOKEN, NOW_MS);

  it('proves the token until it ends', () => {
    expect(isSession(session, TOKEN, NOW_MS)).toBe(true);
    expect(isSession(session, TOKEN, NOW_MS + (SESSION_S - 1) * 1000)).toBe(true);
    expect(isSession(session, TOKEN, NOW_MS + SESSION_S * 1000)).toBe(false);
  });

  it('does not hold the token, and ends with it', () => {
    expect(session).not.toContain(TOKEN);
    expect(isSession(session, `${TOKEN}-new`, NOW_MS)).toBe(false);
  });

  it('cannot be prolonged or made up', () => {
    const [, seal = ''] = session.split('.');
    expect(isSession(`${Math.floor(NOW_MS / 1000) + SESSION_S + 1}.${seal}`, TOKEN, NOW_MS)).toBe(false);
    for (const made of ['', '.', `99999999999.${'A'.repeat(43)}`, seal]) {
      expect(isSession(made, TOKEN, NOW_MS)).toBe(false);
    }
  });

  it('travels in a cookie that scripts and other sites do not get', () => {
    const cookie = sessionCookie(session, false);
    expect(cookie).toContain('HttpOnly');
    expect(cookie).toContain('SameSite=Strict');
    expect(cookie).not.toContain('Secure');
    expect(sessionCookie(session, true)).toContain('Secure');
    expect(sessionCookie(null, false)).toContain('Max-Age=0');
  });
});

describe('a request', () => {
  const cookie = `theme=dark; boocontrol_session=${mintSession(TOKEN, NOW_MS)}`;
  it.each([
    [{}, undefined, true],
    [{}, TOKEN, false],
    [{ authorization: `Bearer ${TOKEN}` }, TOKEN, true],
    [{ authorization: `bearer ${TOKEN}` }, TOKEN, true],
    [{ authorization: `Bearer ${TOKEN}x` }, TOKEN, false],
    [{ authorization: `Basic ${TOKEN}` }, TOKEN, false],
    [{ cookie }, TOKEN, true],
    [{ cookie: 'boocontrol_session=1.2' }, TOKEN, false],
    [{ cookie, authorization: 'Bearer wrong' }, TOKEN, false],
  ])('with %j, token %s: %s', (headers, token, expected) => {
    expect(isAuthenticated(headers, token, NOW_MS)).toBe(expected);
  });
});

it('compares secrets of any length', () => {
  expect(sameSecret('a', 'a')).toBe(true);
  expect(sameSecret('a', 'aa')).toBe(false);
});
