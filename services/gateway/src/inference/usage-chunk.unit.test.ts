import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readJsonBody } from './rewrite.js';
import { UsageBook, UsageHider, withUsage } from './usage-chunk.js';

const USAGE = 'data: {"id":"c","choices":[],"usage":{"prompt_tokens":3,"completion_tokens":2}}';
/** The lines of a frame, without the empty one that ends it. */
const frame: fc.Arbitrary<readonly string[]> = fc.oneof(
  fc.constant([USAGE]),
  fc.constant([USAGE]),
  fc.constantFrom(
    ['data: {"choices":[{"delta":{"content":"Hi"}}],"usage":null}'],
    ['data: {"choices":[],"usage":null}'],
    ['data: {"choices":[],"prompt_filter_results":[]}'],
    ['data: {"choices":[{"delta":{},"finish_reason":"stop"}],"usage":{"prompt_tokens":3}}'],
    ['data: {"choices":[],"usage":{"prompt_tokens":3},"timings":{"prompt_n":3}}'],
    ['data: [DONE]'],
    ['data: {"usage"'],
    [': a comment with "usage"'],
    ['event: x', USAGE],
    ['d'],
    ['data'],
    [''],
  ),
  fc.string().map((text) => [`data: ${JSON.stringify({ choices: [{ delta: { content: text } }] })}`]),
  fc.constant([`data: {"choices":[],"usage":{"x":"${'wörld'.repeat(15_000)}"}}`]),
);
const pieces = fc.array(fc.tuple(frame, fc.constantFrom('\n', '\r\n')), { maxLength: 8 });

/** Split at any bytes. */
function through(bytes: Buffer, cuts: readonly number[]): Buffer {
  const hider = new UsageHider();
  const at = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b);
  const ends = [...at, bytes.length];
  const out = ends.map((end, index) => hider.push(bytes.subarray(ends[index - 1] ?? 0, end)));
  return Buffer.concat([...out, hider.end()]);
}

describe('a stream that was asked for its counts', () => {
  it('goes through byte for byte but for the chunk of counts, wherever it is split', () => {
    fc.assert(
      fc.property(pieces, fc.array(fc.nat(), { maxLength: 12 }), fc.boolean(), (frames, cuts, isCut) => {
        const text = ([lines, eol]: [readonly string[], string]): string => [...lines, ''].join(eol) + eol;
        const whole = frames.map(text).join('');
        const shown = frames
          .filter(([lines]) => lines[0] !== USAGE)
          .map(text)
          .join('');
        // What follows an end in the middle of a line is as it came, too.
        const tail = isCut ? 'data: {"cho' : '';
        expect(through(Buffer.from(whole + tail), cuts).toString()).toBe(shown + tail);
      }),
      { numRuns: 500 },
    );
  });

  it('split into single bytes, too', () => {
    const text = `data: {"choices":[{}]}\r\n\r\n${USAGE}\r\n\r\ndata: [DONE]\r\n\r\n`;
    const bytes = Buffer.from(text);
    const cuts = Array.from(bytes, (_, index) => index);
    expect(through(bytes, cuts).toString()).toBe('data: {"choices":[{}]}\r\n\r\ndata: [DONE]\r\n\r\n');
  });

  it('holds nothing back that cannot be the chunk, and says where a line ends', () => {
    const hider = new UsageHider();
    const push = (text: string): [string, boolean] => [
      hider.push(Buffer.from(text)).toString(),
      hider.isAtLineStart,
    ];
    expect(push(': comm')).toEqual([': comm', false]);
    expect(push('ent\n\ndata: {')).toEqual(['ent\n\n', true]);
    expect(push('}\n')).toEqual(['data: {}\n', true]);
    expect(push('data: more')).toEqual(['data: more', false]);
  });

  it('keeps what the host measured, and says that it did', () => {
    const hider = new UsageHider();
    const text = 'data: {"choices":[],"usage":{"prompt_tokens":3},"timings":{"prompt_n":3}}\n\n';
    expect(hider.push(Buffer.from(text)).toString()).toBe(text);
    expect(hider.hasTimings).toBe(true);
  });
});

describe('the question', () => {
  it('is one member more, and every other byte as it came', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.constantFrom('', ' \n'), (more, space) => {
        const text = `${space}${JSON.stringify({ model: 'm', ...more })}`;
        const asked = withUsage(Buffer.from(text));
        expect(asked.toString().replace('"stream_options":{"include_usage":true},', '')).toBe(text);
        const reading = readJsonBody(asked);
        if (reading.ok) expect(reading.body.hasStreamOptions).toBe(true);
      }),
    );
  });

  it('is not put to those that are known not to need it', () => {
    const book = new UsageBook();
    book.neverAsk('cloud', 'm');
    expect([book.mayAsk('cloud', 'm'), book.mayAsk('cloud', 'n')]).toEqual([false, true]);
  });
});
