import { LeftOut, start } from '../left-out.js';

const ESCAPES: Readonly<Record<string, string>> = {
  ...{ '\\': '\\', "'": "'", '"': '"', '\n': '' },
  ...{ a: '\x07', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' },
};
const LITERAL = /^([a-zA-Z]*)('''|"""|'|")([^]*)\2$/;
const ESCAPE = /\\(?:([0-7]{1,3})|x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([^]))/g;

/** What a string literal of Python says. @throws {LeftOut} of bytes, formats and names of characters */
export function stringOf(literal: string): string {
  const [, prefix = '', , inside] = LITERAL.exec(literal) ?? [];
  if (inside === undefined || !/^(?:u|r)?$/i.test(prefix))
    throw new LeftOut(`has a literal that is no plain text: ${start(literal)}`);
  if (/r/i.test(prefix)) return inside;
  return inside.replace(ESCAPE, (whole: string, ...groups: (string | undefined)[]) => {
    const [octal, two, four, eight, other = ''] = groups;
    if (octal !== undefined) return String.fromCodePoint(Number.parseInt(octal, 8));
    const hex = two ?? four ?? eight;
    if (hex !== undefined) return characterOf(hex);
    if (other === 'N' || /[xuU]/.test(other))
      throw new LeftOut(`has an escape that is not read here: ${start(literal)}`);
    return ESCAPES[other] ?? whole;
  });
}

function characterOf(hex: string): string {
  const code = Number.parseInt(hex, 16);
  if (code > 0x10ffff) throw new LeftOut(`has an escape that is no character: ${hex}`);
  return String.fromCodePoint(code);
}
