import { DEFAULT_LIMITS } from './types.js';
import type { SandboxJob, SandboxLimits } from './types.js';

/** Each file is handed in through a pipe of its own. */
const MAX_FILES = 200;
const MAX_PATH_BYTES = 240;
const MAX_ARGUMENT_BYTES = 100_000;

export function limitsOf(job: SandboxJob): SandboxLimits {
  return { ...DEFAULT_LIMITS, ...job.limits };
}

/** Why these files cannot be laid out in a work folder of `workMb`, in words; null: they can. */
export function problemOfFiles(
  files: Readonly<Record<string, string>>,
  workMb: number = DEFAULT_LIMITS.workMb,
): string | null {
  const paths = Object.keys(files);
  if (paths.length > MAX_FILES) return `${paths.length} files, at most ${MAX_FILES} can be handed in`;
  for (const path of paths) {
    const problem = problemOfPath(path);
    if (problem !== null) return `the path ${JSON.stringify(path.slice(0, 100))} ${problem}`;
  }
  const known = new Set(paths);
  const inFile = paths.find((path) => folders(path).some((folder) => known.has(folder)));
  if (inFile !== undefined) return `the path ${JSON.stringify(inFile)} leads through a file`;
  const bytes = Object.values(files).reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  if (bytes > workMb * 2 ** 20) return `${bytes} bytes of files do not fit a work folder of ${workMb} MB`;
  return null;
}

function problemOfPath(path: string): string | null {
  if (path === '') return 'is empty';
  if (path.startsWith('/')) return 'is absolute';
  if (Buffer.byteLength(path) > MAX_PATH_BYTES) return `is longer than ${MAX_PATH_BYTES} bytes`;
  // oxlint-disable-next-line no-control-regex
  if (/[\u0000-\u001f\u007f\\]/.test(path)) return 'has a control character or a backslash';
  if (Buffer.from(path).toString() !== path) return 'is not valid Unicode';
  const segments = path.split('/');
  if (segments.includes('..')) return 'leads out of the work folder';
  if (segments.includes('') || segments.includes('.')) return 'has an empty segment or a dot';
  return null;
}

/** `a/b/c` is in `a` and `a/b`. */
function folders(path: string): string[] {
  const segments = path.split('/');
  return segments.slice(1).map((_, index) => segments.slice(0, index + 1).join('/'));
}

/** Why a job cannot be run at all, in words; null: it can. */
export function problemOfJob(job: SandboxJob): string | null {
  if (!/^[A-Za-z0-9._-]{1,100}$/.test(job.label))
    return 'the label must be 1 to 100 letters, digits, dots, underscores or hyphens';
  if (job.command[0] === undefined || job.command[0] === '') return 'there is no command';
  const env = Object.entries(job.env ?? {});
  const badName = env.find(([name]) => !/^[A-Za-z_][A-Za-z0-9_]*$/.test(name));
  if (badName !== undefined) return `${JSON.stringify(badName[0])} is no name of a variable`;
  const texts = [...job.command, ...env.map(([, value]) => value)];
  if (texts.some((text) => text.includes('\0'))) return 'an argument or a variable has a zero byte';
  if (texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0) > MAX_ARGUMENT_BYTES)
    return `arguments and variables have more than ${MAX_ARGUMENT_BYTES} bytes`;
  const limits = limitsOf(job);
  for (const [name, value] of Object.entries(limits))
    if (!Number.isInteger(value) || value <= 0) return `the limit ${name} must be a whole number above 0`;
  return problemOfFiles(job.files, limits.workMb);
}
