import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS } from '../types.js';
import { afterAnnouncement } from './announced.js';
import { dockerArguments, filesAsInput, READY } from './arguments.js';
import { dockerProfile } from './profile.js';

describe('what a container says before its command starts', () => {
  it('is left out, and the command’s own words are kept, however they arrive', async () => {
    const whole = `WARNING: no swap limit\n${READY}first\n${READY}last`;
    for (const size of [1, 7, whole.length]) {
      const pieces = Array.from({ length: Math.ceil(whole.length / size) }, (_, index) =>
        Buffer.from(whole.slice(index * size, (index + 1) * size)),
      );
      const { rest, ready } = afterAnnouncement(Readable.from(pieces, { objectMode: false }), READY);
      expect(await text(rest)).toBe(`first\n${READY}last`);
      await ready;
    }
  });

  it('is kept when the command never starts', async () => {
    const { rest } = afterAnnouncement(
      Readable.from([Buffer.from('docker: no such image')], { objectMode: false }),
      READY,
    );
    expect(await text(rest)).toBe('docker: no such image');
  });
});

it('hands files in before the command’s own input, with their length in bytes', () => {
  const input = filesAsInput({ files: { a: 'ü' }, command: [], label: 'x' });
  expect(input).toBe('10\n{"a":"ü"}');
});

it('asks for everything that keeps a container in', () => {
  const container = { name: 'n', owner: 'host mark', image: 'sha256:1', profile: '/p.json' };
  const line = dockerArguments(container, { files: {}, command: ['x'], label: 'run-1' }, DEFAULT_LIMITS).join(
    ' ',
  );
  for (const option of [
    '--network none',
    '--read-only',
    '--user 65534:65534',
    '--cap-drop ALL',
    'no-new-privileges',
    'seccomp=/p.json',
    '--pids-limit 32',
    '--memory 512m --memory-swap 512m',
    '--label boocontrol-eval=run-1',
  ])
    expect(line).toContain(option);
  expect(line).not.toContain('docker.sock');
});

it('gives Docker the same filter: refused calls, no namespaces, no odd sockets', () => {
  const profile = JSON.parse(dockerProfile()) as {
    syscalls: { names: string[]; args?: { value: number }[] }[];
  };
  const names = profile.syscalls.flatMap((rule) => rule.names);
  expect(names).toEqual(
    expect.arrayContaining(['ptrace', 'bpf', 'io_uring_setup', 'clone3', 'mount', 'keyctl']),
  );
  const families = profile.syscalls
    .filter((rule) => rule.names.includes('socket'))
    .map((rule) => rule.args?.[0]?.value);
  expect(families).toContain(40);
  expect(families).not.toContain(1);
});
