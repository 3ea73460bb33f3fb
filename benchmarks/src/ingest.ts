import { BUCKET, BUCKETS, bucketSubjects, subjects, type Provider } from '@boocontrol/contracts';
import { ensureBuckets } from '@boocontrol/platform';
import { createSimHost, type SimHost } from '@boocontrol/sim';
import { waitFor, withStack } from '@boocontrol/testing';
import { jetstream } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { benchBus, onTheLog } from './facts.js';
import { cpuMsOf, expectCount, perSecond, ratio, round, spentOn, table } from './measure.js';
import { RawPublisher } from './raw-publisher.js';

const HOSTS = 4;
const ROWS = 5_000;
const ALL = HOSTS * ROWS;
const PAGE = 500;

/** Hosts with a full ring that ingest has never seen: until their last row is on the log. */
export async function ingest(): Promise<void> {
  await withStack(['ingest'], async ({ nats }, services) => {
    const nc = await benchBus(nats);
    const hosts: SimHost[] = [];
    try {
      for (let i = 0; i < HOSTS; i++) hosts.push(await fullHost(i));
      const raw = await spentOn(() => fetchAndPublish(nc, hosts));
      expectCount('raw: rows on the log', await onTheLog(nc, subjects.fact('raw', 'request')), ALL);

      const pid = services.get('ingest')?.pid ?? 0;
      const cpuBefore = cpuMsOf(pid);
      const ours = await spentOn(async () => {
        for (const host of hosts) await register(nc, host);
        const stated = async (): Promise<boolean> =>
          (await onTheLog(nc, subjects.fact('*', 'request'))) >= 2 * ALL;
        await waitFor(stated, { what: 'the last row', timeoutMs: 60_000, everyMs: 20 });
      });
      const cpuMs = cpuMsOf(pid) - cpuBefore;
      expectCount('ingest: rows on the log', await onTheLog(nc, subjects.fact('*', 'request')), 2 * ALL);
      table(`ingest: ${HOSTS} hosts of ${ROWS} rows each`, [
        {
          way: 'raw fetch and publish, one process',
          'rows/s': perSecond(ALL, raw),
          'CPU µs/row': round((raw.cpuMs * 1000) / ALL),
          'of the limit': '1.00',
        },
        {
          way: 'ingest, from registration to the last fact',
          'rows/s': perSecond(ALL, ours),
          'CPU µs/row': round((cpuMs * 1000) / ALL),
          'of the limit': ratio(raw.ms, ours.ms),
        },
      ]);
    } finally {
      await nc.close();
      await Promise.all(hosts.map((host) => host.close()));
    }
  });
}

async function fullHost(i: number): Promise<SimHost> {
  const host = await createSimHost({
    id: `host-${i}`,
    generation: 'C',
    models: [{ id: 'chat' }],
    metricsMaxInMemory: ROWS,
    captureBufferMb: 0,
  });
  host.makeRows({ count: ROWS, source: 'bench' });
  return host;
}

/** The same pages, and a message for each row without looking at it. Its CPU includes that of the simulated hosts. */
async function fetchAndPublish(nc: NatsConnection, hosts: readonly SimHost[]): Promise<void> {
  const raw = new RawPublisher(nc);
  const subject = subjects.fact('raw', 'request');
  await Promise.all(
    hosts.map(async ({ id, url }) => {
      for (let page = 1; page <= ROWS / PAGE; page++) {
        const query = `limit=${PAGE}&page=${page}&sort=id&order=desc`;
        const answer = await fetch(`${url}/api/metrics/activity?${query}`);
        const { data } = (await answer.json()) as { data: { id: number }[] };
        for (const row of data) raw.publish(subject, JSON.stringify(row), `raw:${id}:${row.id}`);
      }
    }),
  );
  expectCount('raw: acknowledged', await raw.drain(), ALL);
}

async function register(nc: NatsConnection, { id, url }: SimHost): Promise<void> {
  const at = '2026-11-20T16:00:00.000000Z';
  const provider: Provider = {
    id,
    kind: 'llama-swap',
    baseUrl: url,
    label: id,
    enabled: true,
    tags: [],
    origin: 'api',
    createdAt: at,
    updatedAt: at,
  };
  await ensureBuckets(nc, BUCKETS);
  await jetstream(nc).publish(bucketSubjects.of(BUCKET.providers, id), JSON.stringify(provider));
}
