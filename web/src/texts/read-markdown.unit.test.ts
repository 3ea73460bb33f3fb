import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foldedHead } from './fold';
import { readMarkdown, type Piece } from './read-markdown';

const all = (pieces: readonly Piece[]): Piece[] =>
  pieces.flatMap((piece) => (typeof piece === 'string' ? [piece] : [piece, ...all(piece.children)]));
const elements = (text: string) => all(readMarkdown(text) ?? []).filter((piece) => typeof piece !== 'string');
const tags = (text: string): string[] => elements(text).map(({ tag }) => tag);
const words = (text: string): string =>
  all(readMarkdown(text) ?? [])
    .filter((piece) => typeof piece === 'string')
    .join('');

describe('Markdown', () => {
  it('is paragraphs, emphasis, lists, code, tables and links', () => {
    expect(tags('# A\n\nb **c** *d* ~~e~~ `f`\ng')).toEqual(['h1', 'p', 'strong', 'em', 's', 'code', 'br']);
    expect(readMarkdown('3. x\n4. y')).toEqual([
      {
        tag: 'ol',
        start: 3,
        children: [
          { tag: 'li', children: ['x'] },
          { tag: 'li', children: ['y'] },
        ],
      },
    ]);
    expect(readMarkdown('```ts\na => b\n```')).toEqual([
      { tag: 'pre', language: 'ts', children: ['a => b'] },
    ]);
    expect(tags('|a|\n|-|\n|b|')).toEqual(['table', 'thead', 'tr', 'th', 'tbody', 'tr', 'td']);
    expect(elements('[x](https://a.b/c "t")')[1]).toEqual({
      tag: 'a',
      href: 'https://a.b/c',
      children: ['x'],
    });
  });

  it.each([
    '<script>alert(1)</script>',
    '<img src=x onerror=alert(1)>',
    '<a href="javascript:alert(1)">x</a>',
    'a <iframe srcdoc="<script>alert(1)</script>"></iframe> b',
  ])('leaves HTML the text that it is: %s', (text) => {
    expect(tags(text)).toEqual(['p']);
    expect(words(text)).toBe(text);
  });

  it.each([
    '[x](javascript:alert(1))',
    '[x](JaVaScRiPt:alert(1))',
    '[x](&#106;avascript:alert(1))',
    '[x](data:text/html,<script>alert(1)</script>)',
    '[x](vbscript:x)',
    '[x](file:///etc/passwd)',
    '[x](//evil.example/)',
    '[x](/api/providers)',
    '<javascript:alert(1)>',
    '[x][r]\n\n[r]: javascript:alert(1)',
  ])('makes no link of %s', (text) => {
    expect(elements(text).filter(({ tag }) => tag === 'a')).toEqual([]);
  });

  it.each(['![a](https://evil.example/pixel.png)', '![a][r]\n\n[r]: https://evil.example/pixel.png'])(
    'names a picture, and never asks for it: %s',
    (text) => {
      expect(words(text)).toBe('[picture: a]');
      expect(JSON.stringify(readMarkdown(text))).not.toContain('evil');
    },
  );

  it.each([
    ['quotes', '>'.repeat(50_000)],
    ['lists', `${'- '.repeat(20_000)}a`],
    ['lists by indentation', Array.from({ length: 400 }, (_, i) => `${' '.repeat(i * 2)}- a`).join('\n')],
    ['emphasis', `${'*'.repeat(30_000)}a${'*'.repeat(30_000)}`],
    ['brackets', '['.repeat(50_000)],
    ['links', '[a](b'.repeat(15_000)],
    ['backticks', Array.from({ length: 400 }, (_, i) => `e${'`'.repeat(i)}`).join('')],
    ['a table', `${'|a'.repeat(9000)}\n${'|-'.repeat(9000)}\n${'|b'.repeat(9000)}`],
    ['a megabyte', 'a *b* '.repeat(180_000)],
  ])('is not broken by %s without end', (_name, text) => {
    const pieces = readMarkdown(text);
    expect(() => JSON.stringify(pieces)).not.toThrow();
    expect(pieces === null || all(pieces).length <= 20_000).toBe(true);
  });

  it('has only elements of its own set and links that are safe, whatever the text is', () => {
    const scraps = [
      '[',
      '](',
      ')',
      '<',
      '>',
      '!',
      '*',
      '`',
      '\n',
      '    ',
      '- ',
      'javascript:',
      'https://a',
      '|',
      '&#x6a;',
      '"',
    ];
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.constantFrom(...scraps), fc.string()), { maxLength: 60 }), (parts) => {
        for (const { tag, href } of elements(parts.join(''))) {
          expect(['script', 'img', 'iframe', 'style']).not.toContain(tag);
          if (tag === 'a') expect(href).toMatch(/^(https?:\/\/|mailto:)/i);
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe('a long prompt', () => {
  it('is folded at the end of a line', () => {
    const text = Array.from({ length: 100 }, (_, i) => `line ${i} of a long prompt`).join('\n');
    expect(foldedHead(text)?.split('\n')).toHaveLength(24);
    expect(text.startsWith(foldedHead(text) ?? '?')).toBe(true);
  });
  it('is cut where it has no lines, and left alone where little would be hidden', () => {
    expect(foldedHead('a'.repeat(9000))).toHaveLength(1600);
    expect(foldedHead('a'.repeat(1900))).toBeNull();
    expect(foldedHead('short\ntext')).toBeNull();
    expect(foldedHead('')).toBeNull();
  });
});
