import { describe, expect, it } from 'vitest';
import { hasTimings } from './timings.js';

const body = (data: string, cut = false) => ({ encoding: 'utf8' as const, data, bytes: data.length, cut });
const timings = { prompt_n: 29, cache_n: 1434 };
const stream = (...events: object[]): string =>
  [...events.map((event) => `data: ${JSON.stringify(event)}`), 'data: [DONE]'].join('\n\n');

describe('timings of an answer', () => {
  it.each([
    ['JSON', JSON.stringify({ choices: [], timings }), true],
    ['indented JSON', JSON.stringify({ choices: [], timings }, null, 2), true],
    ['a stream', stream({ choices: [{}] }, { choices: [], timings }), true],
    ['a stream with \\r\\n', stream({ choices: [], timings }).replaceAll('\n', '\r\n'), true],
    ['the list of /infill', JSON.stringify([{}, { timings }]), true],
    ['usage alone', JSON.stringify({ usage: { prompt_tokens: 5 } }), false],
    ['a stream without', stream({ choices: [{}] }, { usage: { prompt_tokens: 5 } }), false],
    ['talk of them', stream({ choices: [{ delta: { content: 'data: {"timings":{}}' } }] }), false],
    ['them somewhere inside', JSON.stringify({ choices: [{ timings }] }), false],
    ['no JSON', 'Bad "timings" Gateway', false],
  ])('%s', (_what, data, expected) => {
    expect(hasTimings(body(data))).toBe(expected);
  });

  it('are not known of an answer that was cut before them, that is no text, or that was not kept', () => {
    expect(hasTimings(body('{"choices":[', true))).toBeNull();
    expect(hasTimings({ encoding: 'base64', data: 'AA==', bytes: 1, cut: false })).toBeNull();
    expect(hasTimings(null)).toBeNull();
  });
});
