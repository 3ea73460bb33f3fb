import { describe, expect, it } from 'vitest';
import { parsePrintUris } from './apt.js';
import { parseDotEnv, publishedAddress } from './docker.js';
import { fromSystemError, RuntimeError } from './errors.js';
import { chooseHome } from './home.js';
import { readFailure } from './launch.js';
import { natsConfig } from './nats-config.js';
import { isPostmasterReady, postgresArguments } from './postgres-settings.js';
import { parseStat } from './proc.js';
import { architectureOf } from './recipe.js';
import { parseState } from './server-state.js';
import { pickAccount } from './service-user.js';

describe('chooseHome', () => {
  const closedRoot = (folder: string): boolean => folder !== '/root';

  it('stays where it is asked for as an ordinary user', () => {
    expect(chooseHome('/root/x/.boocontrol', 1000, closedRoot).dir).toBe('/root/x/.boocontrol');
  });

  it('stays as root when every parent is open', () => {
    expect(chooseHome('/srv/x/.boocontrol', 0, closedRoot)).toEqual({
      dir: '/srv/x/.boocontrol',
      movedBecause: undefined,
    });
  });

  it('moves as root when a parent is closed, to a place of its own for each clone', () => {
    const one = chooseHome('/root/one/.boocontrol', 0, closedRoot);
    const two = chooseHome('/root/two/.boocontrol', 0, closedRoot);
    expect(one.dir).toMatch(/^\/var\/lib\/boocontrol\/[0-9a-f]{12}$/);
    expect(one.dir).not.toBe(two.dir);
    expect(one.movedBecause).toContain('/root ');
    expect(chooseHome('/root/one/.boocontrol', 0, closedRoot)).toEqual(one);
  });
});

describe('architectureOf', () => {
  it('knows Linux on amd64 and arm64 and nothing else', () => {
    expect(architectureOf('linux', 'x64')?.debian).toBe('amd64');
    expect(architectureOf('linux', 'arm64')?.libraries).toContain('aarch64');
    expect(architectureOf('linux', 'ia32')).toBeUndefined();
    expect(architectureOf('darwin', 'arm64')).toBeUndefined();
  });
});

describe('parsePrintUris', () => {
  it('reads name, size and hash and skips everything else', () => {
    const hash = 'a'.repeat(64);
    const text = `W: a warning\n'http://m/pool/x_1%3a2_amd64.deb' x_1%3a2_amd64.deb 57680 SHA256:${hash}\n'http://m/y' y 1 MD5:00\n`;
    expect(parsePrintUris(text)).toEqual([{ file: 'x_1%3a2_amd64.deb', sizeBytes: 57680, sha256: hash }]);
  });
});

describe('parseStat', () => {
  const fields = (state: string): string => `${state} 1 2 3 0 -1 4 5 6 7 8 9 10 11 12 20 0 1 0 4242 99`;

  it('reads the start time past a name with spaces and brackets', () => {
    expect(parseStat(`77 (my) prog) ${fields('S')}`)).toEqual({ pid: 77, startTicks: 4242 });
  });

  it('counts a zombie as gone', () => {
    expect(parseStat(`77 (prog) ${fields('Z')}`)).toBeUndefined();
  });
});

describe('parseState', () => {
  const state = { server: { pid: 2, startTicks: 3 }, owner: { pid: 4, startTicks: 5 }, port: 4222 };

  it('reads what is written', () => {
    expect(parseState(JSON.stringify(state))).toEqual(state);
  });

  it.each(['', '{', 'null', '{}', '{"server":{"pid":2},"owner":{"pid":4,"startTicks":5},"port":1}', '[1]'])(
    'takes %j for nothing',
    (text) => {
      expect(parseState(text)).toBeUndefined();
    },
  );
});

describe('pickAccount', () => {
  const nobody = 'nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin';

  it('prefers an account of its own to nobody, and never takes root', () => {
    expect(pickAccount(`root:x:0:0::/root:/bin/sh\n${nobody}\n`)).toEqual({ uid: 65534, gid: 65534 });
    expect(pickAccount(`${nobody}\nboocontrol:x:998:997::/:/bin/false\n`)).toEqual({ uid: 998, gid: 997 });
    expect(pickAccount('boocontrol:x:0:0::/:/bin/false\n')).toBeUndefined();
  });
});

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

describe('failures', () => {
  it.each([
    ['port_taken', 'could not bind IPv4 address "127.0.0.1": Address already in use'],
    ['port_taken', 'Error listening on port: 127.0.0.1:4222, "listen tcp: bind: address already in use"'],
    ['memory_in_use', 'FATAL:  pre-existing shared memory block (key 1, ID 2) is still in use'],
    ['disk_full', 'FATAL:  could not write lock file "postmaster.pid": No space left on device'],
    ['permission', 'FATAL:  data directory "/d" has wrong ownership'],
    ['other', 'FATAL:  something else'],
  ])('reads %s from a server log', (failure, said) => {
    expect(readFailure(said)).toBe(failure);
  });

  it.each([
    ['ENOSPC', 'disk_full'],
    ['EDQUOT', 'disk_full'],
    ['EACCES', 'permission'],
    ['EROFS', 'permission'],
  ])('turns %s into %s', (errno, code) => {
    const cause = Object.assign(new Error('x'), { code: errno, path: '/p' });
    const error = fromSystemError(cause, 'testing');
    expect(error instanceof RuntimeError && error.code).toBe(code);
  });

  it('passes other errors through', () => {
    const error = new Error('x');
    expect(fromSystemError(error, 'testing')).toBe(error);
  });
});

describe('parseDotEnv', () => {
  it('reads names and values as compose does', () => {
    expect(parseDotEnv('# A=1\nA=x=y\nexport B="two words"\nC=\nbad line\n')).toEqual({
      A: 'x=y',
      B: 'two words',
      C: '',
    });
  });
});

describe('publishedAddress', () => {
  it('makes a wildcard loopback', () => {
    expect(publishedAddress('0.0.0.0:4222\n[::]:4222\n')).toBe('127.0.0.1:4222');
    expect(publishedAddress('127.0.0.1:15432\n')).toBe('127.0.0.1:15432');
  });

  it('refuses a service without a port', () => {
    expect(() => publishedAddress('\n')).toThrow(RuntimeError);
  });
});
