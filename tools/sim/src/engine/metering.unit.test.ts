import { expect, test } from 'vitest';
import { errorMessage, meter, noFigures } from './metering.js';

const timings = {
  cache_n: 5,
  prompt_n: 7,
  prompt_ms: 10.4,
  prompt_per_second: 700,
  predicted_n: 9,
  predicted_ms: 20.9,
  predicted_per_second: 45,
};

test('timings win over usage', () => {
  const body = JSON.stringify({ usage: { prompt_tokens: 99, completion_tokens: 99 }, timings });
  expect(meter('A', 'application/json', body)).toEqual({
    tokens: {
      cache_tokens: 5,
      input_tokens: 7,
      output_tokens: 9,
      prompt_per_second: 700,
      tokens_per_second: 45,
    },
    timingsMs: 31,
  });
});

test('a stream is read to its last timings', () => {
  const stream = `data: {"choices":[]}\n\ndata: ${JSON.stringify({ choices: [], timings })}\n\ndata: [DONE]\n\n`;
  expect(meter('C', 'text/event-stream', stream)?.tokens).toMatchObject({
    output_tokens: 9,
    draft_tokens: -1,
  });
});

test('an embedding has usage only: rates and cache are not reported', () => {
  const body = JSON.stringify({ usage: { prompt_tokens: 12 } });
  expect(meter('B', 'application/json', body)?.tokens).toEqual({
    cache_tokens: -1,
    draft_tokens: -1,
    draft_acc_tokens: -1,
    input_tokens: 12,
    output_tokens: 0,
    prompt_per_second: -1,
    tokens_per_second: -1,
  });
});

test('drafts are counted where both figures are there', () => {
  const body = JSON.stringify({ timings: { ...timings, draft_n: 20, draft_n_accepted: 14 } });
  expect(meter('C', 'application/json', body)?.tokens).toMatchObject({
    draft_tokens: 20,
    draft_acc_tokens: 14,
  });
  expect(meter('A', 'application/json', body)?.tokens).not.toHaveProperty('draft_tokens');
});

test('an answer that tells nothing leaves zeros', () => {
  expect(meter('C', 'application/json', '{"ok":true}')).toBeUndefined();
  expect(meter('C', 'text/event-stream', 'data: {"choices":[]}\n\n')).toBeUndefined();
  expect(meter('C', 'application/json', 'not json')).toBeUndefined();
  expect(Object.values(noFigures('C')).every((value) => value === 0)).toBe(true);
});

test.each([
  ['{"error":{"message":"too long"}}', 'too long'],
  ['{"error":"plain"}', 'plain'],
  ['{"message":"m"}', 'm'],
  ['<html>', '502 Bad Gateway'],
])('finds the message in %s', (body, message) => {
  expect(errorMessage(502, 'Bad Gateway', body)).toBe(message);
});
