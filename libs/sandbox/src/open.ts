import { join } from 'node:path';
import { Bubblewrap } from './bubblewrap/backend.js';
import { Believed, keyOf } from './canaries/believed.js';
import { runCanaries } from './canaries/run.js';
import type { CanaryReport } from './canaries/run.js';
import { openDocker } from './docker/open.js';
import { readFolder } from './folder.js';
import type { SandboxFolder } from './folder.js';
import type { SandboxBackend } from './types.js';

export interface OpenOptions {
  /** What tools/runtime made (BOOCONTROL_SANDBOX): `rootfs`, `bin/bwrap`, `manifest.json`. Undefined: there is none. */
  folder: string | undefined;
  /** Keeps which backend passed its canaries here, so that the next opening takes 50 ms and not 5 s. Default: nothing is kept. */
  cacheDir?: string;
  /** Whether a Docker daemon is looked for. Default: yes. */
  docker?: boolean;
  /** What became of the hostile programs of a backend, when they were run. */
  onReport?: (report: CanaryReport) => void;
}

export interface Refused {
  readonly name: SandboxBackend['name'];
  /** In words, with what to do where something can be done. */
  readonly reason: string;
}

export interface OpenedSandboxes {
  /** The first is the one to take. */
  readonly usable: readonly SandboxBackend[];
  readonly refused: readonly Refused[];
  /** Stands for the programs in the sandbox: what ran under another id is not comparable. Null: there are none. */
  readonly id: string | null;
  /** Packages that are not the ones which the release pins. Empty: as released. */
  readonly differs: readonly string[];
}

/** A backend that can run something, or why it cannot. */
type Found = { name: SandboxBackend['name']; backend: SandboxBackend } | Refused;

/**
 * The sandboxes that keep hostile programs in on this machine, and why others do not: each has to pass its canaries first
 * (a few seconds, unless a former pass is kept in `cacheDir`). Never rejects.
 */
export async function openSandboxes(options: OpenOptions): Promise<OpenedSandboxes> {
  const folder = await readFolder(options.folder);
  if (typeof folder === 'string')
    return { usable: [], refused: [{ name: 'bubblewrap', reason: folder }], id: null, differs: [] };
  const usable: SandboxBackend[] = [];
  const refused: Refused[] = [];
  for (const found of await findBackends(folder, options.docker ?? true)) {
    const reason = 'reason' in found ? found.reason : await distrust(found.backend, folder, options);
    if (reason === null && 'backend' in found) usable.push(found.backend);
    else refused.push({ name: found.name, reason: reason ?? '' });
  }
  return { usable, refused, id: folder.id, differs: folder.differs };
}

async function findBackends(folder: SandboxFolder, withDocker: boolean): Promise<Found[]> {
  const { arch, platform } = process;
  if (platform !== 'linux' || (arch !== 'x64' && arch !== 'arm64'))
    return [{ name: 'bubblewrap', reason: `it runs on Linux on x64 and arm64, not on ${platform} ${arch}` }];
  const bubblewrap = new Bubblewrap({
    bwrap: join(folder.path, 'bin/bwrap'),
    rootfs: rootfsOf(folder),
    arch,
  });
  const found = [await startable(bubblewrap)];
  if (!withDocker) return found;
  const docker = await openDocker(folder);
  return [
    ...found,
    typeof docker === 'string' ? { name: 'docker', reason: docker } : await startable(docker),
  ];
}

const rootfsOf = (folder: SandboxFolder): string => join(folder.path, 'rootfs');

/** Runs next to nothing. */
async function startable(backend: SandboxBackend): Promise<Found> {
  const { name } = backend;
  const { outcome, stdout, stderr, problem } = await backend.run({
    files: {},
    command: ['python3', '-I', '-c', 'print(6 * 7)'],
    label: 'open',
  });
  if (outcome === 'exited' && stdout === '42\n') return { name, backend };
  return { name, reason: problem ?? `Python does not run in it: ${stderr.trim().slice(-300)}` };
}

/** Why a backend is not to be used, in words; null: it may be. */
async function distrust(
  backend: SandboxBackend,
  folder: SandboxFolder,
  { cacheDir, onReport }: OpenOptions,
): Promise<string | null> {
  const believed = new Believed(cacheDir);
  const key = keyOf(backend.name, folder.id);
  if (await believed.has(key)) return null;
  const report = await suite(backend, folder);
  if ('reason' in report) return report.reason;
  onReport?.(report);
  if (report.passed) {
    await believed.add(key);
    return null;
  }
  const failed = report.rows.flatMap(({ name, problem }) =>
    problem === null ? [] : [`${name} (${problem})`],
  );
  return `hostile programs are not contained on this machine: ${failed.join('; ')}`;
}

async function suite(backend: SandboxBackend, folder: SandboxFolder): Promise<CanaryReport | Refused> {
  try {
    return await runCanaries(backend, rootfsOf(folder));
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    return { name: backend.name, reason: `the canaries could not be laid out: ${said}` };
  }
}
