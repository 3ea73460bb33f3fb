import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { splitFences } from './fences';
import { highlightJson, pretty } from './json';

describe('fenced code', () => {
  it('stands apart from the text, also when it is not closed', () => {
    expect(splitFences('Look:\n\n```ts\nconst a = 1;\n```\n\nDone. Not `code`.\n```\nopen')).toEqual([
      { code: false, text: 'Look:' },
      { code: true, text: 'const a = 1;' },
      { code: false, text: 'Done. Not `code`.' },
      { code: true, text: 'open' },
    ]);
    expect(splitFences('')).toEqual([]);
  });
});

describe('coloured JSON', () => {
  it('is the text itself, piece by piece, also where it is cut', () => {
    fc.assert(
      fc.property(fc.json(), fc.nat(), (json, cut) => {
        const text = json.slice(0, cut % (json.length + 1));
        expect(
          highlightJson(text)
            .map((token) => token.text)
            .join(''),
        ).toBe(text);
      }),
    );
  });
  it('tells keys from texts, numbers and words', () => {
    expect(
      highlightJson('{"a\\"b": "c", "n": -1.5e3, "t": true}').filter(({ kind }) => kind !== 'plain'),
    ).toEqual([
      { kind: 'key', text: '"a\\"b"' },
      { kind: 'text', text: '"c"' },
      { kind: 'key', text: '"n"' },
      { kind: 'number', text: '-1.5e3' },
      { kind: 'key', text: '"t"' },
      { kind: 'word', text: 'true' },
    ]);
  });
  it('is indented when it is whole', () =>
    expect([pretty('{"a":1}'), pretty('{"a')]).toEqual(['{\n  "a": 1\n}', '{"a']));
});
