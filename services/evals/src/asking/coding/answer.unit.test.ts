import { CodingItemSchema, type CodingItem } from '@boocontrol/contracts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { withoutReasoning } from '../reasoning.js';
import { readAnswer } from './answer.js';
import { pathIn } from './blocks.js';
import { codingPrompt } from './prompt.js';

const item = (over: Partial<CodingItem> = {}): CodingItem =>
  CodingItemSchema.parse({
    kind: 'coding',
    id: 'x',
    language: 'python',
    prompt: 'Mend it.',
    tests: [{ name: 'x', module: 'app.py', steps: [{ do: 'call', name: 'f' }] }],
    ...over,
  });
const FILES = { 'app.py': 'def f():\n    return 1\n\n\ndef g():\n    return 2\n', 'lib/util.py': 'X = 1\n' };

function files(answer: string, over: Partial<CodingItem> = {}): Record<string, string> {
  const read = readAnswer(item(over), answer);
  if ('problem' in read) throw new Error(`${read.problem.code}: ${read.problem.message}`);
  return read.files;
}
const codeOf = (answer: string, over: Partial<CodingItem> = {}) => {
  const read = readAnswer(item(over), answer);
  return 'problem' in read ? read.problem.code : null;
};

describe('a block with a path', () => {
  test.each([
    'app.py\n```python\nx\n```',
    '`lib/a.py`:\n\n```\nx\n```',
    '### lib/a.py\n~~~py\nx\n~~~',
    '**lib/a.py**\n```python\nx\n```',
    '1. `lib/a.py`\n```python\nx\n```',
    '# file: lib/a.py\n```python\nx\n```',
    'File: lib/a.py\n````python\nx\n````',
    '```python lib/a.py\nx\n```',
    '```lib/a.py\nx\n```',
    '```python:lib/a.py\nx\n```',
    '```python title="lib/a.py"\nx\n```',
    './lib/a.py\n```python\nx\n```',
    'Here it is:\n\n```python\n# lib/a.py\nx\n```',
  ])('%j', (answer) => {
    const [path, text] = Object.entries(files(answer))[0] ?? [];
    expect(['app.py', 'lib/a.py']).toContain(path);
    expect(text).toMatch(/^(# lib\/a\.py\n)?x\n$/);
  });

  test('stands beside the files that were there, and the last of a path is taken', () => {
    const answer = 'app.py\n```\none\n```\nOr better:\n\napp.py\n```\ntwo\n```\nnew/b.py\n```\nb\n```';
    expect(files(answer, { files: FILES })).toEqual({ ...FILES, 'app.py': 'two\n', 'new/b.py': 'b\n' });
  });

  test('may have fences of another kind in it', () => {
    expect(files('README.md\n````md\n```\ncode\n```\n````')).toEqual({ 'README.md': '```\ncode\n```\n' });
  });

  test.each([
    '../../etc/passwd',
    '/etc/passwd',
    'a/../../b.py',
    '..\\x.py',
    'a//b.py',
    '~/.ssh/id_rsa',
    '.git/config',
  ])('that leads elsewhere is refused: %s', (path) => {
    expect(codeOf(`${path}\n\`\`\`\nx\n\`\`\``)).toBe('bad_path');
  });

  test('is none in a sentence', () => {
    for (const line of [
      'This changes app.py and more:',
      'Done.',
      'https://example.org/a.py',
      '---',
      '1.',
      '...',
    ])
      expect(pathIn(line)).toBeNull();
  });
});

describe('blocks without a path', () => {
  test('are meant for the target, the longest of its language', () => {
    const answer =
      'So:\n```python\ndef f():\n    return 3\n```\nUse it:\n```python\nf()\n```\n```bash\npython app.py --much-longer-than-the-code-is\n```';
    expect(files(answer, { target: 'app.py' })).toEqual({ 'app.py': 'def f():\n    return 3\n' });
  });

  test('go nowhere without a target', () => {
    expect(codeOf('```python\nx\n```')).toBe('no_answer');
    expect(codeOf('I would rather not.', { target: 'app.py' })).toBe('no_answer');
    expect(codeOf('', { target: 'app.py' })).toBe('no_answer');
    expect(codeOf('<think>```python\nx\n```', { target: 'app.py' })).toBe('no_answer');
  });
});

describe('a patch', () => {
  const right = '--- a/app.py\n+++ b/app.py\n@@ -1,2 +1,2 @@\n def f():\n-    return 1\n+    return 3\n';
  const after = { ...FILES, 'app.py': FILES['app.py'].replace('return 1', 'return 3') };

  test.each([
    ['as git has it', `diff --git a/app.py b/app.py\nindex 1234567..89abcde 100644\n${right}`],
    ['with counts that are wrong', right.replace('-1,2 +1,2', '-7,9 +1,44')],
    ['with headers of hunks that say nothing', right.replace('@@ -1,2 +1,2 @@', '@@ @@')],
    ['whose empty lines lost their space', `${right}\n\n def g():\n     return 2\n`],
    ['with line ends of Windows', right.replaceAll('\n', '\r\n')],
  ])('%s is applied', (_, patch) => {
    expect(files(`\`\`\`diff\n${patch}\`\`\``, { files: FILES })).toEqual(after);
    expect(files(patch, { files: FILES })).toEqual(after);
  });

  test('makes and removes files', () => {
    const patch =
      '--- /dev/null\n+++ b/new.py\n@@ -0,0 +1,2 @@\n+a\n+b\n--- a/lib/util.py\n+++ /dev/null\n@@ -1,1 +0,0 @@\n-X = 1\n';
    expect(files(`\`\`\`diff\n${patch}\`\`\``, { files: FILES })).toEqual({
      'app.py': FILES['app.py'],
      'new.py': 'a\nb\n',
    });
  });

  test.each([
    ['that does not fit', right.replace('return 1', 'return 99')],
    ['of a file that is not there', right.replaceAll('app.py', 'gone.py')],
  ])('%s is refused', (_, patch) => {
    expect(codeOf(`\`\`\`diff\n${patch}\`\`\``, { files: FILES })).toBe('patch_failed');
  });

  test('that leads elsewhere is refused', () => {
    const patch = '--- /dev/null\n+++ b/../../x.py\n@@ -0,0 +1,1 @@\n+a\n';
    expect(codeOf(`\`\`\`diff\n${patch}\`\`\``, { files: FILES })).toBe('bad_path');
  });
});

test('whatever an answer is, it is read without an error, and its files are ones that can be laid out', () => {
  const piece = fc.oneof(
    fc.constantFrom(
      '```',
      '~~~~',
      '```diff',
      '--- a/app.py',
      '+++ b/app.py',
      '@@ -1,2 +1,2 @@',
      '@@',
      ' def f():',
      '-x',
      '+y',
      'app.py',
      '**../x**',
      '# file: a/b.py',
      '__proto__',
      'constructor.py',
      '<think>',
      '</think>',
      '\\ No newline',
      '\r',
      '\0',
    ),
    fc.string({ unit: 'binary' }),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), fc.boolean(), (pieces, hasTarget) => {
      const read = readAnswer(
        item({ files: FILES, ...(hasTarget ? { target: 'app.py' } : {}) }),
        pieces.join('\n'),
      );
      if ('problem' in read) expect(read.problem.message).not.toBe('');
      else for (const text of Object.values(read.files)) expect(text).not.toMatch(/\0|\p{Cs}/u);
    }),
    { numRuns: 1_000 },
  );
});

test('reasoning is no part of an answer', () => {
  expect(withoutReasoning('<think>a</think>b')).toBe('b');
  expect(withoutReasoning('a</think>b')).toBe('b');
  expect(withoutReasoning('b<think>a')).toBe('b');
  expect(withoutReasoning('a<THINKING>x</THINKING>b')).toBe('ab');
  expect(withoutReasoning('a < b > c')).toBe('a < b > c');
});

test('the prompt shows the files, in fences that they do not end, and nothing of the tests', () => {
  const one = item({ files: { 'a.md': '```\nx\n```\n' }, target: 'a.md', reference: { 'a.md': 'SECRET' } });
  const prompt = codingPrompt(one);
  expect(prompt).toContain('a.md\n````md\n```\nx\n```\n````');
  expect(prompt).not.toContain('SECRET');
  expect(prompt).not.toContain('steps');
});
