/** A piece of a line that is drawn in one way. */
export interface Piece {
  text: string;
  /** Classes of the text; empty: as the line itself. */
  look: string;
}

const ESC = '\u001b';
/** ECMA-48: what begins with CSI, what begins with OSC, DCS, SOS, PM or APC and runs to its end, other escapes. */
const SEQUENCE = new RegExp(
  [
    `(?:${ESC}\\[|\u009b)[0-?]*[ -/]*[@-~]?`,
    `(?:${ESC}[\\]PX^_]|[\u0090\u0098\u009d-\u009f])[^${ESC}\u0007\u009c]*(?:${ESC}\\\\|[\u0007\u009c])?`,
    `${ESC}[ -/]*[0-~]?`,
  ].join('|'),
  'g',
);
/** What would not be seen, or would move what is: C0 and C1, marks of direction, what has no width, other line breaks. */
const UNSEEN = new RegExp(
  // oxlint-disable-next-line no-control-regex
  '[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]',
  'g',
);
const IS_STRANGE = new RegExp(UNSEEN.source);

/** A sign in the place of each character that has none of its own: U+0007 is "␇", U+202E is "‹202E›". */
function seen(text: string): string {
  return text.replace(UNSEEN, (character) => {
    const code = character.charCodeAt(0);
    if (code < 0x20) return String.fromCharCode(0x2400 + code);
    if (code === 0x7f) return '\u2421';
    return `‹${code.toString(16).toUpperCase().padStart(4, '0')}›`;
  });
}

/** What a line says: without sequences for terminals, every control character as a sign. */
export const plainText = (raw: string): string =>
  IS_STRANGE.test(raw) ? seen(raw.replace(SEQUENCE, '')) : raw;

/** Colours of the cockpit for the eight of a terminal, black to white. */
const COLOURS = [
  'text-fg3',
  'text-error',
  'text-ready',
  'text-busy',
  'text-ansi-blue',
  'text-own',
  'text-accent',
  'text-fg',
] as const;

interface Style {
  colour: string;
  bold: boolean;
  dim: boolean;
  italic: boolean;
  underline: boolean;
}
const PLAIN: Style = { colour: '', bold: false, dim: false, italic: false, underline: false };

const lookOf = ({ colour, bold, dim, italic, underline }: Style): string =>
  [
    dim && colour === '' ? 'text-fg3' : colour,
    bold ? 'font-bold' : '',
    italic ? 'italic' : '',
    underline ? 'underline' : '',
  ]
    .filter(Boolean)
    .join(' ');

/** The line in pieces, with the colours that its writer gave it. Backgrounds are left out: text on them could not be read. */
export function piecesOf(raw: string): Piece[] {
  if (!IS_STRANGE.test(raw)) return [{ text: raw, look: '' }];
  const pieces: Piece[] = [];
  let style = PLAIN;
  let from = 0;
  const add = (to: number): void => {
    if (to > from) pieces.push({ text: seen(raw.slice(from, to)), look: lookOf(style) });
  };
  for (const match of raw.matchAll(SEQUENCE)) {
    add(match.index);
    from = match.index + match[0].length;
    const parameters = new RegExp(`^(?:${ESC}\\[|\u009b)([0-9;:]*)m$`).exec(match[0])?.[1];
    if (parameters !== undefined) style = styled(style, parameters);
  }
  add(raw.length);
  return pieces;
}

/** Select Graphic Rendition (ECMA-48, 8.3.117). */
function styled(before: Style, parameters: string): Style {
  const codes = parameters.split(/[;:]/).map(Number);
  let style = before;
  for (let at = 0; at < codes.length; at++) {
    const code = codes[at] ?? 0;
    if (code === 0) style = PLAIN;
    else if (code === 1) style = { ...style, bold: true };
    else if (code === 2) style = { ...style, dim: true };
    else if (code === 3) style = { ...style, italic: true };
    else if (code === 4) style = { ...style, underline: true };
    else if (code === 22) style = { ...style, bold: false, dim: false };
    else if (code === 23) style = { ...style, italic: false };
    else if (code === 24) style = { ...style, underline: false };
    else if (code === 39) style = { ...style, colour: '' };
    else if (code >= 30 && code <= 37) style = { ...style, colour: COLOURS[code - 30] ?? '' };
    else if (code >= 90 && code <= 97) style = { ...style, colour: COLOURS[code - 90] ?? '' };
    else if (code === 38 || code === 48) {
      const isIndexed = codes[at + 1] === 5;
      const rgb = isIndexed ? rgbOf(codes[at + 2] ?? 0) : codes.slice(at + 2, at + 5);
      if (code === 38) style = { ...style, colour: nearest(rgb) };
      at += isIndexed ? 2 : 4;
    }
  }
  return style;
}

const STEPS = [0, 95, 135, 175, 215, 255] as const;
const SHADES = [
  [0, 0, 0],
  [205, 0, 0],
  [0, 205, 0],
  [205, 205, 0],
  [0, 0, 238],
  [205, 0, 205],
  [0, 205, 205],
  [229, 229, 229],
] as const;

/** One of 256 colours as xterm has them: 16 names, a cube of 6, 24 greys. */
function rgbOf(index: number): readonly number[] {
  if (index < 16) return SHADES[index % 8] ?? [];
  if (index >= 232) return Array.from({ length: 3 }, () => 8 + (index - 232) * 10);
  const at = index - 16;
  return [Math.floor(at / 36), Math.floor(at / 6) % 6, at % 6].map((step) => STEPS[step] ?? 0);
}

/** Any colour as that of the eight whose hue is nearest: those can be read on every ground. */
function nearest([red = 0, green = 0, blue = 0]: readonly number[]): string {
  const most = Math.max(red, green, blue);
  const least = Math.min(red, green, blue);
  if (most - least < 40) return most < 128 ? COLOURS[0] : COLOURS[7];
  const middle = (most + least) / 2;
  const bits = (red > middle ? 1 : 0) | (green > middle ? 2 : 0) | (blue > middle ? 4 : 0);
  return COLOURS[bits] ?? '';
}
