const MOST_LINES = 24;
const MOST_CHARS = 1600;
/** Hiding less than this is not worth a button. */
const WORTH_CHARS = 400;

/** The beginning of a long text, up to the end of a line where there is one near; null: it is short enough to be shown. */
export function foldedHead(text: string): string | null {
  let end = -1;
  for (let line = 0; line < MOST_LINES; line++) {
    const next = text.indexOf('\n', end + 1);
    if (next === -1 || next > MOST_CHARS) {
      if (end < MOST_CHARS / 2) end = next === -1 && text.length <= MOST_CHARS ? text.length : MOST_CHARS;
      break;
    }
    end = next;
  }
  return text.length - end < WORTH_CHARS ? null : text.slice(0, end);
}
