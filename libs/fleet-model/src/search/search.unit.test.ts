import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hitsIn } from './hits.js';
import { readTextQuery } from './text-query.js';
import { wordsOf } from './words.js';

const words = (text: string): string[] => [...wordsOf(text)];
const why = (text: string): string | null => {
  const query = readTextQuery(text);
  return query.ok ? null : query.why;
};

describe('words', () => {
  it('are letters and digits, small, and each part of a name is one', () => {
    expect(words('Call get_weather("Köln"), src/app.ts!')).toEqual([
      'call',
      'get',
      'weather',
      'köln',
      'src',
      'app',
      'ts',
    ]);
    expect(words('e\u0301té 3.5e2')).toEqual(['\u00e9t\u00e9', '3', '5e2']);
  });
  it('are single characters where a script has no spaces', () => {
    expect(words('東京abc タワー')).toEqual(['東', '京', 'abc', 'タ', 'ワ', 'ー']);
  });
  it('are never longer than a search knows them, and never half a character', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        for (const word of words(text)) expect(word).toMatch(/^[\p{L}\p{N}\p{M}]{1,300}$/u);
      }),
    );
    // A sign of a script, but no letter of it.
    expect(words('⺀東')).toEqual(['東']);
    expect(words(`${'a'.repeat(99)}𝒳`)).toEqual(['a'.repeat(99)]);
  });
});

describe('a search', () => {
  it('takes words, phrases, what must not be there, and alternatives', () => {
    expect(readTextQuery('Boiler "in the cellar" -door -"left side" OR get_weather')).toEqual({
      ok: true,
      any: [
        {
          phrases: [['boiler'], ['in', 'the', 'cellar']],
          without: [['door'], ['left', 'side']],
        },
        { phrases: [['get', 'weather']], without: [] },
      ],
    });
    expect(readTextQuery('or a or or "b')).toEqual({
      ok: true,
      any: [
        { phrases: [['a']], without: [] },
        { phrases: [['b']], without: [] },
      ],
    });
  });
  it('says what is wrong with it', () => {
    expect(why('a -b')).toBeNull();
    for (const none of ['', ' ', '""', '-', '!?', 'or']) expect(why(none)).toMatch(/no word/);
    expect(why('a or -b')).toMatch(/only what must not/);
    expect(why('a '.repeat(33))).toMatch(/more than 32/);
  });
  it('never throws, and marks only what is there', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (typed, text) => {
        const query = readTextQuery(typed);
        for (const { from, to } of hitsIn(text, query)) expect(to).toBeGreaterThan(from);
        if (query.ok) expect(hitsIn(typed.normalize('NFC'), query)).toBeDefined();
      }),
    );
  });
});

describe('hits', () => {
  const marked = (text: string, typed: string): string[] =>
    hitsIn(text, readTextQuery(typed)).map(({ from, to }) => text.slice(from, to));
  it('are whole words, phrases whatever stands between, in capitals or not', () => {
    expect(marked('Start the art: GET_WEATHER, get  weather', 'art get_weather')).toEqual([
      'art',
      'GET_WEATHER',
      'get  weather',
    ]);
    expect(marked('東京タワー', '京タ')).toEqual(['京タ']);
    expect(marked('a b c', 'a -b "b c"')).toEqual(['a', 'b c']);
  });
  it('are enough, and not all of a huge text', () => {
    expect(marked('a '.repeat(10_000), 'a')).toHaveLength(500);
    expect(marked('a', '-a')).toEqual([]);
  });
});
