import { EvalItemSchema, type EvalItem } from '@boocontrol/contracts';
import { describe, expect, test } from 'vitest';
import { problemsOfItem, problemsOfSuite } from './check-suite.js';

const problems = (item: object): string =>
  problemsOfItem(EvalItemSchema.parse({ id: 'one', ...item })).join('\n');

const text = { kind: 'text', prompt: 'Say it.', checks: [{ check: 'words', min: 1 }] };
const coding = {
  kind: 'coding',
  language: 'python',
  prompt: 'Write it.',
  target: 'a.py',
  tests: [{ name: 'works', module: 'a.py', steps: [{ do: 'call', name: 'f' }] }],
};
const steps = (...some: object[]): object => ({
  ...coding,
  tests: [{ name: 'works', module: 'a.py', steps: some }],
});
const weather = { name: 'weather', description: '', parameters: { type: 'object' } };
const tools = {
  kind: 'tools',
  messages: [{ role: 'user', content: 'Rain?' }],
  tools: [weather],
  expect: { calls: [{ name: 'weather' }] },
};

test('an item that can be passed and graded has no problem', () => {
  for (const item of [text, coding, tools]) expect(problems(item)).toBe('');
  expect(
    problems(
      steps(
        { do: 'new', name: 'Box', as: 'box' },
        { do: 'call', on: 'box', name: 'put', args: [1], as: 'other' },
        { do: 'call', name: 'join', args: [[{ $ref: 'box' }]], kwargs: { to: { $ref: 'other' } } },
      ),
    ),
  ).toBe('');
});

test('a problem names its item', () => {
  const bad = EvalItemSchema.parse({ ...coding, id: 'py/one', target: undefined }) as EvalItem;
  expect(problemsOfSuite({ items: [bad] })).toEqual([
    'Item “py/one”: its test “works” needs a.py, which nobody writes. Name it in `files`, `target` or `reference`.',
  ]);
});

describe('what makes an item impossible', () => {
  const rule = (check: object): object => ({ ...text, checks: [check] });
  test.each([
    [rule({ check: 'matches', pattern: '(?=a)b' }), 'rules cannot be used'],
    [rule({ check: 'matches', pattern: '(a' }), 'rules cannot be used'],
    [rule({ check: 'matches', pattern: '(a)\\1' }), 'rules cannot be used'],
    [rule({ check: 'json-schema', schema: { type: 'nonsense' } }), 'rules cannot be used'],
    [rule({ check: 'json-schema', schema: { $ref: 'http://elsewhere.example/x' } }), 'rules cannot be used'],
    [{ ...text, schema: { type: 7 } }, 'no JSON Schema'],
    [{ ...text, schema: 'object' }, 'no JSON Schema'],
    [{ ...tools, tools: [{ ...weather, parameters: { $ref: '#/nowhere' } }] }, '`parameters` of “weather”'],
    [{ ...tools, tools: [weather, weather] }, 'offered twice'],
    [{ ...tools, expect: { calls: [{ name: 'other' }] } }, 'call of “other” is expected'],
    [{ ...tools, replies: [{ tool: 'other', result: 1 }] }, 'reply of “other”'],
    [{ ...tools, messages: [{ role: 'assistant', content: 'Hi' }] }, 'nothing is there to be answered'],
    [{ ...tools, expect: { answer: [{ check: 'matches', pattern: '(' }] } }, 'rules cannot be used'],
    [{ ...coding, target: 'b.py' }, 'needs a.py'],
    [{ ...coding, tests: [{ name: 'runs', run: 'main.py' }] }, 'needs main.py'],
    [steps({ do: 'call', on: 'box', name: 'f' }), 'uses “box” before'],
    [steps({ do: 'call', name: 'f', args: [{ deep: [{ $ref: 'box' }] }] }), 'uses “box” before'],
    [steps({ do: 'get', on: 'box', name: 'f' }), 'uses “box” before'],
    [{ ...steps({ do: 'call', name: 'f', kwargs: { a: 1 } }), language: 'javascript' }, 'only Python knows'],
  ])('%j', (item, why) => expect(problems(item)).toContain(why));
});
