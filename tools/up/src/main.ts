import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { environmentOf, SERVICES } from '@boocontrol/contracts';
import { ensureSandbox, RuntimeError, sandboxFolder, startInfra, type Infra } from '@boocontrol/runtime';
import { Child, type ChildSpec } from './child.js';
import { demoSeed, pickDemoPorts } from './demo.js';
import { checkFleetFile, findFleetFile } from './fleet-file.js';
import type { Flags } from './flags.js';
import { findPort } from './port.js';
import { claim, type Claim } from './claim.js';
import { providersFromFlags, type SeedEntry } from './seed.js';
import { waitUntilHealthy } from './wait-healthy.js';

export { parseFlags, USAGE } from './flags.js';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const stateDir = join(root, '.boocontrol');
const suitesDir = join(stateDir, 'suites');
const evalsDir = join(stateDir, 'evals');

function say(text: string): void {
  for (const line of text.split('\n')) console.log(`\u001b[2m[boocontrol]\u001b[0m ${line}`);
}

function leave(text: string): never {
  console.error(`\n${text}\n`);
  process.exit(1);
}

/** Beside everything else: only items with code need it, and who needs it looks again. */
async function prepareSandbox(): Promise<void> {
  if (process.env['BOOCONTROL_SANDBOX'] !== undefined) return;
  try {
    await ensureSandbox({ dir: stateDir, log: say });
  } catch (error) {
    say(`Code of models cannot be run here: ${error instanceof Error ? error.message : String(error)}`);
  }
}

interface Plan {
  seeds: SeedEntry[];
  config: string | null;
  demoPorts: number[];
}

async function planFleet(flags: Flags): Promise<Plan> {
  const config = findFleetFile(root, flags.config);
  const declared = config ? checkFleetFile(config) : 0;
  const fromFlags = providersFromFlags(flags.hosts);
  const demo = flags.demo ?? (declared === 0 && fromFlags.length === 0);
  const demoPorts = demo ? await pickDemoPorts() : [];
  return { seeds: [...fromFlags, ...demoSeed(demoPorts)], config, demoPorts };
}

function services(
  plan: Plan,
  infra: Infra,
  port: number,
  refused: (name: string, why: string) => void,
): Child[] {
  const child = (spec: ChildSpec): Child =>
    new Child(spec, join(stateDir, 'logs'), say, (why) => refused(spec.name, why));
  const offered = {
    BOOCONTROL_PORT: String(port),
    BOOCONTROL_SEED: JSON.stringify(plan.seeds),
    BOOCONTROL_WEB_DIR: join(root, 'web', 'out'),
    BOOCONTROL_SANDBOX: process.env['BOOCONTROL_SANDBOX'] ?? sandboxFolder(stateDir),
    BOOCONTROL_SUITES_DIR: process.env['BOOCONTROL_SUITES_DIR'] ?? suitesDir,
    BOOCONTROL_EVALS_DIR: process.env['BOOCONTROL_EVALS_DIR'] ?? evalsDir,
    ...(plan.config ? { BOOCONTROL_CONFIG: plan.config } : {}),
  };
  const list = SERVICES.map((service) =>
    child({
      name: service.name,
      script: join(root, 'services', service.name, 'dist', 'main.js'),
      env: { NODE_ENV: 'production', PORT: '0', ...environmentOf(service, infra, offered) },
    }),
  );
  if (plan.demoPorts.length > 0) {
    const args = ['fleet', '--ports', plan.demoPorts.join(','), '--exit-with-parent'];
    list.push(child({ name: 'sim', script: join(root, 'tools/sim/dist/cli.js'), args, env: {} }));
  }
  return list;
}

/**
 * Starts everything and keeps it running until SIGINT or SIGTERM. Ends the process with a sentence that says what to do
 * when something that is needed cannot be had.
 */
export async function main(flags: Flags): Promise<void> {
  mkdirSync(suitesDir, { recursive: true });
  mkdirSync(evalsDir, { recursive: true });
  let held: Claim;
  let plan: Plan;
  let port: number;
  let infra: Infra;
  try {
    held = claim(join(stateDir, 'up.json'));
    plan = await planFleet(flags);
    port = await findPort(flags.port);
    if (port !== flags.port) say(`Port ${flags.port} is taken; using ${port}.`);
    say('Starting NATS and PostgreSQL with TimescaleDB …');
    infra = await startInfra({ dir: stateDir, log: say });
  } catch (error) {
    leave(
      error instanceof RuntimeError
        ? error.describe()
        : error instanceof Error
          ? error.message
          : String(error),
    );
  }
  let stopping = false;
  const refused = (name: string, why: string): void => {
    if (stopping) return;
    stopping = true;
    void stopAll().then(() => leave(`${name} does not start:\n${why}`));
  };
  const children = services(plan, infra, port, refused);
  const stopAll = async (): Promise<void> => {
    await Promise.all(children.map((child) => child.stop()));
    await infra.stop();
    held.release();
  };
  const stop = async (signal: string): Promise<void> => {
    if (stopping) {
      say('Still stopping; press Ctrl-C once more within a second to leave at once.');
      process.once('SIGINT', () => process.exit(130));
      return;
    }
    stopping = true;
    say(`Stopping (${signal}) …`);
    await stopAll();
    say('Stopped. Nothing was lost; `npm start` goes on where this ended.');
    process.exit(0);
  };
  process.on('SIGINT', () => void stop('Ctrl-C'));
  process.on('SIGTERM', () => void stop('SIGTERM'));

  void prepareSandbox();
  say('Starting the services …');
  for (const child of children) child.start();
  const address = `http://127.0.0.1:${port}`;
  held.update({ address });
  const problem = await waitUntilHealthy(address, 60_000, () => stopping);
  if (stopping) return;
  if (problem) {
    say(`Not everything is up after a minute: ${problem}`);
    say(
      `It keeps trying. The services' logs are in ${join(stateDir, 'logs')}; ${address}/api/health says what is missing.`,
    );
  }
  const fleet =
    plan.demoPorts.length > 0
      ? `A simulated fleet of ${plan.demoPorts.length} hosts is running. Your own: npm start -- --host http://192.168.1.20:8080`
      : `Hosts from ${[plan.config, flags.hosts.length > 0 ? '--host' : null].filter(Boolean).join(' and ') || 'the registry'}.`;
  console.log(`\n  BooControl   ${address}\n\n  ${fleet}\n  Ctrl-C stops everything.\n`);
}
