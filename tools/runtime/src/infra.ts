import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { hasApt } from './apt.js';
import { startDocker } from './docker.js';
import { ensureRuntime } from './ensure.js';
import type { EnsureOptions } from './ensure.js';
import { planInfra } from './infra-plan.js';
import type { InfraPlan } from './infra-plan.js';
import type { ManagedServer } from './managed-server.js';
import { startNats } from './nats.js';
import { startPostgres } from './postgres.js';
import { architectureOf } from './recipe.js';

export interface Infra {
  natsUrl: string;
  databaseUrl: string;
  /** Where bus and database run, without passwords: a line each. */
  describe(): string;
  /** Stops what was started here, gracefully. Containers and servers of others keep running. */
  stop(): Promise<void>;
}

/**
 * The bus and the database, found or started: NATS_URL and DATABASE_URL when set (either alone too), else docker compose
 * when BOOCONTROL_RUNTIME=docker, else the embedded runtime. An embedded server that dies is started again on its port.
 * Throws RuntimeError, whose `describe()` says the way out.
 */
export async function startInfra({ dir, log }: EnsureOptions): Promise<Infra> {
  const canEmbed = architectureOf(process.platform, process.arch) !== undefined && (await hasApt());
  const plan = planInfra({ env: process.env, canEmbed });
  if (plan.start === 'embedded') return startEmbedded(dir, plan, log);
  const urls = plan.start === 'docker' ? await startDocker(dir, log) : undefined;
  const natsUrl = plan.natsUrl ?? urls?.natsUrl ?? '';
  const databaseUrl = plan.databaseUrl ?? urls?.databaseUrl ?? '';
  return {
    natsUrl,
    databaseUrl,
    describe: () => describe(natsUrl, databaseUrl),
    stop: async () => undefined,
  };
}

async function startEmbedded(dir: string, plan: InfraPlan, log: EnsureOptions['log']): Promise<Infra> {
  const paths = await ensureRuntime({ dir, log });
  const servers: ManagedServer[] = [];
  let stopping = false;
  const stop = async (): Promise<void> => {
    stopping = true;
    await Promise.all(servers.map((server) => server.stop()));
  };
  const keep = <T extends ManagedServer & { url: string }>(name: string, server: T): string => {
    servers.push(server);
    log(`${name} runs on 127.0.0.1:${server.port}`);
    server.onUnexpectedEnd(() => void revive(name, server, () => stopping, log));
    return server.url;
  };
  const [nats, database] = await Promise.allSettled([
    plan.natsUrl ??
      startNats({ paths, dir: dataDir(paths.home, 'nats') }).then((server) => keep('NATS', server)),
    plan.databaseUrl ??
      startPostgres({ paths, dir: dataDir(paths.home, 'postgres') }).then((server) =>
        keep('PostgreSQL', server),
      ),
  ]);
  if (nats.status === 'rejected' || database.status === 'rejected') {
    await stop();
    throw nats.status === 'rejected' ? nats.reason : (database as PromiseRejectedResult).reason;
  }
  const [natsUrl, databaseUrl] = [nats.value, database.value];
  return {
    natsUrl,
    databaseUrl,
    describe: () => `${describe(natsUrl, databaseUrl)}\nData      ${join(paths.home, 'data')}`,
    stop,
  };
}

export function dataDir(home: string, server: 'nats' | 'postgres'): string {
  return join(home, 'data', server);
}

const FIRST_RETRY_MS = 200;
const LAST_RETRY_MS = 10_000;

async function revive(
  name: string,
  server: ManagedServer,
  isStopping: () => boolean,
  log: EnsureOptions['log'],
): Promise<void> {
  for (let waitMs = FIRST_RETRY_MS; !isStopping(); waitMs = Math.min(waitMs * 2, LAST_RETRY_MS)) {
    log(`${name} ended unexpectedly and is started again …`);
    await delay(waitMs);
    try {
      if (isStopping()) return;
      await server.restart();
      // Stopped while it started: stop() may have seen only the process before this one.
      if (isStopping()) await server.stop();
      else log(`${name} runs again on 127.0.0.1:${server.port}`);
      return;
    } catch (error) {
      log(error instanceof Error ? error.message : String(error));
    }
  }
}

/** URLs without their user and password, for a terminal or a log. */
function describe(natsUrl: string, databaseUrl: string): string {
  const open = (url: string): string => url.replace(/\/\/[^/@]*@/g, '//');
  return `NATS      ${open(natsUrl)}\nPostgres  ${open(databaseUrl)}`;
}
