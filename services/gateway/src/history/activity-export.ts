import type { ActivityRow } from '@boocontrol/contracts';
import { toldPrompt } from '@boocontrol/fleet-model';
import { csvLine, plainMarkdown } from '@boocontrol/measure';

type Pages = AsyncIterable<readonly ActivityRow[]>;
type Value = string | number | null | undefined;

const COLUMNS: readonly { name: string; of: (row: ActivityRow) => Value }[] = [
  { name: 'ts', of: ({ ts }) => ts },
  { name: 'host', of: ({ providerId }) => providerId },
  { name: 'model', of: ({ model }) => model },
  { name: 'consumer', of: ({ source }) => source },
  { name: 'path', of: ({ reqPath }) => reqPath },
  { name: 'status', of: ({ statusCode }) => statusCode },
  { name: 'duration_ms', of: ({ durationMs }) => durationMs },
  { name: 'prompt_tokens', of: (row) => toldPrompt(row).promptTokens },
  { name: 'cached_tokens', of: ({ cacheTokens }) => cacheTokens },
  { name: 'output_tokens', of: ({ outputTokens }) => outputTokens },
  { name: 'prompt_tps', of: ({ promptTps }) => promptTps },
  { name: 'gen_tps', of: ({ genTps }) => genTps },
  { name: 'error', of: ({ errorMsg }) => errorMsg },
  { name: 'capture', of: ({ hasCapture }) => (hasCapture ? 'yes' : 'no') },
  { name: 'dispatch', of: ({ dispatchId }) => dispatchId },
  { name: 'key', of: ({ key }) => key },
];
const NAMES = COLUMNS.map(({ name }) => name);

/** A line for each request; the first names the columns. */
export async function* csvText(pages: Pages): AsyncGenerator<string> {
  yield csvLine(NAMES);
  for await (const rows of pages) yield rows.map((row) => csvLine(COLUMNS.map(({ of }) => of(row)))).join('');
}

/** Each request whole, as GET /api/activity has it, in a line of its own. */
export async function* jsonlText(pages: Pages): AsyncGenerator<string> {
  for await (const rows of pages) yield rows.map((row) => `${JSON.stringify(row)}\n`).join('');
}

/** What people do not read of a request in a table. */
const NOT_SHOWN: ReadonlySet<string> = new Set(['capture', 'dispatch', 'key']);
const SHOWN = COLUMNS.filter(({ name }) => !NOT_SHOWN.has(name));

/** A table for people. */
export async function* markdownText(pages: Pages): AsyncGenerator<string> {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |\n`;
  yield line(SHOWN.map(({ name }) => name.replaceAll('_', ' ')));
  yield line(SHOWN.map(() => '---'));
  for await (const rows of pages)
    yield rows.map((row) => line(SHOWN.map(({ of }) => cellOf(of(row))))).join('');
}

const cellOf = (value: Value): string => {
  if (value === null || value === undefined) return '–';
  return typeof value === 'number' ? String(Math.round(value * 10) / 10) : plainMarkdown(value);
};
