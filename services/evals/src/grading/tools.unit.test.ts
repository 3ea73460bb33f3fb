import { ToolItemSchema, type EvalMessage, type EvalToolCall, type ToolItem } from '@boocontrol/contracts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ask } from '../asking/ask.js';
import { argumentsOf, replyTo } from '../asking/tools.js';
import type { Answer } from '../asking/types.js';
import { toolFindings } from './tools.js';

const item = (over: Record<string, unknown> = {}): ToolItem =>
  ToolItemSchema.parse({
    kind: 'tools',
    id: 'x',
    messages: [{ role: 'user', content: 'Weather in Oslo and Bergen?' }],
    tools: [{ name: 'weather', description: 'Weather', parameters: { type: 'object' } }],
    replies: [
      { tool: 'weather', when: { city: 'Oslo' }, result: { c: 3 } },
      { tool: 'weather', when: { city: 'Bergen' }, result: 'rain' },
    ],
    expect: {},
    ...over,
  });
const call = (city: unknown, more: object = {}): EvalToolCall => ({
  name: 'weather',
  arguments: { city, ...more },
});
const wanted = (city: string) => ({ name: 'weather', arguments: { city: { equals: city } } });
const saying = (...calls: EvalToolCall[][]): EvalMessage[] =>
  calls.map((made) => ({ role: 'assistant' as const, content: 'text', calls: made }));
const passes = (expected: object, answer: EvalMessage[]): boolean =>
  toolFindings(item({ expect: expected }).expect, answer).every(({ passed }) => passed);

describe('calls', () => {
  const both = { calls: [wanted('Oslo'), wanted('Bergen')] };

  test('in one answer or in several, with texts in any case', () => {
    expect(passes(both, saying([call(' oslo'), call('BERGEN')]))).toBe(true);
    expect(passes(both, saying([call('Oslo')], [call('Bergen', { unit: 'c' })]))).toBe(true);
  });

  test('in the order that is asked for', () => {
    const turned = saying([call('Bergen'), call('Oslo')]);
    expect(passes(both, turned)).toBe(false);
    expect(passes({ ...both, order: 'any' }, turned)).toBe(true);
  });

  test('and no more of them, unless more may be made', () => {
    const three = saying([call('Oslo'), call('Rome'), call('Bergen')]);
    expect(passes(both, three)).toBe(false);
    expect(passes({ ...both, more: true }, three)).toBe(true);
    expect(passes({}, saying([call('Oslo')]))).toBe(false);
    expect(passes({}, saying([]))).toBe(true);
  });

  test('each of its own: one that fits two is given to the one that fits nothing else', () => {
    const any = { order: 'any', calls: [{ name: 'weather' }, wanted('Oslo')] };
    expect(passes(any, saying([call('Oslo'), call('Rome')]))).toBe(true);
    expect(passes(any, saying([call('Rome'), call('Rome')]))).toBe(false);
  });

  test('with arguments that are no JSON fail', () => {
    expect(passes({ more: true }, saying([{ name: 'weather', arguments: '{"city": ' }]))).toBe(false);
  });

  test.each([
    [{ anyOf: [1, 'one'] }, 'ONE', 2],
    [{ contains: ['a', 'B'] }, 'xAxb', 'a'],
    [{ near: 5, within: 0.5 }, 5.4, 5.6],
    [{ equals: { a: [1, ' X'] } }, { a: [1, 'x'] }, { a: ['x', 1] }],
  ])('with an argument that is %j', (what, right, wrong) => {
    const expected = { calls: [{ name: 'weather', arguments: { city: what, other: { absent: true } } }] };
    expect(passes(expected, saying([call(right)]))).toBe(true);
    expect(passes(expected, saying([call(wrong)]))).toBe(false);
    expect(passes(expected, saying([call(right, { other: null })]))).toBe(false);
    expect(passes(expected, saying([{ name: 'weather', arguments: {} }]))).toBe(false);
  });
});

describe('a conversation', () => {
  const context = {
    countTokens: () => Promise.resolve(1),
    contextTokens: null,
    signal: new AbortController().signal,
  };
  const answer = (over: Partial<Answer>): Answer => ({
    content: '',
    reasoning: null,
    calls: [],
    finishReason: 'stop',
    promptTokens: 10,
    outputTokens: 5,
    refusal: null,
    ...over,
  });
  const suite = { sampler: { temperature: 0, maxTokens: 100 } };

  test('goes on with what the script returns until nothing is called', async () => {
    const turns = [
      answer({ calls: [call('oslo'), call('Bergen')], reasoning: 'a' }),
      answer({ calls: [call('Rome'), { name: 'fly', arguments: {} }, { name: 'weather', arguments: 'x' }] }),
      answer({ content: 'Cold.', reasoning: 'b', promptTokens: 90 }),
    ];
    const seen: number[] = [];
    const transcript = await ask(item(), suite, {
      ...context,
      send: (messages, { tools }) => {
        seen.push(messages.length);
        expect(tools).toHaveLength(1);
        return Promise.resolve(turns[seen.length - 1] ?? answer({}));
      },
    });
    expect(seen).toEqual([1, 4, 8]);
    expect(transcript.answer.filter(({ role }) => role === 'tool').map(({ content }) => content)).toEqual([
      '{"c":3}',
      'rain',
      '{"error":"nothing is found for these arguments"}',
      '{"error":"there is no function fly"}',
      '{"error":"the arguments are no JSON object"}',
    ]);
    expect(transcript).toMatchObject({ reasoning: 'a\n\nb', promptTokens: 90, outputTokens: 15 });
  });

  test('ends after its turns', async () => {
    let asked = 0;
    const transcript = await ask(item({ maxTurns: 3 }), suite, {
      ...context,
      send: () => {
        asked += 1;
        return Promise.resolve(answer({ calls: [call('Oslo')] }));
      },
    });
    expect(asked).toBe(3);
    expect(transcript.answer.at(-1)?.role).toBe('assistant');
  });
});

test('whatever arguments are, they are read and answered', () => {
  expect(argumentsOf('')).toEqual({});
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
      expect(typeof replyTo({ name: 'weather', arguments: argumentsOf(text) }, item())).toBe('string');
    }),
  );
});
