import type { ActivityEntry, Capture } from '@boocontrol/contracts';
import { readAnswer, type Answer } from '@boocontrol/fleet-model';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { differences } from './differences';
import { ReadDraft, usageOf } from './read-draft';
import { replayable } from './replayable';
import { withModel } from './with-model';

describe('a body for another model', () => {
  it('is the same but for the model, to the letter', () => {
    const spaces = fc.constantFrom(undefined, 2, '\t');
    fc.assert(
      fc.property(
        fc.dictionary(fc.string(), fc.jsonValue()),
        fc.boolean(),
        spaces,
        fc.string(),
        (rest, has, indent, name) => {
          const { model: _model, ...others } = rest;
          const before = JSON.stringify(has ? { ...others, model: 'before' } : others, null, indent);
          const after = withModel(before, name);
          expect(JSON.parse(after)).toEqual({ ...(JSON.parse(before) as object), model: name });
          if (has) expect(after).toBe(before.replace(/"before"(?=\s*\}$)/, () => JSON.stringify(name)));
        },
      ),
    );
  });
  it('keeps numbers, doubles and the order as they were written', () => {
    const body =
      '{ "n": 1.0, "model" : "a",\n"tools":[{"model":"x"}], "big": 12345678901234567890, "mod\\u0065l":null}';
    expect(withModel(body, 'host/b')).toBe(
      '{ "n": 1.0, "model" : "host/b",\n"tools":[{"model":"x"}], "big": 12345678901234567890, "mod\\u0065l":"host/b"}',
    );
    expect(withModel('{}', 'a')).toBe('{"model":"a"}');
    expect(withModel('{"x":"model"}', 'a')).toBe('{"model":"a","x":"model"}');
  });
});

describe('what can be sent again', () => {
  const entry = (reqPath: string, data: string, more: object = {}, state = 'stored'): ActivityEntry =>
    ({
      row: { reqPath },
      capture: { reqBody: { encoding: 'utf8', data, bytes: 1, cut: false, ...more } } as Capture,
      captureState: state,
    }) as ActivityEntry;
  const why = (given: ActivityEntry): string | null => {
    const found = replayable(given);
    return found.ok ? null : found.why;
  };
  it('is a document that /v1 takes, and whole', () => {
    for (const path of ['chat/completions', 'completions', 'messages', 'responses', 'embeddings', 'rerank'])
      expect(why(entry(`/v1/${path}`, '{"model":"m"}'))).toBeNull();
    expect(replayable(entry('/v1/embeddings', '{}'))).toMatchObject({ isAnyKind: true });
    expect(replayable(entry('/chat/completions', '{}'))).toMatchObject({ path: '/v1/chat/completions' });
  });
  it('else is said why not', () => {
    expect(why(entry('/v1/audio/speech', '{}'))).toMatch(/nothing that takes \/v1\/audio\/speech/);
    expect(why(entry('/v1/messages', '{"mes', { cut: true }))).toMatch(/was cut/);
    expect(why(entry('/v1/messages', '{}', {}, 'gone'))).toMatch(/was not kept/);
    expect(why(entry('/v1/messages', '{}', {}, 'pending'))).toMatch(/on its way/);
    expect(why(entry('/v1/messages', 'AAAA', { encoding: 'base64' }))).toMatch(/no JSON/);
    expect(why(entry('/v1/messages', '[1]'))).toMatch(/no JSON document/);
  });
});

describe('an answer as it grows', () => {
  const take = (...events: (object | string)[]) => {
    const draft = new ReadDraft();
    const brought = events.map((event) =>
      draft.take(typeof event === 'string' ? event : JSON.stringify(event)),
    );
    return { draft, brought };
  };
  it('of the Messages API', () => {
    const { draft, brought } = take(
      {
        type: 'message_start',
        message: { type: 'message', content: [], usage: { input_tokens: 3, cache_read_input_tokens: 4 } },
      },
      { type: 'content_block_delta', index: 0, delta: { type: 'thinking_delta', thinking: 'hm' } },
      { type: 'content_block_delta', index: 1, delta: { type: 'text_delta', text: 'hi' } },
      { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 5 } },
    );
    expect(brought).toEqual(['nothing', 'reasoning', 'content', 'nothing']);
    expect(draft).toMatchObject({ isWhole: false });
    draft.take('{"type":"message_stop"}');
    expect(draft).toMatchObject({
      isWhole: true,
      usage: { prompt_tokens: 7, completion_tokens: 5, prompt_tokens_details: { cached_tokens: 4 } },
    });
  });
  it('of the Responses API, of completions, and of what is no text', () => {
    const response = {
      object: 'response',
      status: 'completed',
      output: [],
      usage: { input_tokens: 9, output_tokens: 2 },
    };
    const responses = take(
      { type: 'response.output_text.delta', item_id: 'm', delta: 'hi' },
      { type: 'response.completed', response },
    );
    expect(responses.draft).toMatchObject({
      isWhole: true,
      usage: { prompt_tokens: 9, completion_tokens: 2 },
    });
    expect(responses.brought[0]).toBe('content');
    expect(take({ choices: [{ text: 'a', finish_reason: 'length' }] }).draft).toMatchObject({
      isWhole: true,
      finish: 'length',
    });
    expect(take({ data: [{ embedding: [1] }], usage: { prompt_tokens: 2 } }).draft).toMatchObject({
      isWhole: true,
      usage: { prompt_tokens: 2 },
    });
    expect(take({ input_tokens: 12 }).draft.isWhole).toBe(true);
  });
  it('that fails', () => {
    expect(take({ type: 'error', error: { message: 'Busy' } }).draft).toMatchObject({ error: 'Busy' });
    expect(usageOf({})).toEqual({});
  });
  it('never throws', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => void take(text)));
  });
});

describe('differences', () => {
  const chat = (message: object, finish = 'stop'): Answer | null =>
    readAnswer(JSON.stringify({ choices: [{ index: 0, message, finish_reason: finish }] }), null);
  const call = (name: string, args: object): object => ({
    content: null,
    tool_calls: [{ id: 'c', function: { name, arguments: JSON.stringify(args) } }],
  });
  it('of calls of tools are said in words', () => {
    const was = chat(call('weather', { city: 'Köln', days: 1 }));
    const words = (message: object): string => differences(was, chat(message)).join(' ');
    expect(words(call('weather', { days: 1, city: 'Köln' }))).toBe(
      'It calls the same tool with the same arguments: weather.',
    );
    expect(words(call('weather', { city: 'Bonn' }))).toBe(
      'It calls weather with city "Bonn" instead of "Köln". It calls weather without days, which was 1.',
    );
    expect(words(call('news', {}))).toBe('It calls news; the original called weather.');
    expect(words({ content: 'No.' })).toMatch(
      /^It calls no tool; the original called weather\. It says something/,
    );
  });
  it('of texts and ends, too', () => {
    const was = chat({ content: 'The cat sat.' });
    expect(differences(was, chat({ content: 'The cat sat.' }))).toEqual(['It says the same, to the letter.']);
    expect(differences(was, chat({ content: 'The dog' }, 'length'))).toEqual([
      'It says something else after 4 characters that are the same: 7 characters instead of 12.',
      'It ended by length, the original by stop.',
    ]);
  });
  it('are said of what is no text, and of what is not known', () => {
    const vectors = (n: number): Answer => ({ kind: 'embeddings', vectors: 1, dimensions: n });
    const ranking = (...order: number[]): Answer => ({
      kind: 'ranking',
      results: order.map((index) => ({ index, score: 1 })),
    });
    expect(differences(vectors(3), vectors(3))[0]).toMatch(/^As many embeddings/);
    expect(differences(vectors(3), vectors(4))).toEqual([
      '1 embedding of 4 dimensions instead of 1 embedding of 3 dimensions.',
    ]);
    expect(differences(ranking(0, 1), ranking(1, 0))).toEqual(['The order is another one.']);
    expect(differences(null, null)[0]).toMatch(/not known/);
    expect(differences(vectors(1), ranking(0))[0]).toMatch(/another kind/);
  });
});
