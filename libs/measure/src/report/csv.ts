import { definitionOf, type FigureKey } from '@boocontrol/contracts';
import type { Reported } from './reported.js';

const COLUMNS = [
  ...['run', 'started', 'host', 'model', 'engine_build', 'suite', 'cell', 'requests_ok', 'requests_asked'],
  ...['figure', 'unit', 'n', 'median', 'low', 'high', 'p95', 'p99', 'min', 'max'],
  ...['polluted', 'contaminated'],
] as const;
type Row = Partial<Record<(typeof COLUMNS)[number], string | number | null | undefined>>;

/**
 * RFC 4180, with a line for each figure of each cell; a cell of which nothing was measured has one without a figure. What was
 * not measured is empty.
 */
export function csvOf(run: Reported): string {
  const { fingerprint, suite, loadMs } = run;
  const of: Row = {
    run: run.runId,
    started: run.startedAt,
    host: fingerprint.host,
    model: fingerprint.model,
    engine_build: fingerprint.engineBuild,
    suite: suite.name,
  };
  const load: Row[] =
    loadMs === null
      ? []
      : [{ ...of, figure: 'loadMs', unit: 'ms', n: 1, median: loadMs, min: loadMs, max: loadMs }];
  const rows = run.cells.flatMap((cell): Row[] => {
    const about: Row = {
      ...of,
      cell: cell.name,
      requests_ok: cell.requests.ok,
      requests_asked: cell.requests.asked,
      polluted: cell.pollution.map(({ reason }) => reason).join(' '),
      contaminated: (cell.contamination ?? []).map(({ what }) => what).join('; '),
    };
    const figures = Object.entries(cell.figures).map(
      ([figure, { repetitions: _repetitions, ...told }]): Row => {
        const { unit } = definitionOf(figure as FigureKey);
        return { ...about, figure, unit, ...told };
      },
    );
    return figures.length > 0 ? figures : [about];
  });
  return [COLUMNS, ...[...load, ...rows].map((row) => COLUMNS.map((column) => row[column]))]
    .map(csvLine)
    .join('');
}

/** One line by RFC 4180, its end included; null and undefined are empty. */
export function csvLine(fields: readonly (string | number | null | undefined)[]): string {
  return `${fields.map(fieldOf).join(',')}\r\n`;
}

/** Names come from hosts: what a spreadsheet would take for a formula is made a text. */
function fieldOf(value: string | number | null | undefined): string {
  if (typeof value === 'number') return String(value);
  const text = (value ?? '').replace(/^(?=[=+\-@\t\r])/, "'");
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
