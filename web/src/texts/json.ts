import { parseJson } from '@boocontrol/fleet-model';

export type TokenKind = 'key' | 'text' | 'number' | 'word' | 'plain';
interface Token {
  kind: TokenKind;
  text: string;
}

const TOKEN = /("(?:[^"\\]|\\.)*")(\s*:)?|(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|\b(true|false|null)\b/g;

/** Colours for JSON text, also where it is cut: the pieces together are the text. */
export function highlightJson(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  const plain = (to: number): void => {
    if (to > at) tokens.push({ kind: 'plain', text: text.slice(at, to) });
  };
  for (const match of text.matchAll(TOKEN)) {
    plain(match.index);
    const [whole, quoted, colon, number] = match;
    if (quoted !== undefined) {
      tokens.push({ kind: colon === undefined ? 'text' : 'key', text: quoted });
      if (colon !== undefined) tokens.push({ kind: 'plain', text: colon });
    } else tokens.push({ kind: number === undefined ? 'word' : 'number', text: whole });
    at = match.index + whole.length;
  }
  plain(text.length);
  return tokens;
}

/** Indented when it is JSON, else as it is. */
export function pretty(text: string): string {
  const value = parseJson(text);
  return value === undefined ? text : JSON.stringify(value, null, 2);
}
