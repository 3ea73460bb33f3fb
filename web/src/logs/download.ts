import { fileTime, saveFile } from '../browser/save-file';
import type { Line } from './line';
import { fileLine } from './words';

/** Gives the lines to the browser as a text file. */
export function download(
  lines: readonly Line[],
  nameOf: (providerId: string) => string,
  nowMs: number,
): void {
  const parts = lines.map((line) => `${fileLine(line, nameOf)}\n`);
  saveFile(parts, `boocontrol-logs-${fileTime(nowMs)}.txt`, 'text/plain;charset=utf-8');
}
