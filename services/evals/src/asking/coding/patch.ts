import type { EvalFiles } from '@boocontrol/contracts';
import { applyPatch, parsePatch } from 'diff';
import { within } from '../../values/within.js';

const MAX_PATCH_CHARS = 400_000;
const MAX_MS = 5_000;

/** A patch that cannot be applied; its message says why. */
export class BadPatch extends Error {
  override readonly name = 'BadPatch';
}

/** Whether a text has what every unified diff has. */
export function isPatch(text: string): boolean {
  return /^@@ .*@@|^@@\s*$/m.test(text) && /^--- \S/m.test(text) && /^\+\+\+ \S/m.test(text);
}

/**
 * Files as a unified diff leaves them. Models miscount the lines of a hunk, so the counts in its header are not believed; its
 * context has to be there.
 * @throws {BadPatch} when it does not apply
 */
export function patched(files: EvalFiles, text: string): Record<string, string> {
  if (text.length > MAX_PATCH_CHARS) throw new BadPatch('it is too long');
  try {
    return within(MAX_MS, () => applied(files, recounted(text)));
  } catch (error) {
    if (error instanceof BadPatch) throw error;
    throw new BadPatch(error instanceof Error ? error.message : String(error));
  }
}

function applied(files: EvalFiles, text: string): Record<string, string> {
  const out: Record<string, string> = { ...files };
  for (const change of parsePatch(text)) {
    if (change.hunks.length === 0) continue;
    const from = pathOf(change.oldFileName);
    const to = pathOf(change.newFileName);
    const path = from ?? to;
    if (path === null) throw new BadPatch('it names no file');
    if (from !== null && !Object.hasOwn(out, from)) throw new BadPatch(`there is no file ${from} to change`);
    const before = from === null ? '' : (out[from] ?? '');
    const after = applyPatch(before, change, { fuzzFactor: 1, autoConvertLineEndings: true });
    if (after === false) throw new BadPatch(`it does not fit ${path}: what it says is there is not there`);
    if (from !== null) delete out[from];
    if (to !== null)
      Object.defineProperty(out, to, { value: after, enumerable: true, configurable: true, writable: true });
  }
  return out;
}

/** Without the a/ and b/ of git; null: /dev/null. */
function pathOf(name: string | undefined): string | null {
  if (name === undefined || name === '/dev/null') return null;
  return name.replace(/^[ab]\//, '').replace(/^\.\//, '');
}

const HUNK = /^@@(?: -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)?)? ?@@?(.*)$/;

/** With headers of hunks that count what follows them, and lines that lost the space before them. */
export function recounted(text: string): string {
  const lines = text.replaceAll('\r\n', '\n').replace(/\n+$/, '').split('\n');
  const out: string[] = [];
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] ?? '';
    const hunk = HUNK.exec(line);
    if (hunk === null) {
      out.push(line);
      continue;
    }
    const body: string[] = [];
    while (at + 1 < lines.length && !isHeader(lines, at + 1)) body.push(bodyLine(lines[(at += 1)] ?? ''));
    while (body.at(-1) === ' ' && at + 1 < lines.length) body.pop();
    const old = body.filter((one) => /^[ -]/.test(one)).length;
    const now = body.filter((one) => /^[ +]/.test(one)).length;
    out.push(`@@ -${hunk[1] ?? '1'},${old} +${hunk[2] ?? '1'},${now} @@`, ...body);
  }
  return `${out.join('\n')}\n`;
}

function isHeader(lines: readonly string[], at: number): boolean {
  const line = lines[at] ?? '';
  if (
    /^(?:@@|diff --git |Index: |index [0-9a-f]+\.\.|new file mode|deleted file mode|rename |similarity )/.test(
      line,
    )
  )
    return true;
  return /^--- \S/.test(line) && /^\+\+\+ \S/.test(lines[at + 1] ?? '');
}

function bodyLine(line: string): string {
  return line === '' ? ' ' : /^[ +\-\\]/.test(line) ? line : ` ${line}`;
}
