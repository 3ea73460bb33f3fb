import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { makeOpenFolder } from './ensure.js';
import { OTHER_WAYS, RuntimeError } from './errors.js';
import { exec, lastLines } from './exec.js';
import type { ExecResult } from './exec.js';
import { storedSecret } from './secret.js';

export interface DockerUrls {
  natsUrl: string;
  databaseUrl: string;
}

const SERVICES = ['nats', 'timescaledb'];

/**
 * Starts the services `nats` and `timescaledb` of the project's docker-compose.yml and waits for their health checks.
 * The passwords NATS_PASSWORD and POSTGRES_PASSWORD are those of our environment, else of the project's .env (as compose
 * reads them), else generated into `dir`; the published ports are asked back. The containers keep running after us, as compose users expect. Throws RuntimeError `docker`.
 */
export async function startDocker(dir: string, log: (line: string) => void): Promise<DockerUrls> {
  const project = dirname(dir);
  if (!existsSync(join(project, 'docker-compose.yml'))) {
    throw dockerError(`There is no docker-compose.yml in ${project}.`);
  }
  await makeOpenFolder(dir);
  const known = {
    ...parseDotEnv(await readFile(join(project, '.env'), 'utf8').catch(() => '')),
    ...process.env,
  };
  const natsPassword = known['NATS_PASSWORD'] ?? (await storedSecret(join(dir, 'docker-nats-password')));
  const databasePassword =
    known['POSTGRES_PASSWORD'] ?? (await storedSecret(join(dir, 'docker-postgres-password')));
  const env = { ...process.env, NATS_PASSWORD: natsPassword, POSTGRES_PASSWORD: databasePassword };
  const compose = async (...args: string[]): Promise<ExecResult> => {
    const result = await exec('docker', ['compose', ...args], { cwd: project, env });
    if (result.missing) throw dockerError('There is no docker command here.');
    if (result.code === 0) return result;
    throw dockerError(
      `docker compose ${args[0]} failed: ${lastLines(`${result.stdout}\n${result.stderr}`, 5)}`,
    );
  };
  log('starting NATS and TimescaleDB with docker compose …');
  await compose('up', '-d', '--wait', '--wait-timeout', '180', ...SERVICES);
  const nats = publishedAddress((await compose('port', 'nats', '4222')).stdout);
  const database = publishedAddress((await compose('port', 'timescaledb', '5432')).stdout);
  return {
    natsUrl: `nats://boocontrol:${encodeURIComponent(natsPassword)}@${nats}`,
    databaseUrl: `postgres://boocontrol:${encodeURIComponent(databasePassword)}@${database}/boocontrol`,
  };
}

/** The plain `NAME=value` lines of an env file, quotes taken off. */
export function parseDotEnv(text: string): Record<string, string> {
  const lines = [...text.matchAll(/^\s*(?:export\s+)?([A-Z_][A-Z0-9_]*)=(.*)$/gm)];
  return Object.fromEntries(
    lines.map(([, name = '', value = '']) => [name, value.trim().replace(/^(['"])(.*)\1$/, '$2')]),
  );
}

/** Reads the answer of `docker compose port`, such as `127.0.0.1:4222`; a wildcard becomes loopback. Throws RuntimeError. */
export function publishedAddress(answer: string): string {
  const match = /^(\S+):(\d+)\s*$/m.exec(answer.trim());
  if (match === null) throw dockerError('A service of docker-compose.yml publishes no port.');
  const [, host = '', port = ''] = match;
  return `${host === '0.0.0.0' || host === '[::]' || host === '::' ? '127.0.0.1' : host}:${port}`;
}

function dockerError(message: string): RuntimeError {
  return new RuntimeError(
    'docker',
    message,
    `Check that Docker Engine with the compose plugin runs and that this user may use it. Or leave BOOCONTROL_RUNTIME out. ${OTHER_WAYS}`,
  );
}
