import { spawn } from 'node:child_process';
import { mkdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { PrivateApt } from './apt.js';
import { defaultCacheDir, fetchDebs } from './deb-cache.js';
import { ensureRuntime } from './ensure.js';
import { RuntimeError } from './errors.js';
import { exec } from './exec.js';
import { architectureOf, PACKAGES } from './recipe.js';
import { servingApt, withOnly, withProgram } from './testing/fake-apt.js';
import { BUILT_ENTRY, checkoutRuntime, withFolder } from './testing/folders.js';

const architecture = architectureOf(process.platform, process.arch);
if (architecture === undefined) throw new Error('these tests need Linux on amd64 or arm64');
const quiet = (): void => undefined;
let debs: string;

beforeAll(async () => {
  await checkoutRuntime();
  // The files that the checkout's runtime was made of, or now fetched into the cache.
  await fetchDebs({ cacheDir: defaultCacheDir(process.env), architecture, log: quiet });
  debs = join(defaultCacheDir(process.env), `debs-${architecture.debian}`);
}, 300_000);

/** Runs with a cache and a runtime folder of its own. */
async function withCache<T>(work: (dir: string) => Promise<T>): Promise<T> {
  return withFolder(async (dir) => {
    const before = process.env['BOOCONTROL_RUNTIME_CACHE'];
    process.env['BOOCONTROL_RUNTIME_CACHE'] = join(dir, 'cache');
    try {
      return await work(dir);
    } finally {
      if (before === undefined) delete process.env['BOOCONTROL_RUNTIME_CACHE'];
      else process.env['BOOCONTROL_RUNTIME_CACHE'] = before;
    }
  });
}

async function failure(work: Promise<unknown>): Promise<RuntimeError> {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof RuntimeError) return error;
  throw new Error(`expected a RuntimeError, got ${String(error)}`);
}

describe('ensureRuntime', { timeout: 120_000 }, () => {
  it('builds programs that run, and then finds them without any tool', () =>
    withCache(async (dir) => {
      const apt = await servingApt(debs, join(dir, 'calls'));
      const paths = await withProgram(dir, 'apt-get', apt, () => ensureRuntime({ dir, log: quiet }));
      expect((await exec(join(paths.postgresBin, 'psql'), ['--version'])).stdout).toContain('17.');
      expect((await exec(paths.natsServer, ['--version'])).stdout).toMatch(/v2\.1\d\./);
      const again = await withOnly(dir, [], () => ensureRuntime({ dir, log: quiet }));
      expect(again).toEqual(paths);
    }));

  it('builds once when two processes ask at the same time', () =>
    withCache(async (dir) => {
      const calls = join(dir, 'calls');
      const apt = await servingApt(debs, calls);
      const script = `import(${JSON.stringify(BUILT_ENTRY)}).then((r) => r.ensureRuntime({ dir: ${JSON.stringify(dir)}, log: console.log }))`;
      const results = await withProgram(dir, 'apt-get', apt, () =>
        Promise.all([1, 2, 3].map(() => exec(process.execPath, ['-e', script]))),
      );
      expect(results.map(({ code, stderr }) => ({ code, stderr }))).toEqual(
        Array(3).fill({ code: 0, stderr: '' }),
      );
      expect(results.filter(({ stdout }) => stdout.includes('unpacking'))).toHaveLength(1);
      expect((await readFile(calls, 'utf8')).match(/update/g)).toHaveLength(1);
    }));

  it('starts over after a run that was cut, and when a program is damaged or the folder was copied', () =>
    withCache(async (dir) => {
      const root = join(dir, 'runtime');
      await mkdir(join(root, 'usr'), { recursive: true });
      await writeFile(join(root, 'usr/half'), 'half');
      await mkdir(`${root}.new-1`);
      const apt = await servingApt(debs, join(dir, 'calls'));
      await withProgram(dir, 'apt-get', apt, async () => {
        const paths = await ensureRuntime({ dir, log: quiet });
        expect((await exec('ls', [dir])).stdout).not.toContain('new-');
        expect((await exec('ls', [join(root, 'usr')])).stdout).not.toContain('half');

        await truncate(paths.natsServer, 1000);
        await ensureRuntime({ dir, log: quiet });
        expect((await exec(paths.natsServer, ['--version'])).code).toBe(0);

        const copy = join(dir, 'copy');
        await mkdir(copy);
        await exec('cp', ['-a', root, join(copy, 'runtime')]);
        await rm(root, { recursive: true });
        const copied = await ensureRuntime({ dir: copy, log: quiet });
        expect((await exec(copied.natsServer, ['--version'])).code).toBe(0);
      });
    }));

  it('needs no network when the packages are in the cache, and fetches only a damaged one again', () =>
    withCache(async (dir) => {
      const cacheDir = join(dir, 'cache');
      const calls = join(dir, 'calls');
      const apt = await servingApt(debs, calls);
      await withProgram(dir, 'apt-get', apt, async () => {
        const files = await fetchDebs({ cacheDir, architecture, log: quiet });
        await writeFile(calls, '');
        await fetchDebs({ cacheDir, architecture, log: quiet });
        expect(await readFile(calls, 'utf8')).toBe('');

        const nats = files.find((file) => file.includes('nats-server')) ?? '';
        await truncate(nats, 1000);
        await fetchDebs({ cacheDir, architecture, log: quiet });
        expect(await readFile(calls, 'utf8')).toMatch(/download nats-server\n$/);

        // The right size, the wrong bytes.
        const zstd = files.find((file) => file.includes('libzstd1')) ?? '';
        await writeFile(zstd, Buffer.alloc((await stat(zstd)).size));
        await fetchDebs({ cacheDir, architecture, log: quiet });
        expect(await readFile(calls, 'utf8')).toMatch(/download libzstd1\n$/);
      });
    }));

  it('is not left half done when the process is killed while it unpacks', () =>
    withCache(async (dir) => {
      const apt = await servingApt(debs, join(dir, 'calls'));
      await withProgram(dir, 'apt-get', apt, async () => {
        const script = `import(${JSON.stringify(BUILT_ENTRY)}).then((r) => r.ensureRuntime({ dir: ${JSON.stringify(dir)}, log: console.log }))`;
        const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
        const ended = new Promise((resolve) => child.once('exit', resolve));
        child.stdout.on('data', (said: Buffer) => {
          if (said.includes('unpacking')) child.kill('SIGKILL');
        });
        await ended;
        expect(child.signalCode).toBe('SIGKILL');
        const paths = await ensureRuntime({ dir, log: quiet });
        expect((await exec(join(paths.postgresBin, 'postgres'), ['--version'])).code).toBe(0);
      });
    }));
});

describe('what can go wrong while fetching', () => {
  it.each([
    ['no_network', 'echo "E: Temporary failure resolving mirror" >&2; exit 100'],
    ['disk_full', 'echo "E: Write error - write (28: No space left on device)" >&2; exit 100'],
    ['no_keyring', 'echo "E: The repository is not signed." >&2; exit 100'],
    [
      'no_network',
      'case "$*" in *update*) exit 0;; *) echo "E: Unable to locate package" >&2; exit 100;; esac',
    ],
  ])('is %s for: %s', (code, script) =>
    withCache(async (dir) => {
      const error = await withProgram(dir, 'apt-get', script, () =>
        failure(ensureRuntime({ dir, log: quiet })),
      );
      expect(error.code).toBe(code);
    }),
  );

  it('is no_apt where there is none', () =>
    withCache(async (dir) => {
      const error = await withOnly(dir, ['flock', 'sh', 'cat'], () =>
        failure(ensureRuntime({ dir, log: quiet })),
      );
      expect(error.code).toBe('no_apt');
      expect(error.describe()).toContain('BOOCONTROL_RUNTIME=docker');
    }));

  it('is corrupt_download when a file is not what the index promises, and the next try mends it', () =>
    withCache(async (dir) => {
      const files = await fetchDebs({
        cacheDir: debs.slice(0, debs.lastIndexOf('/')),
        architecture,
        log: quiet,
      });
      const victim = (files.find((file) => file.includes('libzstd1')) ?? '').split('/').pop() ?? '';
      const cutting = await servingApt(debs, join(dir, 'calls'), [victim]);
      const error = await withProgram(dir, 'apt-get', cutting, () =>
        failure(ensureRuntime({ dir, log: quiet })),
      );
      expect(error.code).toBe('corrupt_download');
      expect(error.message).toContain(victim);
      const whole = await servingApt(debs, join(dir, 'calls'));
      await withProgram(dir, 'apt-get', whole, () => ensureRuntime({ dir, log: quiet }));
    }));

  it('asks a real mirror for all packages of the recipe', { timeout: 120_000 }, () =>
    withFolder(async (dir) => {
      const apt = new PrivateApt(dir, architecture.debian);
      await apt.update();
      const files = await apt.list(PACKAGES);
      expect(files.some(({ file }) => file.startsWith('postgresql-17_17.'))).toBe(true);
    }),
  );
});
