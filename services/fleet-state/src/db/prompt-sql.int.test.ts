import { promptOf } from '@boocontrol/fleet-model';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Request } from '@boocontrol/contracts';
import { fleetDatabase, type FleetDatabase } from '../testing/database.js';
import { messages, noon, request } from '../testing/facts.js';
import { testProjector } from '../testing/projector.js';
import { PROMPT_COUNTS, PROMPT_TOKENS } from './prompt-sql.js';

let database: FleetDatabase;
beforeAll(async () => {
  database = await fleetDatabase();
});
afterAll(() => database.drop());
beforeEach(() => database.clear());

const put = (rows: Request[]): Promise<void> =>
  testProjector(database.source).write(messages(rows.map((body) => ({ kind: 'request', body }))));
const read = (): Promise<object[]> =>
  database.db.rows(
    `SELECT (${PROMPT_TOKENS})::float8 AS "promptTokens", ${PROMPT_COUNTS} AS "promptCounts"
     FROM fleet.requests ORDER BY swap_entry_id`,
    [],
  );

const tokens = fc.option(fc.nat(50), { freq: 3 });
const rate = fc.option(fc.double({ min: 0, max: 500, noNaN: true }), { freq: 1 });
const counted = fc.record({
  inputTokens: tokens,
  cacheTokens: tokens,
  promptTps: rate,
  genTps: rate,
  reqPath: fc.constantFrom('/v1/chat/completions', '/v1/messages', '/v1/messages/x'),
});

test('rows that are older than the columns are read as everybody else reads them', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(counted, { minLength: 1, maxLength: 80 }), async (some) => {
      await database.clear();
      const rows = some.map((over, entryId) => request({ ...over, entryId, ts: noon(entryId) }));
      await put(rows);
      const stored = await read();
      await database.source.query(`UPDATE fleet.requests SET prompt_tokens = NULL, prompt_counts = NULL`);
      expect(await read()).toEqual(rows.map((row) => promptOf(row)));
      expect(stored).toEqual(await read());
    }),
    { numRuns: 15 },
  );
});

test('what the fact told stands', async () => {
  await put([request({ inputTokens: 1000, cacheTokens: 400, promptTokens: 1000, promptCounts: 'known' })]);
  expect(await read()).toEqual([{ promptTokens: 1000, promptCounts: 'known' }]);
});
