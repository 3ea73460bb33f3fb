/** Colours for code: comments, texts, numbers, words of the language, names that are called. No parser, and never wrong by much. */

export type CodeKind = 'comment' | 'text' | 'number' | 'word' | 'name' | 'plain';
export interface CodeToken {
  kind: CodeKind;
  text: string;
}
export type Language = 'python' | 'script';

const NAMES = new Map<string, Language>(
  Object.entries({
    ...{ py: 'python', python: 'python', python3: 'python', pyi: 'python' },
    ...{ js: 'script', mjs: 'script', cjs: 'script', jsx: 'script', javascript: 'script', node: 'script' },
    ...{ ts: 'script', mts: 'script', cts: 'script', tsx: 'script', typescript: 'script' },
  } as const),
);

/** @param name of a file, or what stands behind the fence of a block; null: in none that has colours */
export function languageOf(name: string): Language | null {
  const [first = ''] = name.trim().toLowerCase().split(/[\s:]/);
  return NAMES.get(first) ?? NAMES.get(first.split('.').at(-1) ?? '') ?? null;
}

const WORDS: Readonly<Record<Language, ReadonlySet<string>>> = {
  python: new Set(
    'False None True and as assert async await break case class continue def del elif else except finally for from global if import in is lambda match nonlocal not or pass raise return self try while with yield'.split(
      ' ',
    ),
  ),
  script: new Set(
    'as async await break case catch class const continue declare default delete do else enum export extends false finally for from function get if implements import in instanceof interface is keyof let namespace new null of private protected public readonly return satisfies set static super switch this throw true try type typeof undefined var void while yield'.split(
      ' ',
    ),
  ),
};

/** In turn: a comment, a text, a number, a name. What is not closed goes on to the end of its line, or of all. */
const TOKEN: Readonly<Record<Language, RegExp>> = {
  python:
    /(#[^\n]*)|((?:\b[rbfuRBFU]{1,2})?(?:"""[\s\S]*?(?:"""|$)|'''[\s\S]*?(?:'''|$)|"(?:[^"\\\n]|\\[\s\S])*"?|'(?:[^'\\\n]|\\[\s\S])*'?))|(\b\d[\w.]*)|([A-Za-z_]\w*)/g,
  script:
    /(\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$))|("(?:[^"\\\n]|\\[\s\S])*"?|'(?:[^'\\\n]|\\[\s\S])*'?|`(?:[^`\\]|\\[\s\S])*`?)|(\b\d[\w.]*)|([A-Za-z_$][\w$]*)/g,
};

/** Longer code is drawn without colours: each of its pieces is an element of the page. */
const MOST_CHARS = 60_000;

/** Its pieces, which together are the text; null as language: one. */
export function codeTokens(text: string, language: Language | null): CodeToken[] {
  if (language === null || text.length > MOST_CHARS) return text === '' ? [] : [{ kind: 'plain', text }];
  const tokens: CodeToken[] = [];
  let at = 0;
  const plain = (to: number): void => {
    if (to > at) tokens.push({ kind: 'plain', text: text.slice(at, to) });
  };
  for (const match of text.matchAll(TOKEN[language])) {
    const [whole, comment, quoted, number] = match;
    const end = match.index + whole.length;
    const kind =
      comment !== undefined
        ? 'comment'
        : quoted !== undefined
          ? 'text'
          : number !== undefined
            ? 'number'
            : nameKind(whole, text.slice(end, end + 2), language);
    if (kind === 'plain') continue;
    plain(match.index);
    tokens.push({ kind, text: whole });
    at = end;
  }
  plain(text.length);
  return tokens;
}

function nameKind(name: string, after: string, language: Language): 'word' | 'name' | 'plain' {
  if (WORDS[language].has(name)) return 'word';
  return after.startsWith('(') ? 'name' : 'plain';
}

/** The same, line by line, without the line breaks. */
export function codeLines(text: string, language: Language | null): CodeToken[][] {
  const lines: CodeToken[][] = [[]];
  for (const { kind, text: piece } of codeTokens(text, language))
    for (const [i, part] of piece.split('\n').entries()) {
      if (i > 0) lines.push([]);
      if (part !== '') lines.at(-1)?.push({ kind, text: part });
    }
  return lines;
}
