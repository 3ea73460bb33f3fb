import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Dialect } from './dialect.js';
import { SseScanner } from './sse-scanner.js';

const json = (value: object): string => `data: ${JSON.stringify(value)}\n\n`;
const chat = (delta: object, finish: string | null = null): string =>
  json({ id: 'c', choices: [{ index: 0, delta, finish_reason: finish }] });

function scan(dialect: Dialect, ...frames: string[]): SseScanner {
  const scanner = new SseScanner(dialect);
  scanner.push(Buffer.from(frames.join('')));
  return scanner;
}

describe('content', () => {
  it.each<[string, Dialect, string, boolean]>([
    ['text', 'chat', chat({ content: 'a' }), true],
    ['reasoning', 'chat', chat({ reasoning_content: 'a' }), true],
    ['a tool call', 'chat', chat({ tool_calls: [{ index: 0 }] }), true],
    ['a function call of old', 'chat', chat({ function_call: { name: 'f' } }), true],
    ['the role alone', 'chat', chat({ role: 'assistant', content: null }), false],
    ['an empty text', 'chat', chat({ content: '' }), false],
    [
      'llama-swap’s message about loading',
      'chat',
      json({ choices: [{ delta: { reasoning_content: 'loading' } }] }),
      false,
    ],
    ['text without an id', 'chat', json({ choices: [{ delta: { content: 'a' } }] }), true],
    ['progress of the prompt', 'chat', json({ id: 'c', choices: [], prompt_progress: { total: 9 } }), false],
    ['a comment', 'chat', ': still here\n\n', false],
    ['text of a completion', 'completions', json({ id: 'c', choices: [{ text: 'a' }] }), true],
    ['a delta of Responses', 'responses', json({ type: 'response.output_text.delta', delta: 'a' }), true],
    ['the opening of Responses', 'responses', json({ type: 'response.created', response: {} }), false],
    ['a delta of Messages', 'messages', json({ type: 'content_block_delta', delta: {} }), true],
    [
      'a tool of Messages',
      'messages',
      json({ type: 'content_block_start', content_block: { type: 'tool_use' } }),
      true,
    ],
    ['the opening of Messages', 'messages', json({ type: 'message_start', message: {} }), false],
    ['a ping', 'messages', json({ type: 'ping' }), false],
  ])('%s', (_what, dialect, frame, isContent) => {
    expect(scan(dialect, frame).hasContent).toBe(isContent);
  });
});

describe('the end', () => {
  it.each<[string, Dialect, string, boolean, boolean]>([
    ['[DONE]', 'chat', 'data: [DONE]\n\n', true, false],
    ['[DONE] without a space, with CRLF', 'chat', 'data:[DONE]\r\n\r\n', true, false],
    ['a reason', 'chat', chat({}, 'stop'), true, false],
    ['no reason yet', 'chat', chat({ content: 'x' }), false, false],
    ['text that speaks of it', 'chat', chat({ content: '[DONE] "finish_reason":"stop"' }), false, false],
    ['an error', 'chat', json({ error: { message: 'no' } }), true, true],
    ['an error of old', 'chat', 'error: {"message":"no"}\n\n', true, true],
    ['no error', 'chat', json({ error: null, choices: [] }), false, false],
    ['message_stop', 'messages', 'event: message_stop\ndata: {"type":"message_stop"}\n\n', true, false],
    [
      'message_delta',
      'messages',
      json({ type: 'message_delta', delta: { stop_reason: 'end_turn' } }),
      false,
      false,
    ],
    ['an error of Messages', 'messages', 'event: error\ndata: {"type":"error","error":{}}\n\n', true, true],
    ['response.completed', 'responses', json({ type: 'response.completed', response: {} }), true, false],
    ['response.failed', 'responses', json({ type: 'response.failed', response: {} }), true, true],
    ['a line that has not ended', 'chat', 'data: [DONE]', false, false],
  ])('%s', (_what, dialect, frame, hasEnd, hasError) => {
    expect(scan(dialect, chat({ content: 'a' }), frame)).toMatchObject({ hasEnd, hasError });
  });
});

it('reads the same wherever the stream is split', () => {
  const whole = Buffer.from(
    [
      ': hi\n\n',
      chat({ role: 'assistant' }),
      chat({ content: 'Grüße 🎉' }),
      chat({}, 'stop'),
      json({ choices: [], timings: { prompt_n: 3, cache_n: 4, predicted_n: 5 } }),
    ].join(''),
  );
  const told = ({ hasContent, hasEnd, hasError, notices, tokens }: SseScanner): object => ({
    hasContent,
    hasEnd,
    hasError,
    notices,
    tokens,
  });
  const expected = told(scan('chat', whole.toString()));
  expect(expected).toMatchObject({ hasEnd: true, notices: 1, tokens: { prompt: 7, cached: 4, output: 5 } });
  fc.assert(
    fc.property(fc.array(fc.nat({ max: whole.length }), { maxLength: 40 }), (cuts) => {
      const scanner = new SseScanner('chat');
      const at = [0, ...cuts.sort((a, b) => a - b), whole.length];
      for (let index = 1; index < at.length; index++) scanner.push(whole.subarray(at[index - 1], at[index]));
      expect(told(scanner)).toEqual(expected);
    }),
  );
});

it('a line without an end takes no more memory than a short one, and what ends a stream is still seen', () => {
  const scanner = new SseScanner('responses');
  scanner.push(Buffer.from('event: response.completed\ndata: {"type":"response.completed","x":"'));
  const piece = Buffer.alloc(1024 * 1024, 'x');
  const before = process.memoryUsage().arrayBuffers;
  for (let megabyte = 0; megabyte < 64; megabyte++) scanner.push(piece);
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(16 * 1024 * 1024);
  scanner.push(Buffer.from('"}\n\n'));
  expect(scanner).toMatchObject({ hasContent: true, hasEnd: true });
});
