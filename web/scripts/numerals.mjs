// Makes src/app/fonts/boo-numerals.otf from Orbitron's digits: all of one width, and the zero without its slash (the
// outline of the letter O, narrower: alone, a square would look like an empty box). Orbitron has neither as a feature.
// Runs before `next build` and `next dev`; the result is not kept in the repository.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import opentype from 'opentype.js';

const ADVANCE_PER_EM = 0.8;
const ZERO_NARROWER_PER_EM = 0.15;
const NAME = 'Boo Numerals';
const out = join(dirname(fileURLToPath(import.meta.url)), '../src/app/fonts/boo-numerals.otf');
const source = readFileSync(
  createRequire(import.meta.url).resolve('@fontsource/orbitron/files/orbitron-latin-500-normal.woff'),
);
const orbitron = opentype.parse(
  source.buffer.slice(source.byteOffset, source.byteOffset + source.byteLength),
);

const advanceWidth = Math.round(orbitron.unitsPerEm * ADVANCE_PER_EM);

/** A copy of a glyph's outline in which every x went through `move`. */
function moved(path, move) {
  const copy = new opentype.Path();
  copy.commands = path.commands.map((command) => {
    const shifted = { ...command };
    for (const x of ['x', 'x1', 'x2']) if (x in shifted) shifted[x] = move(shifted[x]);
    return shifted;
  });
  return copy;
}

function zeroPath() {
  const { path } = orbitron.charToGlyph('O');
  const { x1, x2 } = path.getBoundingBox();
  const middle = (x1 + x2) / 2;
  return moved(path, (x) => (x > middle ? x - orbitron.unitsPerEm * ZERO_NARROWER_PER_EM : x));
}

function digit(character) {
  const path = character === '0' ? zeroPath() : orbitron.charToGlyph(character).path;
  const { x1, x2 } = path.getBoundingBox();
  const shift = Math.round((advanceWidth - (x2 - x1)) / 2 - x1);
  return new opentype.Glyph({
    name: `digit${character}`,
    unicode: character.charCodeAt(0),
    advanceWidth,
    path: moved(path, (x) => x + shift),
  });
}

const font = new opentype.Font({
  familyName: NAME,
  styleName: 'Regular',
  unitsPerEm: orbitron.unitsPerEm,
  ascender: orbitron.ascender,
  descender: orbitron.descender,
  glyphs: [
    new opentype.Glyph({ name: '.notdef', advanceWidth, path: new opentype.Path() }),
    ...Array.from('0123456789', digit),
  ],
});
mkdirSync(dirname(out), { recursive: true });
writeFileSync(out, Buffer.from(font.toArrayBuffer()));
