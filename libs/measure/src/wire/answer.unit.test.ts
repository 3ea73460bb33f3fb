import { describe, expect, test } from 'vitest';
import { answerOf } from './answer.js';

let at = 0;
const frame = (data: object | string, event = '') => ({
  atMs: (at += 1),
  event,
  data: typeof data === 'string' ? data : JSON.stringify(data),
});
const chat = (delta: object, more: object = {}) =>
  frame({ id: 'c1', choices: [{ index: 0, delta, ...more }] });

describe('what counts as a token', () => {
  test.each<[string, ReturnType<typeof frame>, 'content' | 'reasoning' | null]>([
    ['text', chat({ content: 'a' }), 'content'],
    ['a space', chat({ content: ' ' }), 'content'],
    ['text of a completion', frame({ id: 'c', choices: [{ text: 'a' }] }), 'content'],
    ['a tool call', chat({ tool_calls: [{ index: 0 }] }), 'content'],
    ['reasoning', chat({ reasoning_content: 'a' }), 'reasoning'],
    ['the role alone', chat({ role: 'assistant', content: null }), null],
    ['an empty text', chat({ role: 'assistant', content: '' }), null],
    ['the end', chat({}, { finish_reason: 'stop' }), null],
    ['usage', frame({ id: 'c', choices: [], usage: { prompt_tokens: 3, completion_tokens: 1 } }), null],
    [
      'llama-swap’s message of a load',
      frame({ choices: [{ delta: { reasoning_content: 'loading' } }] }),
      null,
    ],
    ['progress of the prompt', frame({ id: 'c', choices: [], prompt_progress: { total: 9 } }), null],
  ])('%s', (_what, one, kind) => {
    const { chunks, error } = answerOf([one]);
    expect(error).toBeNull();
    expect(chunks.map(({ reasoning }) => (reasoning ? 'reasoning' : 'content'))).toEqual(kind ? [kind] : []);
  });
});

describe('an error inside a stream', () => {
  test.each([
    ['an object', frame({ error: { message: 'out of memory', code: 500 } }), 'out of memory'],
    ['a text', frame({ error: 'gone' }), 'gone'],
    ['an event of that name', frame({ message: 'x' }, 'error'), 'x'],
    ['no JSON', frame('oops'), 'oops'],
  ])('%s', (_what, one, message) => {
    const answer = answerOf([chat({ content: 'a' }), one, frame('[DONE]')]);
    expect(answer.error).toBe(message);
  });
});

test('an answer is whole only with its last event', () => {
  expect(answerOf([chat({ content: 'a' })]).isDone).toBe(false);
  expect(answerOf([chat({ content: 'a' }), frame('[DONE]')]).isDone).toBe(true);
});
