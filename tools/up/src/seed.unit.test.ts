import { describe, expect, test } from 'vitest';
import { parseFlags } from './flags.js';
import { providersFromFlags } from './seed.js';

describe('--host', () => {
  const ids = (...hosts: string[]) => providersFromFlags(hosts).map(({ id, baseUrl }) => [id, baseUrl]);

  test('the id comes from the host name; http is assumed', () => {
    expect(ids('http://192.168.1.20:8080', 'tower.local:9000')).toEqual([
      ['192-168-1-20', 'http://192.168.1.20:8080'],
      ['tower-local', 'http://tower.local:9000'],
    ]);
  });
  test('two on one machine are told apart by their ports', () => {
    expect(ids('http://tower:8080', 'http://tower:8081', 'https://tower').map(([id]) => id)).toEqual([
      'tower',
      'tower-8081',
      'tower-443',
    ]);
  });
  test('hosts that share an address have labels of their own', () => {
    const hosts = ['127.0.0.1:18101', '127.0.0.1:18102', 'http://tower', 'https://tower', 'nas'];
    expect(providersFromFlags(hosts).map(({ label }) => label)).toEqual([
      '127.0.0.1:18101',
      '127.0.0.1:18102',
      'tower',
      'tower:443',
      'nas',
    ]);
  });
  test('an address that cannot be used names itself', () => {
    expect(() => providersFromFlags(['http://u:p@tower'])).toThrow(
      /--host http:\/\/u:p@tower: no user or password/,
    );
    expect(() => providersFromFlags(['ftp://tower'])).toThrow(/use an http/);
  });
});

describe('flags', () => {
  test('repeatable hosts, a port, no demo', () => {
    expect(parseFlags(['--host', 'a', '--host', 'b', '--port', '9600', '--no-demo'], {})).toMatchObject({
      hosts: ['a', 'b'],
      port: 9600,
      demo: false,
      problem: null,
    });
  });
  test('the environment gives the port where no flag does', () => {
    expect(parseFlags([], { BOOCONTROL_PORT: '9700' }).port).toBe(9700);
  });
  test.each([[['--port', '0']], [['--port', 'x']], [['--nonsense']], [['stray']]])(
    '%j is refused in words',
    (args) => {
      expect(parseFlags(args, {}).problem).toMatch(/\w+/);
    },
  );
});
