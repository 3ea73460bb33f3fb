import { stripVTControlCharacters } from 'node:util';

/** How words are set off; nothing is, where colours are not wanted or nobody sees them. */
export interface Style {
  strong(text: string): string;
  faint(text: string): string;
  good(text: string): string;
  bad(text: string): string;
  warn(text: string): string;
}

/** NO_COLOR (no-color.org) with any value but '' turns colours off. */
export function styleFor(isTty: boolean, env: NodeJS.ProcessEnv): Style {
  const isOn = isTty && (env['NO_COLOR'] ?? '') === '' && env['TERM'] !== 'dumb';
  const as =
    (begin: number, end: number) =>
    (text: string): string =>
      isOn ? `\u001b[${begin}m${text}\u001b[${end}m` : text;
  return { strong: as(1, 22), faint: as(2, 22), good: as(32, 39), bad: as(31, 39), warn: as(33, 39) };
}

/** Columns side by side; the first is flush left, the others flush right. Widths are of the text without its colours. */
export function columns(rows: readonly (readonly string[])[]): string {
  const plain = (text: string): number => stripVTControlCharacters(text).length;
  const widths = (rows[0] ?? []).map((_, at) => Math.max(...rows.map((row) => plain(row[at] ?? ''))));
  return rows
    .map((row) =>
      row
        .map((cell, at) => {
          const pad = ' '.repeat((widths[at] ?? 0) - plain(cell));
          return at === 0 ? cell + pad : pad + cell;
        })
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
