import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { RuntimePaths } from './ensure.js';
import { RuntimeError } from './errors.js';
import { exec } from './exec.js';
import { startInfra } from './infra.js';
import { natsAnswers } from './nats-handshake.js';
import { liveServer } from './server-state.js';
import { withProgram } from './testing/fake-apt.js';
import { checkoutRuntime, until, withFolder } from './testing/folders.js';

let paths: RuntimePaths;
const quiet = (): void => undefined;
const NAMES = ['NATS_URL', 'DATABASE_URL', 'BOOCONTROL_RUNTIME'] as const;

beforeAll(async () => {
  paths = await checkoutRuntime();
}, 300_000);

async function withEnv<T>(
  env: Partial<Record<(typeof NAMES)[number], string>>,
  work: () => Promise<T>,
): Promise<T> {
  const before = NAMES.map((name) => [name, process.env[name]] as const);
  for (const name of NAMES) delete process.env[name];
  Object.assign(process.env, env);
  try {
    return await work();
  } finally {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  }
}

function natsAt(url: string): Promise<boolean> {
  const { hostname, port, username, password } = new URL(url);
  return natsAnswers(hostname, Number(port), { user: username, password });
}

describe('startInfra', { timeout: 240_000 }, () => {
  it('uses the servers that it is given and starts nothing', () =>
    withFolder((dir) => {
      const env = { NATS_URL: 'nats://u:secret@bus:4222', DATABASE_URL: 'postgres://u:secret@db/boo' };
      return withEnv(env, async () => {
        const infra = await startInfra({ dir: join(dir, '.boocontrol'), log: quiet });
        expect([infra.natsUrl, infra.databaseUrl]).toEqual([env.NATS_URL, env.DATABASE_URL]);
        expect(infra.describe()).toContain('bus:4222');
        expect(infra.describe()).not.toContain('secret');
        await infra.stop();
        expect((await exec('ls', ['-A', dir])).stdout).toBe('');
      });
    }));

  it('embeds what is not given, keeps the data, and brings a server that was killed back on its port', () =>
    withFolder((dir) =>
      withEnv({}, async () => {
        const lines: string[] = [];
        const infra = await startInfra({ dir, log: (line) => void lines.push(line) });
        const killed = await pidIn(join(dir, 'data/nats'));
        try {
          expect(await natsAt(infra.natsUrl)).toBe(true);
          process.kill(killed, 'SIGKILL');
          await until(
            'NATS to be back',
            async () => (await natsAt(infra.natsUrl)) && killed !== (await pidIn(join(dir, 'data/nats'))),
          );

          const postgres = await pidIn(join(dir, 'data/postgres'));
          process.kill(postgres, 'SIGKILL');
          const psql = join(paths.postgresBin, 'psql');
          await until('PostgreSQL to be back', async () => {
            const result = await exec(psql, [infra.databaseUrl, '-XAtqc', 'SELECT 1']);
            return result.stdout.trim() === '1' && postgres !== (await pidIn(join(dir, 'data/postgres')));
          });
        } finally {
          await infra.stop();
        }
        expect(await liveServer(join(dir, 'data/nats'), dir)).toBeUndefined();
        expect(await liveServer(join(dir, 'data/postgres'), dir)).toBeUndefined();
        expect(lines.filter((line) => line.includes('started again'))).toHaveLength(2);
      }),
    ));

  it('starts only the part that has no URL', () =>
    withFolder((dir) =>
      withEnv({ DATABASE_URL: 'postgres://u:secret@db/boo' }, async () => {
        const infra = await startInfra({ dir, log: quiet });
        try {
          expect(await natsAt(infra.natsUrl)).toBe(true);
          expect(infra.databaseUrl).toBe('postgres://u:secret@db/boo');
          expect(await liveServer(join(dir, 'data/postgres'), dir)).toBeUndefined();
        } finally {
          await infra.stop();
        }
      }),
    ));

  it('asks docker compose for both services, with passwords in the environment, and reads the ports back', () =>
    withFolder((project) =>
      withEnv({ BOOCONTROL_RUNTIME: 'docker' }, async () => {
        const docker = `echo "$@ N=$NATS_PASSWORD P=$POSTGRES_PASSWORD" >> '${project}/calls'
case "$*" in *"port nats"*) echo 127.0.0.1:14222;; *"port timescaledb"*) echo 0.0.0.0:15432;; esac`;
        await writeFile(join(project, 'docker-compose.yml'), 'services: {}\n');
        const dir = join(project, '.boocontrol');
        const infra = await withProgram(project, 'docker', docker, () => startInfra({ dir, log: quiet }));
        const nats = new URL(infra.natsUrl);
        const database = new URL(infra.databaseUrl);
        expect([nats.host, database.host, database.pathname]).toEqual([
          '127.0.0.1:14222',
          '127.0.0.1:15432',
          '/boocontrol',
        ]);
        const [up = ''] = (await readFile(join(project, 'calls'), 'utf8')).split('\n');
        expect(up).toMatch(/^compose up -d --wait .* nats timescaledb /);
        expect(up).toContain(`N=${nats.password} P=${database.password}`);
      }),
    ));

  it('hands the passwords of the .env file to compose, as compose itself would', () =>
    withFolder((project) =>
      withEnv({ BOOCONTROL_RUNTIME: 'docker' }, async () => {
        const docker = 'case "$*" in *"port nats"*) echo 127.0.0.1:1;; *port*) echo 127.0.0.1:2;; esac';
        await writeFile(join(project, 'docker-compose.yml'), 'services: {}\n');
        await writeFile(join(project, '.env'), 'NATS_PASSWORD=from-file\n');
        const infra = await withProgram(project, 'docker', docker, () =>
          startInfra({ dir: join(project, '.boocontrol'), log: quiet }),
        );
        expect(new URL(infra.natsUrl).password).toBe('from-file');
        expect(new URL(infra.databaseUrl).password).toHaveLength(43);
      }),
    ));

  it.each([
    ['there is no docker-compose.yml', undefined, 'echo'],
    ['compose fails', 'services: {}\n', 'echo "Cannot connect to the Docker daemon" >&2; exit 1'],
  ])('says what to do when %s', (_name, compose, script) =>
    withFolder((project) =>
      withEnv({ BOOCONTROL_RUNTIME: 'docker' }, async () => {
        if (compose !== undefined) await writeFile(join(project, 'docker-compose.yml'), compose);
        const started = withProgram(project, 'docker', script, () =>
          startInfra({ dir: join(project, '.boocontrol'), log: quiet }),
        );
        const error: unknown = await started.catch((reason: unknown) => reason);
        if (!(error instanceof RuntimeError)) throw new Error('expected a RuntimeError');
        expect(error.code).toBe('docker');
        expect(error.describe()).toContain('NATS_URL');
      }),
    ),
  );
});

async function pidIn(dir: string): Promise<number> {
  return (await liveServer(dir, dir))?.server.pid ?? 0;
}
