import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { BUCKET, calls, STREAM, STREAMS, type Gaps } from '@boocontrol/contracts';
import { ensureStreams } from '@boocontrol/platform';
import { projectRoot, runtimePaths, tempDir, waitFor, type RunningService } from '@boocontrol/testing';
import { jetstreamManager } from '@nats-io/jetstream';
import { Kvm } from '@nats-io/kv';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { fleetDatabase, type FleetDatabase } from '../testing/database.js';
import { noon, provider, request, requestFact } from '../testing/facts.js';
import { spawnFleetState, testBus, type TestBus } from '../testing/service.js';

/** A database that was put back gets everything back that the log still holds, or a gap where it holds it no more. */
let bus: TestBus;
let database: FleetDatabase;
let service: RunningService | undefined;
beforeEach(async () => {
  bus = await testBus();
  database = await fleetDatabase();
});
afterEach(async () => {
  await service?.stop();
  service = undefined;
  await database.drop();
  await bus.close();
});

const publish = async (from: number, to: number): Promise<void> => {
  for (let n = from; n < to; n += 250) {
    const count = Math.min(250, to - n);
    await Promise.all(
      Array.from({ length: count }, (_, i) => bus.publish(requestFact({ entryId: n + i, ts: noon(n + i) }))),
    );
  }
};
const stored = async (): Promise<number> =>
  (await database.rows<{ n: number }>('SELECT count(*)::int AS n FROM fleet.requests'))[0]?.n ?? 0;
const untilStored = (count: number): Promise<boolean> =>
  waitFor(async () => (await stored()) >= count, { what: `${count} rows` });
const distinct = (): Promise<{ n: number }[]> =>
  database.rows('SELECT count(DISTINCT swap_entry_id)::int AS n FROM fleet.requests');

/** The commands of the page, from its section of that name. */
function commandsOf(what: 'Backup' | 'Restore'): string {
  const page = readFileSync(join(projectRoot(), 'docs/operations.md'), 'utf8');
  const section = page.slice(page.indexOf('## Backup and restore'));
  const [, commands] =
    new RegExp(`\\n${what}[^\`]*?(?:\`…_before\`[^\`]*?)?:\\n\\n\`\`\`sh\\n([^]*?)\`\`\``).exec(section) ??
    [];
  if (commands === undefined) throw new Error(`No commands for ${what}`);
  return commands;
}

async function run(commands: string, cwd: string): Promise<void> {
  const { postgresBin } = await runtimePaths();
  const env = { ...process.env, PATH: `${postgresBin}:${process.env['PATH']}`, DATABASE_URL: database.url };
  await promisify(execFile)('sh', ['-c', commands], { cwd, env });
}

/** The messages of FLEET in the bus's folder; its consumers lie elsewhere. */
async function messagesDir(): Promise<string> {
  const found = await readdir(bus.nats.dir, { recursive: true });
  const messages = found.find((path) => path.endsWith('streams/FLEET/msgs'));
  if (messages === undefined) throw new Error('FLEET has no folder');
  return join(bus.nats.dir, messages);
}

/** Owners too: the bus may run as another user. */
const copyDir = (from: string, to: string): Promise<unknown> =>
  promisify(execFile)('cp', ['-a', `${from}/.`, to]);

/** What `more` adds to the log is lost by a kill of the bus, as after a power cut; consumers keep what they knew. */
async function withLostTail(more: () => Promise<void>): Promise<void> {
  const copy = await tempDir();
  try {
    await bus.nats.kill9();
    await copyDir(await messagesDir(), copy.path);
    await bus.nats.restart();
    await more();
    await bus.nats.kill9();
    const messages = await messagesDir();
    for (const file of await readdir(messages)) await rm(join(messages, file), { recursive: true });
    await copyDir(copy.path, messages);
    await bus.nats.restart();
  } finally {
    await copy.remove();
  }
}

test('the commands of the page, under load with two replicas: every row is there, and lost captures are gone', async () => {
  const dir = await tempDir();
  service = await spawnFleetState(bus.nats.url, database.url);
  const other = await spawnFleetState(bus.nats.url, database.url);
  try {
    await publish(0, 2_000);
    await untilStored(2_000);
    await run(commandsOf('Backup'), dir.path);
    const late = request({
      entryId: 900_000,
      ts: noon(900_000),
      at: new Date().toISOString().replace('Z', '000Z'),
      hasCapture: true,
    });
    await bus.publish({ kind: 'request', body: late });
    const publishing = publish(2_000, 12_000);
    await untilStored(5_000);
    await run(commandsOf('Restore'), dir.path);
    await publishing;
    await untilStored(12_001);
    expect(await distinct()).toEqual([{ n: 12_001 }]);
    const { providerId, entryId, ts } = late;
    const entry = await bus.rpc.ask(calls.activityEntry, {
      providerId,
      entryId,
      ts,
    });
    expect(entry.captureState).toBe('gone');
  } finally {
    await other.stop();
    await database.rows(
      `DROP DATABASE IF EXISTS ${new URL(database.url).pathname.slice(1)}_before WITH (FORCE)`,
    );
    await dir.remove();
  }
});

test('an emptied database, noticed while the service runs, gets back what the log has', async () => {
  service = await spawnFleetState(bus.nats.url, database.url);
  await publish(0, 1_000);
  await bus.publishRaw('tower', 'request', 'not json');
  await untilStored(1_000);
  await database.clear();
  await untilStored(1_000);
  expect(await distinct()).toEqual([{ n: 1_000 }]);
});

test('another database beside the same log gets everything', async () => {
  service = await spawnFleetState(bus.nats.url, database.url);
  await publish(0, 1_000);
  await untilStored(1_000);
  await service.stop();
  await database.drop();
  database = await fleetDatabase();
  service = await spawnFleetState(bus.nats.url, database.url);
  await untilStored(1_000);
});

test('a log that was empty at the first start is complete at the next', async () => {
  const kv = await new Kvm(bus.nc).create(BUCKET.providers);
  await kv.put('tower', JSON.stringify(provider()));
  service = await spawnFleetState(bus.nats.url, database.url);
  await publish(0, 100);
  await untilStored(100);
  await waitFor(async () => (await database.rows('SELECT 1 FROM fleet.hosts')).length === 1, {
    what: 'the host',
  });
  await service.kill9();
  service = await spawnFleetState(bus.nats.url, database.url);
  await publish(100, 200);
  await untilStored(200);
  expect((await bus.rpc.ask(calls.gaps, {})).gaps).toEqual([]);
});

test('a position before the beginning of the log is a gap of every host that the registry knows, also in an empty database', async () => {
  const kv = await new Kvm(bus.nc).create(BUCKET.providers);
  await kv.put('tower', JSON.stringify(provider()));
  service = await spawnFleetState(bus.nats.url, database.url);
  await publish(0, 500);
  await untilStored(500);
  await waitFor(async () => (await database.rows('SELECT 1 FROM fleet.hosts')).length === 1, {
    what: 'the host',
  });
  await service.stop();
  // The database that was put back has never heard of it.
  await kv.put('late', JSON.stringify(provider({ id: 'late' })));
  await publish(500, 1_000);
  const jsm = await jetstreamManager(bus.nc);
  await jsm.streams.purge(STREAM.fleet, { seq: 801 });
  service = await spawnFleetState(bus.nats.url, database.url);
  await untilStored(700);
  expect(await stored()).toBe(700);
  const gapsNow = async (): Promise<Gaps['gaps']> => {
    const { gaps } = await bus.rpc.ask(calls.gaps, {});
    for (const { fromTs, toTs } of gaps) expect(fromTs < (toTs ?? '')).toBe(true);
    return gaps.toSorted((a, b) => (a.providerId < b.providerId ? -1 : 1));
  };
  const lost = { kind: 'lost', reason: 'projection_behind_log' };
  const both = [
    { providerId: 'late', ...lost },
    { providerId: 'tower', ...lost },
  ];
  expect(await gapsNow()).toMatchObject(both);

  await service.stop();
  await database.clear();
  service = await spawnFleetState(bus.nats.url, database.url);
  await untilStored(200);
  expect(await gapsNow()).toMatchObject(both);
});

test('a log that was wiped is read from its beginning', async () => {
  service = await spawnFleetState(bus.nats.url, database.url);
  await publish(0, 1_000);
  await untilStored(1_000);
  await service.stop();
  const jsm = await jetstreamManager(bus.nc);
  await jsm.streams.delete(STREAM.fleet);
  await ensureStreams(bus.nc, STREAMS);
  await publish(900, 1_500);
  service = await spawnFleetState(bus.nats.url, database.url);
  await untilStored(1_500);
  expect(await stored()).toBe(1_500);
});

test.each(['with its consumer', 'without its consumer'])(
  'a log that lost its tail and has grown past the old position before anyone looked is read again, %s',
  async (consumer) => {
    service = await spawnFleetState(bus.nats.url, database.url);
    await publish(0, 1_000);
    await untilStored(1_000);
    await withLostTail(async () => {
      await publish(1_000, 1_300);
      await untilStored(1_300);
      await service?.stop();
    });
    // Under the sequences of the lost ones, and on.
    await publish(2_000, 2_600);
    const jsm = await jetstreamManager(bus.nc);
    if (consumer.startsWith('without')) await jsm.consumers.delete(STREAM.fleet, 'fleet-state');
    service = await spawnFleetState(bus.nats.url, database.url);
    await untilStored(1_900);
    expect(await distinct()).toEqual([{ n: 1_900 }]);
  },
  60_000,
);

test('a log that lost its tail and has grown while the service could not look is read again', async () => {
  service = await spawnFleetState(bus.nats.url, database.url);
  await publish(0, 1_000);
  await untilStored(1_000);
  await withLostTail(async () => {
    await publish(1_000, 1_300);
    await untilStored(1_300);
    process.kill(service?.pid ?? 0, 'SIGSTOP');
  });
  await publish(2_000, 2_600);
  process.kill(service.pid, 'SIGCONT');
  await untilStored(1_900);
  expect(await distinct()).toEqual([{ n: 1_900 }]);
});

test('a log that lost its tail, and nothing more', async () => {
  service = await spawnFleetState(bus.nats.url, database.url);
  await publish(0, 1_000);
  await untilStored(1_000);
  await withLostTail(async () => {
    await publish(1_000, 1_300);
    await untilStored(1_300);
  });
  await publish(2_000, 2_100);
  await untilStored(1_400);
  await service.kill9();
  service = await spawnFleetState(bus.nats.url, database.url);
  await publish(2_100, 2_200);
  await untilStored(1_500);
  expect(await distinct()).toEqual([{ n: 1_500 }]);
});

test('what is missing inside the log, and was never held, is a gap', async () => {
  const kv = await new Kvm(bus.nc).create(BUCKET.providers);
  await kv.put('tower', JSON.stringify(provider()));
  service = await spawnFleetState(bus.nats.url, database.url);
  await publish(0, 500);
  await untilStored(500);
  await service.stop();
  await publish(500, 1_000);
  const jsm = await jetstreamManager(bus.nc);
  for (const seq of [601, 602, 603, 700]) await jsm.streams.deleteMessage(STREAM.fleet, seq);
  await jsm.streams.deleteMessage(STREAM.fleet, 1_000);
  service = await spawnFleetState(bus.nats.url, database.url);
  await untilStored(995);
  const gaps = await waitFor(
    async () => {
      const { gaps } = await bus.rpc.ask(calls.gaps, {});
      return gaps.length === 3 && gaps;
    },
    { what: 'the gaps' },
  );
  const lost = { providerId: 'tower', kind: 'lost', reason: 'projection_behind_log' };
  expect(gaps).toMatchObject([lost, lost, lost]);
});
