import { describe, expect, it } from 'vitest';
import { ExposedError, isLoopback, loadGatewayConfig } from './config.js';

const env = { NATS_URL: 'nats://127.0.0.1:4222', DATABASE_URL: 'postgres://u:p@127.0.0.1/b' };
const TOKEN = 'sixteen-or-more-characters';

describe('the address', () => {
  it('is loopback by default, and the platform listens there', () => {
    expect(loadGatewayConfig(env)).toMatchObject({ HOST: '127.0.0.1', PORT: 9503 });
    expect(loadGatewayConfig({ ...env, PORT: '1', BOOCONTROL_PORT: '2' }).PORT).toBe(2);
  });

  it.each(['0.0.0.0', '::', '192.168.1.5', 'boo.lan'])('%s needs a token', (host) => {
    const open = { ...env, BOOCONTROL_HOST: host };
    expect(() => loadGatewayConfig(open)).toThrow(ExposedError);
    expect(() => loadGatewayConfig(open)).toThrow(/BOOCONTROL_ADMIN_TOKEN/);
    expect(loadGatewayConfig({ ...open, BOOCONTROL_ADMIN_TOKEN: TOKEN }).HOST).toBe(host);
  });

  it('does not take a short token', () => {
    expect(() => loadGatewayConfig({ ...env, BOOCONTROL_ADMIN_TOKEN: 'short' })).toThrow(/16/);
  });

  it.each([
    ['127.0.0.1', true],
    ['127.8.8.8', true],
    ['localhost', true],
    ['::1', true],
    ['[::1]', true],
    ['0.0.0.0', false],
    ['::', false],
    ['127.0.0.1.evil.example', false],
    ['localhost.evil.example', false],
  ])('%s is loopback: %s', (host, expected) => {
    expect(isLoopback(host)).toBe(expected);
  });

  it('has more names separated by commas', () => {
    expect(
      loadGatewayConfig({ ...env, BOOCONTROL_ALLOWED_HOSTS: ' Boo.lan, ,b ' }).BOOCONTROL_ALLOWED_HOSTS,
    ).toEqual(['boo.lan', 'b']);
  });
});
