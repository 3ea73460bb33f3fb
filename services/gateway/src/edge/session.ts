import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

const COOKIE = 'boocontrol_session';
export const SESSION_S = 30 * 86_400;

/** Compares without telling by its duration how much was right, nor how long the right one is. */
export function sameSecret(a: string, b: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}

function seal(token: string, expiresS: number): string {
  return createHmac('sha256', token).update(`boocontrol session until ${expiresS}`).digest('base64url');
}

/** The cookie's value proves knowledge of the token without holding it; a new token ends all sessions. */
export function mintSession(token: string, nowMs: number): string {
  const expiresS = Math.floor(nowMs / 1000) + SESSION_S;
  return `${expiresS}.${seal(token, expiresS)}`;
}

export function isSession(value: string, token: string, nowMs: number): boolean {
  const match = /^(\d{1,12})\.([A-Za-z0-9_-]{43})$/.exec(value);
  if (!match) return false;
  const expiresS = Number(match[1]);
  return expiresS * 1000 > nowMs && sameSecret(match[2] ?? '', seal(token, expiresS));
}

/** `value` null removes it. Secure when the browser itself came over https. */
export function sessionCookie(value: string | null, secure: boolean): string {
  const age = value === null ? 0 : SESSION_S;
  return `${COOKIE}=${value ?? ''}; Path=/; Max-Age=${age}; HttpOnly; SameSite=Strict${secure ? '; Secure' : ''}`;
}

function readCookie(header: string | undefined): string | null {
  for (const part of header?.split(';') ?? []) {
    const [name, value] = part.trim().split('=', 2);
    if (name === COOKIE && value) return value;
  }
  return null;
}

/** Whether the headers carry the token or a session made with it. */
export function isAuthenticated(
  headers: { authorization?: string | undefined; cookie?: string | undefined },
  token: string | undefined,
  nowMs: number,
): boolean {
  if (token === undefined) return true;
  const bearer = /^Bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1];
  if (bearer !== undefined) return sameSecret(bearer, token);
  return hasSession(headers, token, nowMs);
}

/** Whether a session made with the token came along; false where no token is set, for then nobody logs in. */
export function hasSession(
  { cookie: header }: { cookie?: string | undefined },
  token: string | undefined,
  nowMs: number,
): boolean {
  const cookie = readCookie(header);
  return token !== undefined && cookie !== null && isSession(cookie, token, nowMs);
}
