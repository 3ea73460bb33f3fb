/**
 * Work that can wait, one piece in each turn of the event loop: in between, bytes that have come are read and get their time.
 * Answers that end together would otherwise be understood one after the other while others wait to be read.
 */
export function turns(): () => Promise<void> {
  let last = Promise.resolve();
  return () => (last = last.then(() => new Promise((resolve) => setImmediate(resolve))));
}
