import type { CodingItem, EvalItem } from '@boocontrol/contracts';
import { describe, expect, test } from 'vitest';
import { importSuite, type Imported } from './import-suite.js';

type Format = Parameters<typeof importSuite>[0]['format'];
const asked = { name: 'brought', title: 'Brought along', licence: 'CC0-1.0' };
const lines = (...tasks: unknown[]): string => tasks.map((task) => `${JSON.stringify(task)}\n`).join('');
const imported = (format: Format, text: string): Imported => importSuite({ ...asked, format, text });
const items = (format: Format, ...tasks: unknown[]): EvalItem[] => {
  const { suite, leftOut } = imported(format, lines(...tasks));
  expect(leftOut).toEqual([]);
  return suite?.items ?? [];
};
const reason = (format: Format, ...tasks: unknown[]): string => {
  const { suite, leftOut } = imported(format, lines(...tasks));
  expect(suite).toBeNull();
  return leftOut.map((one) => one.reason).join('\n');
};

describe('JSON Lines', () => {
  const item = { kind: 'text', id: 'sum', prompt: '2 + 2?', checks: [{ check: 'number', value: 4 }] };

  test('has an item a line, and what is none is left out with its line', () => {
    const text = [
      ...[`\uFEFF${JSON.stringify(item)}`, '', JSON.stringify({ ...item, id: 'other' })],
      ...['{broken', 'null', JSON.stringify(item), JSON.stringify({ ...item, id: 'x', checks: [] })],
      ...[`{"kind":"text","id":"y","prompt":"a\\u0000b","checks":[]}`, '"\uFFFD"'],
      ...[JSON.stringify({ ...item, id: 'z', prompt: 'half \ud800' })],
      ...[JSON.stringify({ ...item, id: 'r', checks: [{ check: 'matches', pattern: '(?=a)' }] })],
    ].join('\r\n');
    const { suite, leftOut } = imported('jsonl', text);
    expect(suite).toMatchObject({ ...asked, category: 'utility', items: [{ id: 'sum' }, { id: 'other' }] });
    expect(leftOut.map(({ line }) => line)).toEqual([4, 5, 6, 7, 8, 9, 10, 11]);
    expect(leftOut.map((one) => one.reason)).toEqual([
      'is no JSON',
      expect.stringContaining('is no item'),
      'there is another item “sum” before it',
      expect.stringContaining('is no item: checks'),
      expect.stringContaining('NUL'),
      expect.stringContaining('UTF-8'),
      expect.stringContaining('half a character'),
      expect.stringContaining('rules cannot be used'),
    ]);
  });

  test('a file of another kind has no item at all', () => {
    expect(imported('jsonl', '\u0000\u0001PK').suite).toBeNull();
    expect(imported('jsonl', '[[[[').suite).toBeNull();
    const nested = JSON.stringify({ ...item, schema: 'HERE' });
    const deep = `${'['.repeat(300_000)}${']'.repeat(300_000)}`;
    expect(imported('jsonl', nested.replace('"HERE"', deep)).leftOut).toMatchObject([{ line: 1 }]);
    const { suite, leftOut } = imported('jsonl', `${'1\n'.repeat(5_000)}`);
    expect(suite).toBeNull();
    expect(leftOut).toHaveLength(1_001);
    expect(leftOut.at(-1)?.reason).toContain('4000 lines');
  });

  test('one long line, and a file that is more than a suite holds', () => {
    expect(reason('jsonl', { ...item, prompt: 'x'.repeat(699_000) })).toContain('is no item: prompt');
    expect(imported('jsonl', `{"a":${'['.repeat(699_000)}`).leftOut).toEqual([
      { line: 1, reason: 'is no JSON' },
    ]);
    const long = ['a', 'b', 'c', 'd'].map((id) => ({ ...item, id, prompt: 'x'.repeat(199_000) }));
    const { suite, leftOut } = imported('jsonl', lines(...long));
    expect(suite?.items.map(({ id }) => id)).toEqual(['a', 'b', 'c']);
    expect(leftOut).toEqual([{ line: 4, reason: expect.stringContaining('as a part of its own') }]);
  });
});

describe('in the style of GSM8K', () => {
  const ask = (answer: string): unknown => ({ question: 'How many?', answer });
  test('the number behind #### is what counts', () => {
    const found = items(
      'gsm8k',
      ask('6*7 is <<6*7=42>>42.\n#### 42'),
      ask('#### -1,234.50'),
      ask('#### $5.'),
    );
    expect(found.map((one) => (one.kind === 'text' ? one.checks : null))).toEqual(
      [42, -1_234.5, 5].map((value) => [{ check: 'number', value, within: 0 }]),
    );
    expect(found[0]).toMatchObject({ id: 'gsm8k/1', reference: '6*7 is 42.\n42' });
    expect(found[0]).toMatchObject({ prompt: expect.stringMatching(/^How many\?\n\n.*last|a number/s) });
  });

  test.each([
    [ask('42'), 'does not end with #### and a number'],
    [ask('#### many'), 'does not end with #### and a number'],
    [ask('#### 1e999'), 'does not end with #### and a number'],
    [ask(`#### ${'9'.repeat(400)}`), 'too large a number'],
    [{ question: 'x' }, 'needs question and answer'],
    [[], 'needs question and answer'],
  ])('%j is left out', (task, why) => expect(reason('gsm8k', task)).toContain(why));
});

const human = (test: string, more: object = {}): unknown => ({
  task_id: 'Ours/0',
  prompt: 'def add(a, b):\n    """The sum."""\n',
  canonical_solution: '    return a + b\n',
  entry_point: 'add',
  test,
  ...more,
});
const check = (...statements: string[]): string =>
  `METADATA = {'author': 'us'}\n\n\ndef check(candidate):\n${statements.map((one) => `    ${one}\n`).join('')}`;
const stepsOf = (item: EvalItem | undefined): unknown[] =>
  ((item as CodingItem).tests as { steps?: unknown[] }[]).flatMap(({ steps }) => steps ?? []);

describe('in the style of HumanEval', () => {
  test('assertions become calls with what they have to return', () => {
    const [item] = items(
      'humaneval',
      human(
        check(
          '# some of them',
          '"""And a text."""',
          'assert candidate(1, 2) == 3, "adds"',
          'assert 3 == candidate(b=2, a=1)',
          'assert candidate((1, 2.0), {3}) == (1, [2], {"k": None, 4: True})',
          "assert candidate([], '') is None",
          'assert not candidate(0, -1)',
          'assert (candidate(0, 0))',
          'assert abs(candidate(0.1, 0.2) - 0.3) < 1e-9',
          'assert math.isclose(candidate(1000, 0), 1000.0, rel_tol=0.01)',
          'assert candidate(1, 1) == {3, 1, 3}',
          'assert sorted(candidate(1, 1)) == [1, 2]',
          'assert list(candidate(1, 1)) == [2, 1]',
          'assert True, "always"',
        ),
      ),
    );
    expect(item).toMatchObject({
      ...{ id: 'Ours/0', language: 'python', target: 'solution.py' },
      files: { 'solution.py': 'def add(a, b):\n    """The sum."""\n' },
      reference: { 'solution.py': 'def add(a, b):\n    """The sum."""\n    return a + b\n' },
    });
    const call = (args: unknown[], expect: unknown, more: object = {}): object => ({
      ...{ do: 'call', name: 'add', args, expect },
      ...more,
    });
    expect(stepsOf(item)).toEqual([
      call([1, 2], 3),
      call([], 3, { kwargs: { b: 2, a: 1 } }),
      call([{ $tuple: [1, { $float: '2.0' }] }, { $set: [3] }], [1, [2], { k: null, 4: true }]),
      call([[], ''], null),
      call([0, -1], false),
      call([0, 0], true),
      call([0.1, 0.2], 0.3, { compare: { as: 'close', within: 1e-9 } }),
      call([1000, 0], 1000, { compare: { as: 'close', within: 0.01 } }),
      call([1, 1], [3, 1], { compare: { as: 'unordered' } }),
      call([1, 1], [1, 2], { compare: { as: 'unordered' } }),
      call([1, 1], [2, 1]),
    ]);
  });

  test('many assertions are a few tests', () => {
    const [item] = items(
      'humaneval',
      human(check(...Array.from({ length: 150 }, (_, n) => `assert candidate(${n}, 1) == ${n + 1}`))),
    );
    expect((item as CodingItem).tests.map(({ name }) => name)).toEqual([
      ...['assertions 1 to 64', 'assertions 65 to 128', 'assertions 129 to 150'],
    ]);
  });

  test.each([
    ['for n in range(9):\n        assert candidate(n, 1) == n + 1', 'no assertion: for n'],
    ['assert candidate(1, 2) == 1 + 2', 'no plain value: 1 + 2'],
    ['assert candidate(candidate(1, 1), 2) == 4', 'no plain value: candidate(1, 1)'],
    ['assert candidate(*[1, 2]) == 3', 'not only of values'],
    ['assert candidate(1, 2) != 4', 'cannot be turned into data'],
    ['assert candidate(1, 2) == 3 and candidate(1, 1) == 2', 'cannot be turned into data'],
    ['assert not candidate(1, 2) and True', 'cannot be turned into data'],
    ['assert 1 == candidate(1, 2) == 1', 'cannot be turned into data'],
    ['assert candidate(1, 2) is not None', 'cannot be turned into data'],
    ['assert candidate(1, 2) in [3, 4]', 'cannot be turned into data'],
    ['assert set(candidate(1, 2)) == {3}', 'cannot be turned into data'],
    ['assert helper(1) == 3', 'cannot be turned into data'],
    ['assert candidate.real == 3', 'cannot be turned into data'],
    ['assert candidate(x for x in y) == 3', 'has'],
    ['assert candidate(1, 2) == 3j', 'not read here'],
    ['assert candidate(1, 2) == b"3"', 'no plain text'],
    ['assert candidate(1, 2) == f"{3}"', 'no plain value'],
    ['assert candidate(1, 2) == "\\N{BULLET}"', 'escape'],
    ['assert candidate(1, 2) == "\\ud800"', 'half a character'],
    ['assert candidate(1, 2) == "\\0"', 'NUL'],
    ['assert candidate(1, 2) == {(1, 2): 3}', 'neither texts nor whole numbers'],
    [`assert candidate(1, 2) == ${'['.repeat(150)}${']'.repeat(150)}`, 'nested too deeply'],
    [`assert candidate(1, 2) == ${'('.repeat(90_000)}`, 'nested too deeply'],
    [`assert candidate(1, 2) == ${'9'.repeat(5_000)}`, 'thousands of digits'],
    ['assert candidate(1, 2) == [3', 'not read as Python'],
    ['import os; os.system("x")', 'no assertion'],
    ['pass', 'has no assertion'],
    ['assert True', 'has no assertion'],
  ])('%s is left out', (statement, why) =>
    expect(reason('humaneval', human(check(statement)))).toContain(why),
  );

  test('so is what is no such task', () => {
    expect(reason('humaneval', { task_id: 'x' })).toContain('needs task_id, prompt, test and entry_point');
    expect(reason('humaneval', human('x = 1'))).toContain('besides its check');
    expect(reason('humaneval', human(''), human('pass\n'))).toContain('no single function check');
    expect(reason('humaneval', human(check('assert candidate(1, 2) == 3'), { task_id: '../a' }))).toContain(
      'id: ',
    );
    expect(
      reason('humaneval', human(check('assert candidate(1, 2) == 3'), { entry_point: 'a b' })),
    ).toContain('is no item');
  });

  test('the call of the check at the end says nothing', () => {
    expect(
      items('humaneval', human(`import math\n${check('assert add(1, 2) == 3')}\ncheck(add)\n`)),
    ).toHaveLength(1);
  });
});

describe('in the style of MBPP', () => {
  const task = {
    task_id: 7,
    text: 'Write a function that adds.',
    code: 'def add(a,\r\n        b=1):\r\n    return a + b',
    test_list: ['assert add(1, 2) == 3', 'assert add(2) == 3'],
    test_setup_code: '',
    challenge_test_list: [],
  };

  test('the task says how the function is called, and gives one example of several', () => {
    const [item] = items('mbpp', task);
    expect(item).toMatchObject({
      id: 'mbpp/7',
      target: 'solution.py',
      reference: { 'solution.py': 'def add(a,\n        b=1):\n    return a + b' },
    });
    expect((item as CodingItem).prompt).toBe(
      'Write a function that adds.\n\nWrite it in solution.py, as `add(a, b=1)`.\n\nFor example:\n\nassert add(1, 2) == 3',
    );
    expect(stepsOf(item)).toHaveLength(2);
  });

  test('a single test is not shown, and the prompt may be called so', () => {
    const { text: prompt, code: _code, ...rest } = task;
    const [item] = items('mbpp', { ...rest, task_id: 'own', prompt, test_list: ['assert add(1, 2) == 3'] });
    expect((item as CodingItem).prompt).toBe(
      'Write a function that adds.\n\nWrite it in solution.py, as `add(…)`.',
    );
  });

  test.each([
    [{ ...task, test_setup_code: 'import os' }, 'set up first: import os'],
    [{ ...task, test_list: [] }, 'needs task_id'],
    [{ ...task, text: undefined }, 'needs task_id'],
    [{ ...task, test_list: ['print(add(1, 2))'] }, 'no assertion'],
    [
      { ...task, test_list: ['assert add(1, 2) == 3', 'assert len(add(1, 2)) == 3'] },
      'cannot be turned into data',
    ],
    [{ ...task, test_list: ['assert set(add(1, 2)) == set([3])'] }, 'cannot be turned into data'],
  ])('%j is left out', (bad, why) => expect(reason('mbpp', bad)).toContain(why));
});
