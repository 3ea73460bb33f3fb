import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SseParser, type SseEvent } from './sse.js';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Cuts at the given places, which may lie inside a character or between CR and LF. */
function parseCut(input: Uint8Array, cuts: readonly number[]): SseEvent[] {
  const parser = new SseParser();
  const places = [0, ...cuts.map((cut) => cut % (input.length + 1)).sort((a, b) => a - b), input.length];
  return places.slice(1).flatMap((end, i) => parser.push(input.subarray(places[i], end)));
}

const dataOf = (events: readonly SseEvent[]): string[] =>
  events.map((event) => (event.ok ? event.data : event.reason));

describe('SseParser', () => {
  it('reads llama-swap’s frames, which have no space after the colons', () => {
    expect(
      dataOf(new SseParser().push(bytes('event:message\ndata:{"a":1}\n\nevent:message\ndata:2\n\n'))),
    ).toEqual(['{"a":1}', '2']);
  });

  it('joins data lines, drops one leading space, comments, other fields and events without data', () => {
    const text = ': hello\n\nid: 7\ndata: one\ndata:  two\nretry: 5\n\nevent: empty\n\ndata\n\n';
    expect(dataOf(new SseParser().push(bytes(text)))).toEqual(['one\n two', '']);
  });

  it('gives the same events wherever the bytes are cut and however lines end', () => {
    const line = fc.string({ unit: 'grapheme', maxLength: 12 }).map((text) => text.replace(/[\r\n]/g, '¶'));
    const event = fc.array(line, { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(
        fc.array(event, { maxLength: 6 }),
        fc.array(fc.constantFrom('\n', '\r\n', '\r'), { minLength: 1, maxLength: 5 }),
        fc.array(fc.nat(), { maxLength: 40 }),
        (events, ends, cuts) => {
          let n = 0;
          const end = (): string => ends[n++ % ends.length] ?? '\n';
          const text = events
            .map((lines) => lines.map((part) => `data: ${part}${end()}`).join('') + end())
            .join('');
          // A lone CR before a line feed that belongs to the next line would be one line end.
          fc.pre(!/\r\n/.test(text) || !ends.includes('\r'));
          expect(dataOf(parseCut(bytes(text), cuts))).toEqual(events.map((lines) => lines.join('\n')));
        },
      ),
      { numRuns: 500 },
    );
  });

  it('never throws on any bytes, and cutting changes nothing', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.array(fc.nat(), { maxLength: 20 }), (input, cuts) => {
        expect(parseCut(input, cuts)).toEqual(parseCut(input, []));
      }),
    );
  });

  it('skips an event that is too long, says so, and reads the next', () => {
    const parser = new SseParser(100);
    const long = `data:${'x'.repeat(80)}\ndata:${'y'.repeat(80)}\n\n`;
    const events = Array.from(bytes(long)).flatMap((byte) => parser.push(Uint8Array.of(byte)));
    expect(events).toEqual([{ ok: false, reason: 'event longer than 100 bytes' }]);
    expect(dataOf(parser.push(bytes('data:next\n\n')))).toEqual(['next']);
  });
});
