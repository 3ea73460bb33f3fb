#!/usr/bin/env node
// node tools/runtime/dist/cli.js start | stop | status | psql [arguments of psql] | lock-sandbox
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureRuntime } from './ensure.js';
import { RuntimeError } from './errors.js';
import { chooseHome } from './home.js';
import { dataDir, startInfra } from './infra.js';
import { isAlive, isGone, stopProcess } from './proc.js';
import { writeLock } from './sandbox/write-lock.js';
import { storedSecret } from './secret.js';
import { liveServer } from './server-state.js';
import type { ServerState } from './server-state.js';

const dir = fileURLToPath(new URL('../../../.boocontrol', import.meta.url));
const home = chooseHome(dir, process.getuid?.() ?? -1).dir;
const log = (line: string): void => console.log(line);
const STOP_WAIT_MS = 60_000;

async function start(): Promise<void> {
  const infra = await startInfra({ dir, log });
  // The servers do not keep this process alive by themselves.
  const alive = setInterval(() => undefined, 60_000);
  const asked = new Promise<void>((resolve) => {
    process.once('SIGINT', () => resolve());
    process.once('SIGTERM', () => resolve());
  });
  log(`\nNATS_URL=${infra.natsUrl}\nDATABASE_URL=${infra.databaseUrl}\n\nCtrl-C stops both.`);
  await asked;
  clearInterval(alive);
  log('stopping …');
  await infra.stop();
}

/** What runs from this clone's folders. */
async function running(): Promise<Map<'nats' | 'postgres', ServerState>> {
  const found = new Map<'nats' | 'postgres', ServerState>();
  for (const name of ['nats', 'postgres'] as const) {
    const state = await liveServer(dataDir(home, name), dataDir(home, name));
    if (state !== undefined) found.set(name, state);
  }
  return found;
}

/** Asks whoever started the servers to stop; servers whose owner is gone are stopped here. */
async function stop(): Promise<void> {
  const states = [...(await running()).values()];
  const steps = [{ signal: 'SIGTERM', waitMs: STOP_WAIT_MS }] as const;
  for (const owner of states.map((state) => state.owner)) {
    if (isAlive(owner)) await stopProcess(owner, steps);
  }
  for (const { server } of states) {
    if (!(await isGone(server, 1_000)))
      await stopProcess(server, [{ signal: 'SIGINT', waitMs: STOP_WAIT_MS }]);
  }
  log(states.length === 0 ? 'nothing runs' : 'stopped');
}

async function status(): Promise<void> {
  const states = await running();
  for (const name of ['nats', 'postgres'] as const) {
    const state = states.get(name);
    const place =
      state === undefined ? 'not running' : `127.0.0.1:${state.port} (process ${state.server.pid})`;
    log(`${name.padEnd(10)}${place}`);
  }
}

async function psql(args: readonly string[]): Promise<void> {
  const state = (await running()).get('postgres');
  if (state === undefined) {
    throw new RuntimeError('start_failed', 'PostgreSQL does not run.', 'Start it: npm start.');
  }
  const paths = await ensureRuntime({ dir, log });
  const password = await storedSecret(join(dataDir(home, 'postgres'), 'password'));
  const connection = {
    PGHOST: '127.0.0.1',
    PGPORT: String(state.port),
    PGUSER: 'boocontrol',
    PGDATABASE: 'boocontrol',
  };
  const child = spawn(join(paths.postgresBin, 'psql'), args, {
    stdio: 'inherit',
    env: { ...process.env, ...connection, PGPASSWORD: password },
  });
  // Ctrl-C cancels a query in psql; it must not end this process.
  process.on('SIGINT', () => undefined);
  process.exitCode = await new Promise<number>((resolve) =>
    child.once('close', (code) => resolve(code ?? 1)),
  );
}

const [command = '', ...rest] = process.argv.slice(2);
try {
  if (command === 'start') await start();
  else if (command === 'stop') await stop();
  else if (command === 'status') await status();
  else if (command === 'psql') await psql(rest);
  else if (command === 'lock-sandbox') await writeLock();
  else {
    console.error('usage: cli.js start | stop | status | psql [arguments] | lock-sandbox');
    process.exitCode = 2;
  }
} catch (error) {
  console.error(error instanceof RuntimeError ? error.describe() : error);
  process.exitCode = 1;
}
