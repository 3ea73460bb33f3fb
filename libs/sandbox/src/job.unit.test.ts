import { describe, expect, it } from 'vitest';
import { problemOfFiles, problemOfJob } from './job.js';
import type { SandboxJob } from './types.js';

const problem = (path: string): string | null => problemOfFiles({ [path]: '' });

describe('paths that are handed in', () => {
  it.each(['a.py', 'a/b/c.py', '.hidden', 'with space.txt', 'ümlaut.py', '...', 'a..b/c', '-rf'])(
    'takes %j',
    (path) => {
      expect(problem(path)).toBeNull();
    },
  );

  it.each([
    ['', 'is empty'],
    ['/etc/passwd', 'is absolute'],
    ['../x', 'leads out'],
    ['a/../../x', 'leads out'],
    ['a/..', 'leads out'],
    ['./x', 'empty segment or a dot'],
    ['a//b', 'empty segment or a dot'],
    ['a/', 'empty segment or a dot'],
    ['a\0b', 'control character'],
    ['a\nb', 'control character'],
    ['a\\b', 'backslash'],
    ['\ud800', 'not valid Unicode'],
    ['x'.repeat(241), 'longer than 240 bytes'],
  ])('refuses %j', (path, why) => {
    expect(problem(path)).toContain(why);
  });

  it('refuses a file that is another file’s folder', () => {
    expect(problemOfFiles({ a: '', 'a/b': '' })).toContain('leads through a file');
  });

  it('refuses more than fits', () => {
    expect(problemOfFiles({ a: 'x'.repeat(1_100_000) }, 1)).toContain('do not fit');
    const many = Object.fromEntries(Array.from({ length: 201 }, (_, index) => [`f${index}`, '']));
    expect(problemOfFiles(many)).toContain('201 files');
  });
});

describe('a job', () => {
  const job: SandboxJob = { files: {}, command: ['python3'], label: 'run-1' };

  it('may have everything', () => {
    expect(problemOfJob({ ...job, env: { A_1: 'ü' }, limits: { wallMs: 1 }, stdin: 'x' })).toBeNull();
  });

  it.each<[string, Partial<SandboxJob>]>([
    ['label', { label: 'a:b' }],
    ['label', { label: '' }],
    ['no command', { command: [] }],
    ['no command', { command: [''] }],
    ['name of a variable', { env: { 'A=B': '' } }],
    ['zero byte', { command: ['a\0b'] }],
    ['zero byte', { env: { A: '\0' } }],
    ['more than 100000 bytes', { command: ['x'.repeat(100_001)] }],
    ['the limit wallMs', { limits: { wallMs: 0 } }],
    ['the limit memoryMb', { limits: { memoryMb: 1.5 } }],
    ['leads out', { files: { '../x': '' } }],
  ])('is refused for its %s', (why, change) => {
    expect(problemOfJob({ ...job, ...change })).toContain(why);
  });
});
