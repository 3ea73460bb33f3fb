import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { diskFull, errnoOf, RuntimeError } from './errors.js';
import { exec, lastLines } from './exec.js';
import type { ExecResult } from './exec.js';
import { POSTGRES_MAJOR } from './recipe.js';
import { giveTo } from './service-user.js';
import type { ServiceUser } from './service-user.js';

export interface InitOptions {
  postgresBin: string;
  dataDir: string;
  superuser: string;
  password: string;
  database: string;
  user: ServiceUser;
  /** Settings that a start also uses. */
  settings: readonly string[];
}

/**
 * Makes the data folder with its database and the timescaledb extension, where it is not there yet. All of it happens
 * under another name first: a cut leaves nothing half made. Throws RuntimeError data_version, disk_full, permission, start_failed.
 */
export async function ensureCluster(options: InitOptions): Promise<void> {
  const version = await readVersion(options.dataDir);
  if (version === String(POSTGRES_MAJOR)) return;
  if (version !== undefined) throw otherVersion(options.dataDir, version);

  const fresh = `${options.dataDir}.new`;
  const passwordFile = `${options.dataDir}.password`;
  try {
    await rm(fresh, { recursive: true, force: true });
    await mkdir(fresh, { mode: 0o700 });
    await giveTo(options.user, fresh);
    await writeFile(passwordFile, `${options.password}\n`, { mode: 0o600 });
    await giveTo(options.user, passwordFile);
    await initialise(options, fresh, passwordFile);
    await rename(fresh, options.dataDir);
  } finally {
    await rm(passwordFile, { force: true });
    await rm(fresh, { recursive: true, force: true });
  }
}

async function initialise(options: InitOptions, fresh: string, passwordFile: string): Promise<void> {
  const { postgresBin, superuser, database, user, settings } = options;
  const run = { ...user, cwd: '/', env: { PATH: '/usr/bin:/bin', LC_ALL: 'C.UTF-8', TZ: 'UTC' } };
  const init = await exec(
    join(postgresBin, 'initdb'),
    [
      ...['-D', fresh, '-U', superuser, '-A', 'scram-sha-256', `--pwfile=${passwordFile}`],
      ...['-E', 'UTF8', '--locale=C.UTF-8', '--no-instructions'],
    ],
    run,
  );
  if (init.code !== 0) throw initFailed('initdb', init);
  // Single-user mode: no port, no waiting, and it is part of what becomes visible at once.
  for (const [inDatabase, sql] of [
    ['postgres', `CREATE DATABASE ${database};\n`],
    [database, 'CREATE EXTENSION timescaledb;\n'],
  ] as const) {
    const single = ['--single', '-D', fresh, ...settings.flatMap((setting) => ['-c', setting]), inDatabase];
    const result = await exec(join(postgresBin, 'postgres'), single, { ...run, input: sql });
    if (result.code !== 0 || /\b(ERROR|FATAL|PANIC):/.test(result.stderr))
      throw initFailed(sql.trim(), result);
  }
}

function initFailed(doing: string, result: ExecResult): RuntimeError {
  const said = `${result.stdout}\n${result.stderr}`;
  if (/No space left on device|disk quota exceeded/i.test(said)) return diskFull(doing);
  if (/could not look up effective user ID/.test(said)) {
    return new RuntimeError(
      'permission',
      'PostgreSQL needs a user with a name, and this one is not in /etc/passwd.',
      'Start BooControl as an ordinary user, or set DATABASE_URL to a database of your own.',
    );
  }
  const code = /permission denied|Operation not permitted/i.test(said) ? 'permission' : 'start_failed';
  return new RuntimeError(
    code,
    `The database folder could not be made (${doing}): ${lastLines(said, 6)}`,
    'Nothing half made is left behind; start again when the cause is mended.',
  );
}

/** The major version of a data folder; undefined when there is none. The folder itself is closed to other users. */
async function readVersion(dataDir: string): Promise<string | undefined> {
  try {
    return (await readFile(join(dataDir, 'PG_VERSION'), 'utf8')).trim();
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

function otherVersion(dataDir: string, version: string): RuntimeError {
  return new RuntimeError(
    'data_version',
    `The data in ${dataDir} are of PostgreSQL ${version}; this BooControl runs PostgreSQL ${POSTGRES_MAJOR}.`,
    `To keep them: dump them with pg_dump of PostgreSQL ${version} and load the dump later. Then move the folder away ` +
      `(mv ${dataDir} ${dataDir}.${version}) and start again: an empty one is made, and hosts are read anew.`,
  );
}
