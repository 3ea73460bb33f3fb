import { describe, expect, it } from 'vitest';
import { natsConfig } from './nats-config.js';
import { isPostmasterReady, postgresArguments } from './postgres-settings.js';

describe('settings of the servers', () => {
  it('keeps NATS on loopback with a quoted password', () => {
    const config = natsConfig({ port: 4222, storeDir: '/a "b"/c', user: 'u', password: 'p"q' });
    expect(config).toContain('host: "127.0.0.1"');
    expect(config).toContain(String.raw`password: "p\"q"`);
    expect(config).toContain(String.raw`store_dir: "/a \"b\"/c"`);
    expect(config).toContain('sync_interval: "1s"');
  });

  it('puts the socket of PostgreSQL beside the data, unless the path is too long for one', () => {
    const short = postgresArguments({ port: 5432, dataDir: '/data', extra: [] });
    expect(short).toContain('unix_socket_directories=/data');
    expect(short).toContain('listen_addresses=127.0.0.1');
    const long = postgresArguments({ port: 5432, dataDir: `/${'d'.repeat(100)}`, extra: [] });
    expect(long).toContain('unix_socket_directories=');
  });

  it('lets further settings win', () => {
    const args = postgresArguments({ port: 5432, dataDir: '/data', extra: ['max_connections=7'] });
    expect(args.lastIndexOf('max_connections=7')).toBeGreaterThan(args.indexOf('max_connections=100'));
  });

  it('sees from postmaster.pid when the server is ready, and that the file is of this process', () => {
    const file = (status: string): string => `12\n/d\n1700000000\n5432\n/d\n127.0.0.1\n  1 2\n${status}\n`;
    expect(isPostmasterReady(file('ready   '), 12)).toBe(true);
    expect(isPostmasterReady(file('starting'), 12)).toBe(false);
    expect(isPostmasterReady(file('ready   '), 13)).toBe(false);
    expect(isPostmasterReady('', 12)).toBe(false);
  });
});
