import type { BenchSuite } from '@boocontrol/contracts';

/** For a shell: as it is where nothing in it is special, else in quotes. */
const quoted = (text: string): string =>
  /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;

/** A suite that did not come with the program goes into a file, whole: options would leave some of it out. */
export const fileOfSuite = (name: string): string =>
  `${name.replace(/[^\w-]+/g, '-').replace(/^-+|-+$/g, '') || 'suite'}.json`;

/** The same from a shell, without the rest of BooControl. */
export function commandOf(
  { name, origin }: Pick<BenchSuite, 'name' | 'origin'>,
  url: string,
  model: string,
  seed?: number,
): string {
  return [
    `npx boocontrol bench --url ${quoted(url)} --model ${quoted(model)}`,
    origin === 'builtin' ? `--preset ${quoted(name)}` : `--suite ${fileOfSuite(name)}`,
    ...(seed === undefined ? [] : [`--seed ${seed}`]),
  ].join(' ');
}
