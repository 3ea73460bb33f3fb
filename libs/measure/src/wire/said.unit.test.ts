import { expect, test } from 'vitest';
import { saidOf } from './said.js';

const frame = (data: object | string) => ({
  atMs: 0,
  event: '',
  data: typeof data === 'string' ? data : JSON.stringify(data),
});
const delta = (of: object, id: string | null = 'a') => frame({ id, choices: [{ delta: of }] });

test('words, thoughts and calls are put together from their pieces', () => {
  const frames = [
    delta({ role: 'assistant', content: null }),
    delta({ reasoning_content: 'Loading …' }, null),
    delta({ reasoning_content: 'Hm' }),
    delta({ reasoning: '.' }),
    delta({ content: 'Hel' }),
    delta({ content: 'lo' }),
    delta({ tool_calls: [{ index: 1, id: 'c', function: { name: 'b', arguments: '{}' } }] }),
    delta({ tool_calls: [{ index: 0, id: 'd', function: { name: 'a', arguments: '{"x"' } }] }),
    delta({ tool_calls: [{ index: 0, function: { arguments: ':1}' } }] }),
    frame('no JSON'),
    frame({ choices: [], usage: { prompt_tokens: 1 } }),
    frame('[DONE]'),
  ];
  expect(saidOf(frames)).toEqual({
    content: 'Hello',
    reasoning: 'Hm.',
    calls: [
      { name: 'a', arguments: '{"x":1}' },
      { name: 'b', arguments: '{}' },
    ],
    refusal: null,
  });
});

test('calls without an index are calls of their own, and a refusal is said apart', () => {
  const call = (name: string) => ({ function: { name, arguments: '{}' } });
  const said = saidOf([delta({ tool_calls: [call('a'), call('b')] }), delta({ refusal: 'I must not' })]);
  expect(said.calls.map(({ name }) => name)).toEqual(['a', 'b']);
  expect(said.refusal).toBe('I must not');
});
