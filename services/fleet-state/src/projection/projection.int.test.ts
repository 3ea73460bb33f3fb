import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { fleetDatabase, type FleetDatabase } from '../testing/database.js';
import {
  gap,
  gpu,
  liveness,
  messages,
  modelChanged,
  noon,
  perf,
  perfFact,
  request,
  requestFact,
} from '../testing/facts.js';
import type { Projector } from './projector.js';
import { testProjector } from '../testing/projector.js';

let database: FleetDatabase;
let projector: Projector;
beforeAll(async () => {
  database = await fleetDatabase();
  projector = testProjector(database.source);
});
afterAll(() => database.drop());
beforeEach(() => database.clear());

const count = async (table: string): Promise<number> =>
  (await database.rows<{ count: number }>(`SELECT count(*)::int AS count FROM ${table}`))[0]?.count ?? -1;

describe('facts to rows', () => {
  test('a request keeps every figure, its microseconds and what was not reported', async () => {
    const ts = '2026-11-20T12:00:00.123456Z';
    await projector.write(messages([requestFact({ ts, entryId: 7, genTps: null, outputTokens: null })]));
    const [row] = await database.rows(
      `SELECT provider_id, swap_entry_id, to_char(ts AT TIME ZONE 'UTC', 'HH24:MI:SS.US') AS time, model, source,
         req_path, status_code, duration_ms, cache_tokens, input_tokens, output_tokens, prompt_tps, gen_tps,
         has_capture, error_msg FROM fleet.requests`,
    );
    expect(row).toEqual({
      provider_id: 'tower',
      swap_entry_id: '7',
      time: '12:00:00.123456',
      model: 'qwen3-8b',
      source: 'boochat',
      req_path: '/v1/chat/completions',
      status_code: 200,
      duration_ms: 1_500,
      cache_tokens: '10',
      input_tokens: '100',
      output_tokens: null,
      prompt_tps: 1_000,
      gen_tps: null,
      has_capture: false,
      error_msg: null,
    });
  });

  test('the same facts again, in other batches and another order, change nothing', async () => {
    const facts = [
      ...Array.from({ length: 50 }, (_, i) => requestFact({ entryId: i, ts: noon(i * 1_000) })),
      ...Array.from({ length: 50 }, (_, i) => perfFact({ ts: noon(i * 5_000) })),
      { kind: 'model-changed' as const, body: modelChanged() },
      { kind: 'gap' as const, body: gap() },
      { kind: 'gap' as const, body: gap({ reason: 'capture_lost' }) },
      { kind: 'liveness' as const, body: liveness() },
      { kind: 'liveness' as const, body: liveness({ attempt: 3 }) },
      { kind: 'liveness' as const, body: liveness({ state: 'connecting', since: noon(9_000) }) },
    ];
    const all = messages(facts);
    await projector.write([...all, ...all]);
    await projector.write(all.toReversed());
    await projector.write(all.filter((_, index) => index % 3 === 0));
    expect(await count('fleet.requests')).toBe(50);
    expect(await count('fleet.perf_samples')).toBe(50);
    const events = await database.rows<{ state: string }>(
      `SELECT state FROM fleet.model_events ORDER BY state, ts`,
    );
    expect(events.map(({ state }) => state)).toEqual([
      'gap_suspected',
      'gap_suspected',
      'host_connected',
      'ready',
    ]);
  });

  test('an entry id that starts again with its host is another row', async () => {
    await projector.write(
      messages([requestFact({ entryId: 1, ts: noon() }), requestFact({ entryId: 1, ts: noon(1) })]),
    );
    expect(await count('fleet.requests')).toBe(2);
  });

  test('text that PostgreSQL cannot store does not cost its request', async () => {
    const errorMsg = 'upstream said \0\ud83e and closed';
    await projector.write(messages([requestFact({ errorMsg }), requestFact({ entryId: 2 })]));
    const rows = await database.rows<{ error_msg: string }>(
      `SELECT error_msg FROM fleet.requests ORDER BY swap_entry_id`,
    );
    expect(rows).toEqual([{ error_msg: 'upstream said \ufffd\ufffd and closed' }, { error_msg: null }]);
  });

  test('a sample without GPU or system reading has SQL nulls', async () => {
    await projector.write(
      messages([
        { kind: 'perf', body: perf({ gpus: null }) },
        { kind: 'perf', body: perf({ ts: noon(5_000), gpus: [gpu()], sys: null }) },
      ]),
    );
    const rows = await database.rows(
      `SELECT gpu IS NULL AS no_gpu, sys IS NULL AS no_sys FROM fleet.perf_samples ORDER BY ts`,
    );
    expect(rows).toEqual([
      { no_gpu: true, no_sys: false },
      { no_gpu: false, no_sys: true },
    ]);
  });

  test('a batch with one row that PostgreSQL refuses writes nothing: it is all or none', async () => {
    const batch = messages([requestFact(), requestFact({ entryId: 2, ts: '2026-02-30T00:00:00.000000Z' })]);
    await expect(projector.write(batch)).rejects.toThrow(/out of range/);
    expect(await count('fleet.requests')).toBe(0);
  });

  test.each([
    ['requests', 'fleet.requests', (n: number) => requestFact({ entryId: n, ts: noon(n) })],
    ['samples', 'fleet.perf_samples', (n: number) => perfFact({ ts: noon(n * 1_000) })],
    [
      'events',
      'fleet.model_events',
      (n: number) => ({ kind: 'model-changed' as const, body: modelChanged({ at: noon(n) }) }),
    ],
  ])(
    'replicas that write the same %s in other orders do not block each other',
    async (_what, table, fact) => {
      // Enough that the two are surely at it together.
      const all = messages(Array.from({ length: 20_000 }, (_, n) => fact(n)));
      await projector.write(all.slice(0, 1)); // Else one queues up behind the other, which makes the chunk.
      await Promise.all([projector.write(all), projector.write(all.toReversed())]);
      expect(await count(table)).toBe(20_000);
    },
  );

  test('the host’s own source and model text is kept as it is', async () => {
    const body = request({ model: 'org/model:q4', source: 'unattributed' });
    await projector.write(messages([{ kind: 'request', body }]));
    expect(await database.rows(`SELECT model, source FROM fleet.requests`)).toEqual([
      { model: 'org/model:q4', source: 'unattributed' },
    ]);
  });
});

test('tables, columns and keys that other tools rely on', async () => {
  const columns = await database.rows<{ table: string; columns: string[] }>(
    `SELECT table_name AS table, array_agg(column_name::text) AS columns FROM information_schema.columns
     WHERE table_schema = 'fleet' GROUP BY 1`,
  );
  const of = (table: string): string[] => columns.find((entry) => entry.table === table)?.columns ?? [];
  const promised = {
    hosts:
      'provider_id kind base_url os gpu_label ssh_host ssh_user ssh_key_path config_path restart_cmd enabled',
    requests:
      'provider_id swap_entry_id ts model source req_path status_code duration_ms cache_tokens input_tokens output_tokens prompt_tps gen_tps has_capture error_msg',
    captures: 'provider_id swap_entry_id ts body',
    perf_samples: 'provider_id ts gpu sys',
    perf_rollup_5m: 'provider_id bucket gpu_agg sys_agg',
    model_events: 'provider_id model state ts detail',
  };
  for (const [table, names] of Object.entries(promised)) {
    expect(of(table), table).toEqual(expect.arrayContaining(names.split(' ')));
  }
  const hypertables = await database.rows<{ name: string }>(
    `SELECT hypertable_name AS name FROM timescaledb_information.hypertables ORDER BY 1`,
  );
  expect(hypertables.map(({ name }) => name)).toEqual(['model_events', 'perf_samples', 'requests']);
});
