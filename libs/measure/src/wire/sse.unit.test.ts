import { describe, expect, test } from 'vitest';
import { framesOf, type Read } from './sse.js';

const reads = (...parts: [atMs: number, text: string | Uint8Array][]): Read[] =>
  parts.map(([atMs, text]) => ({ atMs, bytes: typeof text === 'string' ? Buffer.from(text) : text }));

describe('events of a stream', () => {
  test('have the time of the read that made their data whole', () => {
    const stream = reads([1, 'data: a\n\nda'], [2, 'ta: b'], [3, '\n'], [4, '\ndata: c\n\ndata: d\n\n']);
    expect(framesOf(stream).map(({ atMs, data }) => [atMs, data])).toEqual([
      [1, 'a'],
      [3, 'b'],
      [4, 'c'],
      [4, 'd'],
    ]);
  });

  test('are the same wherever the bytes are split', () => {
    const text =
      ': hello\r\n\r\ndata: {"x":"ä日✅"}\r\n\r\nevent: error\ndata: y\ndata: z\n\ndata: w\r\rdata: [DONE]\n\n';
    const bytes = Buffer.from(text);
    const whole = framesOf(reads([0, bytes])).map(({ event, data }) => ({ event, data }));
    expect(whole.map(({ data }) => data)).toEqual(['{"x":"ä日✅"}', 'y\nz', 'w', '[DONE]']);
    expect(whole[1]?.event).toBe('error');
    for (let at = 1; at < bytes.length; at += 1) {
      const split = framesOf(reads([0, bytes.subarray(0, at)], [1, bytes.subarray(at)]));
      expect(split.map(({ event, data }) => ({ event, data }))).toEqual(whole);
    }
    const single = framesOf([...bytes].map((byte, atMs) => ({ atMs, bytes: Uint8Array.of(byte) })));
    expect(single.map(({ event, data }) => ({ event, data }))).toEqual(whole);
  });

  test('keep a "data:" that belongs to their text', () => {
    expect(framesOf(reads([0, 'data: data: x\n\ndata:data: y\n\n'])).map(({ data }) => data)).toEqual([
      'data: x',
      'data: y',
    ]);
  });

  test('half a line is nothing, a line without its empty line is something', () => {
    expect(framesOf(reads([0, 'data: a\n\ndata: {"half'])).map(({ data }) => data)).toEqual(['a']);
    expect(framesOf(reads([0, 'data: [DONE]\n'])).map(({ data }) => data)).toEqual(['[DONE]']);
  });
});
