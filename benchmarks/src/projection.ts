import { subjects } from '@boocontrol/contracts';
import { PipelinedPublisher } from '@boocontrol/platform';
import { waitFor, withStack } from '@boocontrol/testing';
import { Client } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { benchBus, requestFact } from './facts.js';
import { cpuMsOf, expectCount, perSecond, ratio, round, spentOn, table } from './measure.js';

const FACTS = 60_000;

/** A backlog of request facts on the log, by the real fleet-state, against COPY of the same rows. */
export async function projection(): Promise<void> {
  await withStack([], async ({ nats, postgres, start }) => {
    const nc = await benchBus(nats);
    const db = new Client({ connectionString: postgres.url });
    await db.connect();
    try {
      await (await start('fleet-state')).stop(); // It makes the tables.
      const publisher = new PipelinedPublisher(nc);
      const subject = subjects.fact('bench', 'request');
      const beganMs = Date.now() - FACTS;
      const sent = Array.from({ length: FACTS }, (_, i) =>
        publisher.publish(subject, JSON.stringify(requestFact('bench', i, beganMs + i)), { msgId: `b:${i}` }),
      );
      await Promise.all(sent);
      publisher.close();

      const count = async (): Promise<number> =>
        (await db.query<{ n: number }>('SELECT count(*)::int AS n FROM fleet.requests')).rows[0]?.n ?? 0;
      // Counting the rows over and over would cost the database a tenth of its time.
      const isDone = async (): Promise<boolean> =>
        (
          await db.query<{ done: boolean }>(
            'SELECT held @> int8range(1, $1, $2) AS done FROM fleet.projections',
            [FACTS, '[]'],
          )
        ).rows[0]?.done ?? false;
      const service = start('fleet-state');
      service.catch(() => undefined);
      const first = await waitFor(count, { what: 'the first rows', timeoutMs: 30_000, everyMs: 5 });
      const ours = await spentOn(() =>
        waitFor(isDone, { what: 'the last row', timeoutMs: 60_000, everyMs: 20 }),
      );
      expectCount('rows in fleet.requests', await count(), FACTS);
      const cpuMs = cpuMsOf((await service).pid);

      const plain = await copy(db, 'bench_plain', '');
      const indexed = await copy(db, 'bench_indexed', 'INCLUDING INDEXES');
      const limit = perSecond(FACTS, plain);
      const row = (way: string, rate: number, cpu: string | number) => ({
        way,
        'rows/s': rate,
        'service CPU µs/row': cpu,
        'of the limit': ratio(rate, limit),
      });
      table(`projection: ${FACTS} facts`, [
        row('COPY into a hypertable without an index', limit, '-'),
        row('COPY into one with the same five indexes', perSecond(FACTS, indexed), '-'),
        row(
          'fleet-state, facts to rows (its start is in the CPU)',
          perSecond(FACTS - first, ours),
          round((cpuMs * 1000) / FACTS),
        ),
      ]);
    } finally {
      await db.end();
      await nc.close();
    }
  });
}

async function copy(db: Client, name: string, including: string): Promise<{ ms: number; cpuMs: number }> {
  await db.query(`CREATE TABLE ${name} (LIKE fleet.requests INCLUDING DEFAULTS ${including})`);
  await db.query(
    `SELECT create_hypertable('${name}', by_range('ts', INTERVAL '7 days'), create_default_indexes => false)`,
  );
  const { rows } = await db.query<{ line: string }>('SELECT r::text AS line FROM fleet.requests r');
  // A row as text is its columns as CSV in parentheses.
  const csv = rows.map(({ line }) => `${line.slice(1, -1)}\n`);
  const chunks = Array.from({ length: Math.ceil(csv.length / 1_000) }, (_, i) =>
    csv.slice(i * 1_000, (i + 1) * 1_000).join(''),
  );
  const spent = await spentOn(() =>
    pipeline(Readable.from(chunks), db.query(copyFrom(`COPY ${name} FROM STDIN WITH (FORMAT csv)`))),
  );
  const copied = await db.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${name}`);
  expectCount(`rows in ${name}`, copied.rows[0]?.n ?? 0, FACTS);
  return spent;
}
