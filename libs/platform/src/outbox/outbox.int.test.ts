import { STREAM, subjects } from '@boocontrol/contracts';
import { testDatabase, testNats, waitFor, type TestDatabase, type TestNats } from '@boocontrol/testing';
import { jetstreamManager } from '@nats-io/jetstream';
import { Module } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { databaseConfig, loadConfig, type DatabaseConfig } from '../config/config.js';
import { readAll } from '../log/stream-reader.js';
import { DatabaseModule } from '../service/database.module.js';
import { startService, type RunningService } from '../service/start-service.js';
import { outboxMigration } from './outbox.migration.js';
import { OutboxModule } from './outbox.module.js';
import { addToOutbox, outboxTable } from './outbox.repository.js';
import { Outbox } from './outbox.js';

let nats: TestNats;
let database: TestDatabase;
const running: RunningService<DatabaseConfig>[] = [];

async function start(schema: string): Promise<RunningService<DatabaseConfig>> {
  const config = loadConfig(databaseConfig, {
    NATS_URL: nats.url,
    DATABASE_URL: database.url,
    LOG_LEVEL: 'silent',
  });
  @Module({
    imports: [
      DatabaseModule.forRoot({ schema, migrations: [outboxMigration(schema, 1763800000000)] }),
      OutboxModule.forSchema(schema),
    ],
  })
  class ScratchModule {}
  const service = await startService({ name: schema, config, module: ScratchModule });
  running.push(service);
  return service;
}

beforeAll(async () => {
  [nats, database] = await Promise.all([testNats(), testDatabase()]);
});
afterAll(async () => {
  await Promise.all(running.map(({ stop }) => stop()));
  await database?.drop();
  await nats?.stop();
});

async function onTheLog({ platform }: RunningService<DatabaseConfig>): Promise<string[]> {
  const jsm = await jetstreamManager(platform.nc, { checkAPI: false });
  const found: string[] = [];
  await readAll(jsm, STREAM.jobs, [subjects.allJobs], { from: 'all' }, (message) =>
    found.push(`${message.headers?.get('Nats-Msg-Id')} ${message.string()}`),
  );
  return found.sort();
}

function fact(run: string): { subject: string; msgId: string; body: object } {
  return { subject: subjects.job('scratch', run, 'queued'), msgId: `${run}:1`, body: { run } };
}

it('carries what was committed, each schema its own, and nothing of what was rolled back', async () => {
  const [one, two] = [await start('one'), await start('two')];
  const db = one.app.get(DataSource);
  await db.transaction((manager) => addToOutbox(manager, 'one', fact('a')));
  one.app.get(Outbox).notify();
  // Nobody is told of this one: it is found by looking.
  await two.app.get(DataSource).transaction((manager) => addToOutbox(manager, 'two', fact('b')));
  const broken = db.transaction(async (manager) => {
    await addToOutbox(manager, 'one', fact('c'));
    throw new Error('rolled back');
  });
  await expect(broken).rejects.toThrow('rolled back');
  await waitFor(async () => (await onTheLog(one)).length === 2, { what: 'both facts on the log' });
  expect(await onTheLog(one)).toEqual(['a:1 {"run":"a"}', 'b:1 {"run":"b"}']);
  for (const schema of ['one', 'two'])
    await waitFor(async () => (await db.query(`SELECT 1 FROM ${outboxTable(schema)}`)).length === 0, {
      what: `nothing left in ${schema}`,
    });
});

it('what no stream takes does not hold up the rest, and waits', async () => {
  const [one] = running as [RunningService<DatabaseConfig>];
  const db = one.app.get(DataSource);
  await db.transaction(async (manager) => {
    await addToOutbox(manager, 'one', { subject: 'boo.nowhere', msgId: 'x', body: {} });
    await addToOutbox(manager, 'one', fact('d'));
  });
  one.app.get(Outbox).notify();
  await waitFor(async () => (await onTheLog(one)).length === 3, { what: 'the fact behind it' });
  const left = async (): Promise<object[]> => db.query(`SELECT msg_id FROM ${outboxTable('one')}`);
  await waitFor(async () => (await left()).length === 1, { what: 'the fact to leave the outbox' });
  expect(await left()).toEqual([{ msg_id: 'x' }]);
});

it('is recorded under the name that it always had', async () => {
  const rows = await running[0]!.app.get(DataSource).query('SELECT name, timestamp FROM one.migrations');
  expect(rows).toEqual([{ name: 'Outbox1763800000000', timestamp: '1763800000000' }]);
});

it.each(['', 'One', '1st', 'a.b', 'a"; DROP SCHEMA one'])('%j is no name of a schema', (schema) => {
  expect(() => OutboxModule.forSchema(schema)).toThrow('no name of a schema');
  expect(() => outboxMigration(schema, 1763800000000)).toThrow('no name of a schema');
});
