/** A line that is no item that can be graded here; its message says why. */
export class LeftOut extends Error {
  override readonly name = 'LeftOut';
}

/** For messages: how something begins. */
export function start(text: string, length = 60): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > length ? `${line.slice(0, length)}…` : line;
}
