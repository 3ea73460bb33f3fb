import { toInstant } from '@boocontrol/fleet-model';
import { createSimHost, type SimHost } from '@boocontrol/sim';
import { startStack, waitFor, type Stack } from '@boocontrol/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

/** What the hosts know they did, against what the table says: nothing lost, nothing doubled, whatever was killed. */
describe('the ledger under kill -9', { timeout: 240_000 }, () => {
  const model = { id: 'org/model-a', loadMs: 100 };
  const hosts: SimHost[] = [];
  let stack: Stack;
  let load: NodeJS.Timeout;

  beforeAll(async () => {
    stack = await startStack();
    for (const generation of ['A', 'B', 'C'] as const) {
      const host = await createSimHost({
        id: `host-${generation.toLowerCase()}`,
        generation,
        models: [model],
      });
      hosts.push(host);
      await stack.addHost({ id: host.id, baseUrl: host.url });
    }
    const connected = async (): Promise<boolean> =>
      (await stack.fleet()).hosts.filter((host) => host.liveness?.state === 'connected').length ===
      hosts.length;
    await waitFor(connected, { what: 'all hosts connected' });
    load = setInterval(() => {
      for (const host of hosts) host.makeRows({ count: 2, model: model.id, source: 'boochat' });
    }, 50);
  });
  afterAll(async () => {
    clearInterval(load);
    await stack?.stop();
    await Promise.all(hosts.map((host) => host.close()));
  });

  const ledgerSize = (): number => hosts.reduce((sum, host) => sum + host.rows().length, 0);
  const stored = async (): Promise<number> =>
    (await stack.totals()).groups.reduce((sum, group) => sum + group.requests, 0);
  /** The flow goes on: rows made after now are in the table. */
  const flowsOn = async (what: string): Promise<void> => {
    const target = ledgerSize() + 12;
    await waitFor(async () => (await stored()) >= target, { what: `rows after ${what}` });
  };

  test('rows flow', () => flowsOn('the start'));

  test.each(['ingest', 'fleet-state', 'gateway'] as const)('kill -9 of %s', async (name) => {
    await stack.killAndRestart(name);
    await flowsOn(`kill -9 of ${name}`);
  });

  test('kill -9 of NATS', async () => {
    await stack.nats.kill9();
    await stack.nats.restart();
    await flowsOn('kill -9 of NATS');
  });

  test('kill -9 of PostgreSQL', async () => {
    await stack.postgres.kill9();
    await stack.postgres.restart();
    await flowsOn('kill -9 of PostgreSQL');
  });

  test('kill -9 of everything at once', async () => {
    await Promise.all([
      stack.nats.kill9(),
      stack.postgres.kill9(),
      stack.service('ingest').kill9(),
      stack.service('fleet-state').kill9(),
    ]);
    await Promise.all([stack.nats.restart(), stack.postgres.restart()]);
    await Promise.all([stack.killAndRestart('ingest'), stack.killAndRestart('fleet-state')]);
    await flowsOn('kill -9 of everything');
  });

  test('in the end table and ledger are the same', async () => {
    clearInterval(load);
    await waitFor(async () => (await stored()) >= ledgerSize(), { what: 'the last rows' });
    const rows = await stack.allRows();
    const keys = rows.map((row) => `${row.providerId} ${row.entryId} ${row.ts}`).sort();
    const ledger = hosts
      .flatMap((host) => host.rows().map(({ row }) => `${host.id} ${row.id} ${toInstant(row.timestamp)}`))
      .sort();
    expect(keys).toEqual(ledger);
    expect(new Set(rows.map((row) => row.source))).toEqual(new Set(['boochat']));
    const gaps = (await (await fetch(`${stack.url}/api/gaps`)).json()) as { gaps: { kind: string }[] };
    expect(gaps.gaps.filter((gap) => gap.kind === 'lost')).toEqual([]);
  });
});
