import type { Line } from './line';
import { fileLine } from './words';

const REVOKE_MS = 60_000;

/** Gives the lines to the browser as a text file. External system: its downloads. */
export function download(
  lines: readonly Line[],
  nameOf: (providerId: string) => string,
  nowMs: number,
): void {
  const parts = lines.map((line) => `${fileLine(line, nameOf)}\n`);
  const url = URL.createObjectURL(new Blob(parts, { type: 'text/plain;charset=utf-8' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = `boocontrol-logs-${new Date(nowMs).toISOString().slice(0, 19).replaceAll(':', '-')}.txt`;
  link.click();
  // Not every browser has read it when the click returns.
  setTimeout(() => URL.revokeObjectURL(url), REVOKE_MS);
}
