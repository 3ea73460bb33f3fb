import { describe, expect, it } from 'vitest';
import { allowedHosts, hostName, isPublic, judge, type AccessPolicy, type Approach } from './access.js';

const open: AccessPolicy = { hosts: allowedHosts('127.0.0.1', ['boo.lan']), tokenNeeded: false };
const locked: AccessPolicy = { hosts: null, tokenNeeded: true };

function from(part: Partial<Approach>): Approach {
  const plain = { method: 'GET', path: '/api/fleet', host: 'localhost:9503', authenticated: false };
  return { ...plain, origin: undefined, fetchSite: undefined, ...part };
}
function code(part: Partial<Approach>, policy: AccessPolicy, handshake = false): string {
  const verdict = judge(from(part), policy, handshake);
  return verdict.pass ? 'pass' : verdict.code;
}

describe('the Host header', () => {
  it.each([
    ['localhost:9503', 'pass'],
    ['LOCALHOST', 'pass'],
    ['127.0.0.1:9503', 'pass'],
    ['[::1]:9503', 'pass'],
    ['boo.lan', 'pass'],
    ['evil.example:9503', 'host_not_allowed'],
    ['localhost.evil.example', 'host_not_allowed'],
    ['127.0.0.1.evil.example', 'host_not_allowed'],
    ['localhost@evil.example', 'host_not_allowed'],
    ['localhost/evil', 'host_not_allowed'],
    ['', 'host_not_allowed'],
    [undefined, 'host_not_allowed'],
  ])('%s: %s', (host, expected) => {
    expect(code({ host }, open)).toBe(expected);
  });

  it('also is a closed list of names for the configured address', () => {
    expect(allowedHosts('127.0.0.7', [])?.has('127.0.0.7')).toBe(true);
    expect(allowedHosts('::1', [])?.has('::1')).toBe(true);
  });

  it('may be any behind a token, unless names were given', () => {
    expect(allowedHosts('0.0.0.0', [])).toBeNull();
    expect(allowedHosts('0.0.0.0', ['boo.lan'])?.has('evil.example')).toBe(false);
  });

  it('is read without port and case', () => {
    expect(hostName('[::1]:80')).toBe('::1');
    expect(hostName('A.b:1')).toBe('a.b');
    expect(hostName('a b')).toBeNull();
  });
});

describe('the Origin header', () => {
  it.each([
    ['POST', undefined, undefined, 'pass'],
    ['POST', 'http://localhost:9503', undefined, 'pass'],
    ['POST', 'https://localhost:9503', undefined, 'pass'],
    ['POST', 'http://localhost:3000', undefined, 'origin_not_allowed'],
    ['POST', 'http://evil.example', undefined, 'origin_not_allowed'],
    ['DELETE', 'null', undefined, 'origin_not_allowed'],
    ['PATCH', undefined, 'cross-site', 'origin_not_allowed'],
    ['PUT', undefined, 'same-origin', 'pass'],
    ['PUT', undefined, 'none', 'pass'],
    ['GET', 'http://evil.example', 'cross-site', 'pass'],
  ])('%s from %s (%s): %s', (method, origin, fetchSite, expected) => {
    expect(code({ method, origin, fetchSite }, open)).toBe(expected);
  });

  it('is looked at for a socket, though that is a GET', () => {
    expect(code({ origin: 'http://evil.example' }, open, true)).toBe('origin_not_allowed');
    expect(code({ origin: 'http://localhost:9503' }, open, true)).toBe('pass');
  });

  it('knows a port that is the default of its scheme', () => {
    expect(code({ method: 'POST', host: 'boo.lan', origin: 'http://boo.lan' }, open)).toBe('pass');
    expect(code({ method: 'POST', host: 'boo.lan:80', origin: 'http://boo.lan' }, open)).toBe('pass');
    expect(code({ method: 'POST', host: 'boo.lan', origin: 'https://boo.lan' }, open)).toBe('pass');
  });
});

describe('the token', () => {
  it.each([
    ['GET', '/api/fleet', false, 'unauthorized'],
    ['GET', '/api/fleet', true, 'pass'],
    ['GET', '/', false, 'unauthorized'],
    ['GET', '/metrics', false, 'unauthorized'],
    ['GET', '/health', false, 'unauthorized'],
    ['GET', '/api/openapi.json', false, 'unauthorized'],
    ['GET', '/api/health', false, 'pass'],
    ['POST', '/api/health', false, 'unauthorized'],
    ['GET', '/api/session', false, 'pass'],
    ['POST', '/api/session', false, 'pass'],
    ['GET', '/login/', false, 'pass'],
    ['GET', '/_next/static/chunks/a.js', false, 'pass'],
    ['POST', '/_next/static/chunks/a.js', false, 'unauthorized'],
    ['GET', '/loginx', false, 'unauthorized'],
  ])('%s %s, with it %s: %s', (method, path, authenticated, expected) => {
    expect(code({ method, path, authenticated }, locked)).toBe(expected);
  });

  it('is needed for every socket', () => {
    expect(code({ path: '/login/' }, locked, true)).toBe('unauthorized');
    expect(code({ path: '/socket.io/', authenticated: true }, locked, true)).toBe('pass');
  });

  it('is not asked of what carries no data', () => {
    expect(isPublic('GET', '/api/providers')).toBe(false);
    expect(isPublic('HEAD', '/login')).toBe(true);
  });
});
