import { hashText } from '../core/rng.js';

const PIECE = /\s?[^\s]{1,6}|\s+/gu;

/** Splits a text into token-like pieces, about four characters each; joined, they give the text again. */
export function pieces(text: string): string[] {
  return text.match(PIECE) ?? [];
}

/** Token ids of one segment. Segments are tokenised apart, so a prompt's prefix keeps its ids when it grows. */
export function tokenize(text: string): number[] {
  return pieces(text).map((piece) => hashText(piece));
}

/** How many leading tokens two sequences share. */
export function commonPrefix(a: readonly number[], b: readonly number[]): number {
  const limit = Math.min(a.length, b.length);
  let length = 0;
  while (length < limit && a[length] === b[length]) length += 1;
  return length;
}
