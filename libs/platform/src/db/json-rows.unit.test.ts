import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { jsonRows } from './json-rows.js';

describe('rows as one JSON parameter', () => {
  test('ordinary text stays as it is, also text that looks like an escape', () => {
    const rows = [{ text: 'Grüße 🦙 \\u0000 \\ud800', 'key ✓': ['\t', null, 1.5, true] }];
    expect(JSON.parse(jsonRows(rows))).toEqual(rows);
  });

  test('what jsonb cannot store becomes U+FFFD, and only that', () => {
    const rows = [{ text: 'a\0b', half: '\ud83e!', other: '\udd99', list: [{ '\0': '🦙\0' }] }];
    expect(JSON.parse(jsonRows(rows))).toEqual([
      { text: 'a\ufffdb', half: '\ufffd!', other: '\ufffd', list: [{ '\ufffd': '🦙\ufffd' }] },
    ]);
  });

  test('nothing that jsonb refuses is left, whatever the text', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('\0', '\ud83e', '\udd99', '\\', 'u0000', 'a') }),
        (text) => {
          const [row] = JSON.parse(jsonRows([{ text }])) as { text: string }[];
          expect(row?.text).not.toMatch(/\0/);
          expect(Buffer.from(row?.text ?? '').toString()).toBe(row?.text);
        },
      ),
    );
  });
});
