import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EndlessLineError, EventStream, type Frame } from './event-stream';

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
function read(pieces: readonly Uint8Array[]): Frame[] {
  const stream = new EventStream();
  return [...pieces.flatMap((piece) => stream.push(piece)), ...stream.end()];
}
const data = (text: string): Frame => ({ kind: 'data', text });
/** Cuts at these places, in whatever order. */
function cutAt(bytes: Uint8Array, places: readonly number[]): Uint8Array[] {
  const ends = [...places.map((place) => place % (bytes.length + 1)), bytes.length].toSorted((a, b) => a - b);
  return ends.map((end, n) => bytes.subarray(n === 0 ? 0 : ends[n - 1], end));
}

describe('a stream of events', () => {
  it('gives the data of each, comments apart, and nothing of other fields', () => {
    const text =
      '\uFEFFevent: x\nid: 1\ndata: one\ndata:two\n\n: loading qwen\n\nretry: 3\n\ndata\n\ndata:  three\n\n';
    expect(read([bytesOf(text)])).toEqual([
      data('one\ntwo'),
      { kind: 'comment', text: 'loading qwen' },
      data(''),
      data(' three'),
    ]);
  });

  it('is the same wherever its bytes are cut and however its lines end', () => {
    const line = fc.oneof(
      fc.string({ unit: 'binary' }).map((text) => `data: ${text.replace(/[\r\n]/g, '')}`),
      fc.constantFrom('data: {"a":"ä€🙂"}', ': wait', 'event: delta', 'data'),
    );
    const event = fc.array(line, { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(
        fc.array(event, { maxLength: 5 }),
        fc.constantFrom('\n', '\r\n', '\r'),
        fc.array(fc.nat({ max: 2000 }), { maxLength: 12 }),
        (events, end, places) => {
          const text = events.map((lines) => `${lines.join(end)}${end}${end}`).join('');
          const expected = read([bytesOf(events.map((lines) => `${lines.join('\n')}\n\n`).join(''))]);
          expect(read(cutAt(bytesOf(text), places))).toEqual(expected);
          expect(read([...bytesOf(text)].map((byte) => Uint8Array.of(byte)))).toEqual(expected);
        },
      ),
      { numRuns: 50 },
    );
  });

  it('loses nothing of what was cut at the end', () => {
    expect(read([bytesOf('data: one\n\ndata: tw')])).toEqual([data('one'), data('tw')]);
    expect(read([bytesOf('data: €').subarray(0, -1)])).toEqual([data('\uFFFD')]);
    expect(read([])).toEqual([]);
  });

  it('reads a line of megabytes that comes in small pieces, and gives up on one without an end', () => {
    const piece = bytesOf('x'.repeat(1024));
    const stream = new EventStream();
    stream.push(bytesOf('data: '));
    for (let n = 0; n < 4096; n++) stream.push(piece);
    expect(stream.push(bytesOf('\n\n'))[0]?.text).toHaveLength(4 * 1024 * 1024);
    const huge = bytesOf('x'.repeat(8 * 1024 * 1024));
    const endless = (): unknown => Array.from({ length: 5 }, () => stream.push(huge));
    expect(endless).toThrow(EndlessLineError);
  });
});
