import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { homedir, userInfo } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { PrivateApt } from './apt.js';
import type { PackageFile } from './apt.js';
import { fromSystemError, RuntimeError } from './errors.js';
import { withLock } from './lock.js';
import { SERVERS } from './recipe.js';
import type { Architecture, PackageSet } from './recipe.js';

interface Manifest {
  recipe: number | string;
  files: PackageFile[];
}

export interface FetchOptions {
  /** Folder for the package files, shared by all clones of this user. */
  cacheDir: string;
  architecture: Architecture;
  /** Default: the servers. */
  set?: PackageSet;
  log: (line: string) => void;
}

/** `BOOCONTROL_RUNTIME_CACHE`, or a folder in the user's own home (root's own also under sudo). */
export function defaultCacheDir(env: NodeJS.ProcessEnv): string {
  const set = env['BOOCONTROL_RUNTIME_CACHE'];
  if (set !== undefined && set !== '') return set;
  const home = process.getuid?.() === 0 ? userInfo().homedir : homedir();
  return join(home, '.cache', 'boocontrol');
}

/**
 * The paths of all package files of the recipe, fetched where they are missing or damaged. Without the network it works
 * when a former run left them all; every file is checked against the hash that the signed index gave. Throws RuntimeError.
 */
export async function fetchDebs(options: FetchOptions): Promise<string[]> {
  const { cacheDir, architecture, log, set = SERVERS } = options;
  const dir = join(cacheDir, ['debs', set.name, architecture.debian].filter(Boolean).join('-'));
  try {
    await mkdir(dir, { recursive: true, mode: 0o700 });
    return await withLock(join(dir, 'lock'), 900_000, async () => {
      const cached = await readManifest(join(dir, 'manifest.json'), set);
      if (cached !== undefined && (await damaged(dir, cached.files)).length === 0) {
        log('using the packages fetched before');
        return cached.files.map(({ file }) => join(dir, file));
      }
      return await fetchMissing(dir, architecture, set, log);
    });
  } catch (error) {
    throw fromSystemError(error, 'fetching the packages');
  }
}

async function fetchMissing(
  dir: string,
  architecture: Architecture,
  set: PackageSet,
  log: FetchOptions['log'],
): Promise<string[]> {
  const state = join(dir, 'apt');
  const incoming = join(dir, 'incoming');
  await rm(state, { recursive: true, force: true });
  await rm(incoming, { recursive: true, force: true });
  await mkdir(state, { recursive: true });
  await mkdir(incoming, { recursive: true });
  try {
    const apt = new PrivateApt(state, architecture.debian);
    log('fetching the package index of Debian 13 …');
    await apt.update();
    const files = await apt.list(set.packages);
    const missing = await damaged(dir, files);
    const sizeMb = Math.ceil(missing.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0) / 1e6);
    log(`fetching ${missing.length} packages of ${set.what} (${sizeMb} MB) …`);
    if (missing.length > 0) await apt.download(missing.map(packageName), incoming);
    const bad = await damaged(incoming, missing);
    if (bad.length > 0) throw corrupt(bad);
    for (const { file } of missing) await rename(join(incoming, file), join(dir, file));
    const manifest: Manifest = { recipe: set.recipe, files };
    await writeFile(join(dir, 'manifest.tmp'), JSON.stringify(manifest, undefined, 1));
    await rename(join(dir, 'manifest.tmp'), join(dir, 'manifest.json'));
    return files.map(({ file }) => join(dir, file));
  } finally {
    await rm(state, { recursive: true, force: true });
    await rm(incoming, { recursive: true, force: true });
  }
}

function corrupt(files: readonly PackageFile[]): RuntimeError {
  return new RuntimeError(
    'corrupt_download',
    `Downloaded packages are not what the index promises: ${files.map(({ file }) => file).join(', ')}.`,
    'Start again; if it stays, a proxy between here and the Debian mirror changes files.',
  );
}

function packageName({ file }: PackageFile): string {
  return file.slice(0, file.indexOf('_'));
}

async function damaged(dir: string, files: readonly PackageFile[]): Promise<PackageFile[]> {
  const bad: PackageFile[] = [];
  for (const file of files) {
    if (!(await isWhole(join(dir, file.file), file))) bad.push(file);
  }
  return bad;
}

async function isWhole(path: string, { sizeBytes, sha256 }: PackageFile): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined || found.size !== sizeBytes) return false;
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex') === sha256;
}

/** Undefined where there is none, or it is of another recipe or not understood. */
async function readManifest(path: string, set: PackageSet): Promise<Manifest | undefined> {
  try {
    const value: unknown = JSON.parse(await readFile(path, 'utf8'));
    return isManifest(value, set) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isManifest(value: unknown, set: PackageSet): value is Manifest {
  if (typeof value !== 'object' || value === null || !('recipe' in value) || !('files' in value))
    return false;
  return (
    value.recipe === set.recipe &&
    Array.isArray(value.files) &&
    value.files.length === set.packages.length &&
    value.files.every(isPackageFile)
  );
}

function isPackageFile(value: unknown): value is PackageFile {
  if (typeof value !== 'object' || value === null) return false;
  const { file, sizeBytes, sha256 } = value as Partial<Record<keyof PackageFile, unknown>>;
  return (
    typeof file === 'string' &&
    /^[^/]+\.deb$/.test(file) &&
    typeof sizeBytes === 'number' &&
    typeof sha256 === 'string'
  );
}
