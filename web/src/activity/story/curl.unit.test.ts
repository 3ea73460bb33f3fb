import { execFileSync } from 'node:child_process';
import type { Capture } from '@boocontrol/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { curlCommand, shellWord } from './curl';

const capture = (over: Partial<Capture> & { body?: string }): Capture => {
  const { body = '{"model":"qwen3"}', ...rest } = over;
  return {
    providerId: 'tower',
    at: '2026-11-21T12:00:00.000000Z',
    entryId: 1,
    ts: '2026-11-21T12:00:00.000000Z',
    reqPath: '/v1/chat/completions',
    reqHeaders: { 'Content-Type': 'application/json' },
    reqBody: { encoding: 'utf8', data: body, bytes: body.length, cut: false },
    respHeaders: {},
    respBody: null,
    ...rest,
  };
};
const URL_ = 'http://tower:8080/v1/chat/completions';

/** Behind the last argument. */
const END = '<<end of the arguments>>';

/** What a shell makes of the command: the arguments of curl, and what it would read. */
function run(command: string): { args: string[]; input: string } {
  const script = `curl() { for arg in "$@"; do printf '%s\\0' "$arg"; done; printf '${END}'; case "$*" in *@-*) cat;; esac; }\n${command}`;
  const out = execFileSync('sh', ['-c', script], {
    input: '',
    maxBuffer: 8 * 1024 * 1024,
    env: { ...process.env, API_KEY: 'secret', COOKIE: '', X_GOOG_API_KEY: '' },
  }).toString();
  const end = out.indexOf(END);
  return { args: out.slice(0, end).split('\0').slice(0, -1), input: out.slice(end + END.length) };
}
const valuesOf = (args: readonly string[], option: string): string[] =>
  args.flatMap((arg, i) => (args[i - 1] === option ? [arg] : []));

/** Whatever a client may have sent: quotes, expansions, line breaks, every script. */
const hostile = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        "'",
        '"',
        '`',
        '$(id)',
        '${HOME}',
        '\\',
        '\n',
        '\r\n',
        '\t',
        '!',
        '@-',
        'BODY',
        '\nBODY\n',
      ),
      fc.constantFrom('#', ';', '&', '|', '*', '~', '‮', '\u0001', '\u001b[31m', '日本', '🧯', '%s'),
      fc.string({ unit: 'grapheme', maxLength: 12 }),
    ),
    { maxLength: 24 },
  )
  .map((parts) => parts.join(''));

describe('a request as a command', () => {
  it('sends the very body, whatever is in it', () => {
    fc.assert(
      fc.property(hostile, (body) => {
        const { args } = run(curlCommand(capture({ body }), URL_).command);
        expect(args[1]).toBe(URL_);
        expect(valuesOf(args, '--data-raw')).toEqual([body]);
      }),
      { numRuns: 60 },
    );
  });

  it('sends a body that no argument can hold by standard input, the very same', () => {
    fc.assert(
      fc.property(hostile, (part) => {
        const body = `${'x'.repeat(110_000)}${part}`;
        const { command, notes } = curlCommand(capture({ body }), URL_);
        const { args, input } = run(command);
        expect(valuesOf(args, '--data-binary')).toEqual(['@-']);
        expect(input).toBe(body);
        expect(notes.join()).toContain('standard input');
      }),
      { numRuns: 15 },
    );
  });

  it('leaves NUL characters out, and says so', () => {
    const { command, notes } = curlCommand(capture({ body: 'a\0b' }), URL_);
    expect(valuesOf(run(command).args, '--data-raw')).toEqual(['ab']);
    expect(notes.join()).toContain('NUL');
    expect(curlCommand(capture({}), URL_).notes).toEqual([]);
  });

  it('has the headers, each as one, and none of another', () => {
    fc.assert(
      fc.property(hostile, (value) => {
        const { args } = run(curlCommand(capture({ reqHeaders: { 'X-Note': value } }), URL_).command);
        // eslint-disable-next-line no-control-regex -- these are what is looked for
        const text = value.replaceAll(/[\0\r\n]+/g, ' ').trim();
        expect(valuesOf(args, '-H')).toEqual([text === '' ? 'X-Note;' : `X-Note: ${text}`]);
      }),
      { numRuns: 40 },
    );
  });

  it('writes no secret down: a placeholder is in its place', () => {
    const reqHeaders = {
      Authorization: '[REDACTED]',
      'X-Api-Key': 'sk-written-out',
      Cookie: 'session=1',
      'X-Goog-Api-Key': 'sk-other',
      'Content-Length': '17',
      'X-Boo-Request-Id': '0199f7a1-6f0e-7c3a-9d2b-5b6f1e2d3c4b',
      'User-Agent': 'agent/1',
    };
    const { command, notes } = curlCommand(capture({ reqHeaders }), URL_);
    expect(command).not.toMatch(/sk-|session=1|REDACTED|Content-Length|Request-Id/);
    expect(valuesOf(run(command).args, '-H')).toEqual([
      'Authorization: Bearer secret',
      'X-Api-Key: secret',
      'Cookie: ',
      'X-Goog-Api-Key: ',
      'User-Agent: agent/1',
    ]);
    expect(notes.join()).toContain('$');
  });

  it('without a body, or with a part of one, says so', () => {
    const without = curlCommand(capture({ reqBody: null }), URL_);
    expect(run(without.command).args).toContain('POST');
    expect(without.notes.join()).toContain('kept no body');
    const binary = { encoding: 'base64', data: 'AAAA', bytes: 3, cut: false } as const;
    expect(curlCommand(capture({ reqBody: binary }), URL_).command).not.toContain('AAAA');
    const cut = { encoding: 'utf8', data: '{', bytes: 300_000, cut: true } as const;
    expect(curlCommand(capture({ reqBody: cut }), URL_).notes.join()).toContain('beginning');
  });
});

it('a word of a shell is what it was', () => {
  fc.assert(
    fc.property(hostile, (text) => {
      expect(execFileSync('sh', ['-c', `printf %s ${shellWord(text)}`]).toString()).toBe(text);
    }),
    { numRuns: 40 },
  );
});
