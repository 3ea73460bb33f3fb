import type { CanaryReport } from './run.js';

/** For a terminal. */
export function canaryTable({ backend, rows, passed, ms }: CanaryReport): string {
  const width = Math.max(...rows.map(({ name }) => name.length));
  const reportedWidth = Math.max(...rows.map(({ reported }) => reported.length));
  const lines = rows.map(
    ({ name, reported, problem, ms: took }) =>
      `  ${problem === null ? 'contained    ' : 'NOT CONTAINED'}  ${name.padEnd(width)}  ${reported.padEnd(reportedWidth)}  ${String(took).padStart(6)} ms` +
      (problem === null ? '' : `\n      ${problem}`),
  );
  const summary = passed ? 'all contained' : 'not to be trusted on this machine';
  return [`${backend}: ${summary} (${(ms / 1000).toFixed(1)} s)`, ...lines].join('\n');
}
