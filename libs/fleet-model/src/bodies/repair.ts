import { parseJson } from './json.js';

/** As JSON that was cut anywhere could have gone on, with as much of it as there is; undefined: it cannot be mended. */
export function parseCutJson(text: string): unknown {
  const { open, inText, from } = ending(text);
  const closers = open.toReversed().join('');
  const starts = inText
    ? [
        `${withoutHalfEscape(text)}"`,
        `${withoutHalfEscape(text)}":null`,
        text.slice(0, from).replace(/,\s*$/, ''),
      ]
    : [text, text.replace(/,\s*$/, ''), `${text}null`, `${text}:null`, text.replace(/[\w.+-]+$/, 'null')];
  for (const start of starts) {
    const value = parseJson(start + closers);
    if (value !== undefined) return value;
  }
  return undefined;
}

/** What is open where a text ends, outermost first, as what would close it. */
function ending(text: string): { open: string[]; inText: boolean; from: number } {
  const open: string[] = [];
  let from = -1;
  for (const match of text.matchAll(/"[^"\\]*(?:\\.[^"\\]*)*("|\\?$)|[{}[\]]/gs)) {
    if (match[0] === '{') open.push('}');
    else if (match[0] === '[') open.push(']');
    else if (match[0] === '}' || match[0] === ']') open.pop();
    else if (match[1] !== '"') from = match.index;
  }
  return { open, inText: from >= 0, from };
}

const withoutHalfEscape = (text: string): string => {
  const half = /\\(?:u[0-9a-fA-F]{0,3})?$/.exec(text);
  if (half === null) return text;
  // Of backslashes in a row, every other one begins an escape.
  const before = /\\*$/.exec(text.slice(0, half.index))?.[0].length ?? 0;
  return before % 2 === 0 ? text.slice(0, half.index) : text;
};
