/**
 * Whether a text fits a pattern in which `*` stands for any text, upper and lower case alike. It takes at most as many steps
 * as both lengths multiplied, whatever the pattern.
 */
export function fits(pattern: string, text: string): boolean {
  const [wanted, given] = [pattern.toLowerCase(), text.toLowerCase()];
  let [at, from] = [0, 0];
  /** Where the last star was, and what it has taken so far. */
  let [star, taken] = [-1, 0];
  while (from < given.length) {
    if (wanted[at] === '*') {
      [star, taken] = [at++, from];
    } else if (wanted[at] === given[from]) {
      at++;
      from++;
    } else if (star >= 0) {
      at = star + 1;
      from = ++taken;
    } else return false;
  }
  while (wanted[at] === '*') at++;
  return at === wanted.length;
}
