import { readFileSync } from 'node:fs';

/** A count that is not what it has to be: the figure beside it would mean nothing. */
class CountMismatch extends Error {
  readonly code = 'count_mismatch';
}

/** Thrown: CountMismatch. */
export function expectCount(what: string, actual: number, expected: number): void {
  if (actual !== expected) throw new CountMismatch(`${what}: ${actual} instead of ${expected}`);
}

/** The p-th percentile (0 to 100) by the nearest rank; NaN of nothing. */
export function percentile(values: readonly number[], p: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil((p / 100) * sorted.length) - 1)] ?? NaN;
}

/** Wall time and CPU of this process. */
export interface Spent {
  ms: number;
  cpuMs: number;
}

export async function spentOn(work: () => Promise<unknown>): Promise<Spent> {
  const cpu = process.cpuUsage();
  const began = performance.now();
  await work();
  const { user, system } = process.cpuUsage(cpu);
  return { ms: performance.now() - began, cpuMs: (user + system) / 1000 };
}

const TICK_MS = 10;

/** CPU time that a process has used so far, in milliseconds. Linux only. */
export function cpuMsOf(pid: number): number {
  // The name in parentheses may hold spaces; utime and stime are fields 14 and 15 (proc_pid_stat(5)).
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}

/** Resident memory of a process in MB. Linux only. */
export function rssMbOf(pid: number): number {
  const kb = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Math.round(Number(kb) / 1024);
}

export type Row = Record<string, string | number>;

/** A Markdown table; the first column is what, the others are figures. */
export function table(title: string, rows: readonly Row[]): void {
  const columns = Object.keys(rows[0] ?? {});
  const line = (cells: readonly unknown[]): string => `| ${cells.join(' | ')} |`;
  const text = [
    `\n### ${title}\n`,
    line(columns),
    line(columns.map((_, index) => (index === 0 ? '---' : '--:'))),
    ...rows.map((row) => line(columns.map((column) => row[column]))),
  ];
  process.stdout.write(`${text.join('\n')}\n`);
}

export const perSecond = (count: number, { ms }: Spent): number => Math.round((count / ms) * 1000);
export const ratio = (ours: number, limit: number): string => (ours / limit).toFixed(2);
export const round = (value: number, digits = 1): number => Number(value.toFixed(digits));
