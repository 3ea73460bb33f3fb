import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { environmentOf, subjects, SystemHealthSchema, type ServiceDeclaration } from '@boocontrol/contracts';
import {
  freePort,
  spawnService,
  tempDir,
  testDatabase,
  testNats,
  waitFor,
  type RunningService,
} from '@boocontrol/testing';
import { jetstream } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { expect, it } from 'vitest';
import { checkProject } from '../borders/project.js';
import { SCRATCH_ENTRY, SCRATCH_SERVICE } from './scratch-service.js';
import { compile, copyWorkspace, linkPackage } from './workspace-copy.js';

const declared: ServiceDeclaration = {
  name: 'scratch',
  schema: 'scratch',
  needs: ['bus', 'database'],
  replicas: 'many',
  env: [],
  without: '',
};

/** The folder of the service, and one line outside it. */
function addService(dir: string): void {
  for (const [path, text] of Object.entries(SCRATCH_SERVICE)) {
    const file = join(dir, 'services/scratch', path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, `${text.trim()}\n`);
  }
  linkPackage(dir, 'services/scratch');
  const manifest = join(dir, 'libs/contracts/src/services.ts');
  const head = 'export const SERVICES = [\n';
  writeFileSync(manifest, readFileSync(manifest, 'utf8').replace(head, `${head}${SCRATCH_ENTRY}\n`));
}

async function notes(nc: NatsConnection): Promise<Record<string, string>> {
  const pattern = 'boo.rpc.scratch.notes';
  const reply = await nc.request(pattern, JSON.stringify({ id: '1', pattern, data: {} }), { timeout: 2_000 });
  const { response } = reply.json<{ response: { notes: { text: string; state: string }[] } }>();
  return Object.fromEntries(response.notes.map(({ text, state }) => [text, state]));
}

it('a service in the documented shape builds, starts, consumes, works, answers, is in health and drains', async () => {
  const [dir, nats, database] = await Promise.all([tempDir(), testNats(), testDatabase()]);
  const running: RunningService[] = [];
  const nc = await connect(nats.connection);
  try {
    copyWorkspace(dir.path);
    addService(dir.path);
    compile(dir.path, ['services/scratch', 'services/gateway']);
    // A call that others ask is declared in contracts; this one is asked by this test alone, and the borders notice it.
    expect(checkProject(dir.path).filter(({ path }) => path.includes('scratch'))).toEqual([
      expect.objectContaining({ message: expect.stringContaining('spelled in libs/contracts') }),
    ]);

    const infra = { natsUrl: nats.url, databaseUrl: database.url };
    const start = async (name: string, env: Record<string, string>): Promise<RunningService> => {
      const service = await spawnService(join(dir.path, `services/${name}/dist/main.js`), env);
      running.push(service);
      return service;
    };
    const env = environmentOf(declared, infra, {});
    const scratch = await start('scratch', env);
    const port = String(await freePort());
    await start('gateway', { ...env, BOOCONTROL_PORT: port });
    await scratch.waitReady();

    const js = jetstream(nc);
    await js.publish(subjects.allJobs.replace('>', 'scratch.one.noted'), JSON.stringify({ text: 'a fact' }));
    await js.publish(subjects.capture('one'), JSON.stringify({ text: 'some work' }));
    const all = async (): Promise<boolean> => Object.keys(await notes(nc)).length === 2;
    await waitFor(all, { what: 'the fact and the work in the table' });
    expect(await notes(nc)).toEqual({ 'a fact': 'noted', 'some work': 'started' });

    const isWell = async (): Promise<boolean> => {
      const response = await fetch(`http://127.0.0.1:${port}/api/health`);
      const { parts } = SystemHealthSchema.parse(await response.json());
      const checks = parts.find(({ name, status }) => name === 'scratch' && status === 'ok')?.reports[0]
        ?.checks;
      return checks?.['notes'] !== undefined && checks['work'] !== undefined;
    };
    await waitFor(isWell, { what: 'the service with its consumers in the health of the system' });

    expect(await scratch.stop()).toBe(0);
    await (await start('scratch', env)).waitReady();
    expect(await notes(nc)).toEqual({ 'a fact': 'noted', 'some work': 'finished' });
  } finally {
    await Promise.all(running.map((service) => service.stop()));
    await nc.close();
    await Promise.all([nats.stop(), database.drop(), dir.remove()]);
  }
});
