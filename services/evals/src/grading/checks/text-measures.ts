/** What a person counts in a text. */

const ABBREVIATION = /(?:\b(?:Mr|Mrs|Ms|Dr|Prof|St|vs|etc|e\.g|i\.e|No|approx|Inc|Ltd)|\b[A-Z])\.$/;

export function words(text: string): number {
  return text.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word)).length;
}

/** As a reader sees them: an emoji is one. */
export function characters(text: string): number {
  return [...new Intl.Segmenter('en', { granularity: 'grapheme' }).segment(text)].length;
}

export function lines(text: string): number {
  return text.split(/\r\n|\r|\n/).filter((line) => line.trim() !== '').length;
}

/** A full stop after an abbreviation or an initial ends none; what comes after the last full stop is one too. */
export function sentences(text: string): number {
  const parts = text.trim().split(/(?<=[.!?…。！？]["'”’)\]]{0,3})\s+/u);
  const whole = parts.filter((part, index) => index === parts.length - 1 || !ABBREVIATION.test(part));
  return whole.filter((part) => /[\p{L}\p{N}]/u.test(part)).length;
}

const NUMBER = /(?<![\p{L}\p{N}_.])[-−+]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?:[eE][-+]?\d+)?/gu;

/** Every number, in turn; 1,234 is one, and the hyphen of 5-7 is no sign. */
export function numbers(text: string): number[] {
  const spaced = text.replace(/(?<=\d)[-–—](?=\d)/g, ' ');
  return (spaced.match(NUMBER) ?? []).map((found) => Number(found.replaceAll(',', '').replace('−', '-')));
}
