import type { Told } from '@boocontrol/measure';
import { expect, test } from 'vitest';
import { keepableText, keepableValue, withoutMiddle } from './keepable.js';
import { quantOf } from './quant.js';
import { seedOf } from './seeds.js';
import { answerFrom, bodyOf, promptHashOf } from './wire.js';

const sampler = { temperature: 0.2, topP: 0.9, maxTokens: 100 };

test('a conversation with functions goes over the wire as the API wants it', () => {
  const body = bodyOf(
    [
      { role: 'user', content: 'Weather?' },
      {
        role: 'assistant',
        content: '',
        calls: [
          { name: 'a', arguments: { x: 1 } },
          { name: 'b', arguments: '{' },
        ],
      },
      { role: 'tool', content: 'second', name: 'b' },
      { role: 'tool', content: 'first', name: 'a' },
    ],
    { maxTokens: 50, tools: [{ name: 'a', description: 'A', parameters: {} }], schema: { type: 'object' } },
    sampler,
    7,
  );
  expect(body).toMatchObject({
    ...{ temperature: 0.2, top_p: 0.9, max_tokens: 50, seed: 7 },
    tools: [{ type: 'function', function: { name: 'a' } }],
    response_format: { type: 'json_schema', json_schema: { schema: { type: 'object' } } },
    messages: [
      { role: 'user' },
      {
        tool_calls: [
          { id: 'call_1', function: { name: 'a', arguments: '{"x":1}' } },
          { id: 'call_2', function: { name: 'b', arguments: '{' } },
        ],
      },
      { tool_call_id: 'call_2' },
      { tool_call_id: 'call_1' },
    ],
  });
  expect(body).not.toHaveProperty('top_k');
});

test('the hash of a prompt is that of what is asked, not of the seed', () => {
  const of = (content: string, seed: number) =>
    promptHashOf(bodyOf([{ role: 'user', content }], { maxTokens: 50 }, sampler, seed));
  expect(of('a', 1)).toBe(of('a', 2));
  expect(of('a', 1)).not.toBe(of('b', 1));
});

test('what a model says is kept, whatever it says', () => {
  const told = {
    said: {
      content: 'a\0\uD800',
      reasoning: null,
      refusal: null,
      calls: [{ name: 'a b!', arguments: '{"x"' }],
    },
    sample: { promptTokens: 1, outputTokens: 2, finishReason: 'stop' },
  } as unknown as Told;
  expect(answerFrom(told, null)).toMatchObject({
    content: 'a\uFFFD\uFFFD',
    calls: [{ name: 'a_b_', arguments: '{"x"' }],
    refusal: null,
  });
  expect(answerFrom(told, '403: no').refusal).toBe('403: no');
  expect(keepableText('so it is 😀')).toBe('so it is 😀');
  expect(keepableValue({ a: ['\0', 1, null] })).toEqual({ a: ['\uFFFD', 1, null] });
  expect(withoutMiddle('abcdefgh', 4)).toBe('ab\n… 4 characters left out …\ngh');
});

test.each([
  ['qwen3-8b-Q4_K_M.gguf', 'q', 'Q4_K_M'],
  ['m-UD-IQ2_XXS.gguf', 'q', 'UD-IQ2_XXS'],
  [null, 'llama-3.1-8b:bf16', 'BF16'],
  ['model.gguf', 'qwen3-30b-awq', 'AWQ'],
  ['model.gguf', 'qwen3', null],
])('the quantisation of %s, %s is %s', (file, model, quant) => {
  expect(quantOf(file, model)).toBe(quant);
});

test('a seed is the same for the same sample, and counts up where one is set', () => {
  expect(seedOf(undefined, 'a', 0)).toBe(seedOf(undefined, 'a', 0));
  expect(seedOf(undefined, 'a', 0)).not.toBe(seedOf(undefined, 'a', 1));
  expect(seedOf(2 ** 31 - 1, 'a', 1)).toBe(0);
});
