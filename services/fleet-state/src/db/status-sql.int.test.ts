import { OUTCOMES, outcomeOf, passesStatus, STATUS_FILTERS } from '@boocontrol/contracts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fleetDatabase, type FleetDatabase } from '../testing/database.js';
import { passesStatusSql } from './status-sql.js';

let database: FleetDatabase;
beforeAll(async () => {
  database = await fleetDatabase();
});
afterAll(() => database.drop());

test('the database and everybody else agree on every status', async () => {
  const filters = [[], ...STATUS_FILTERS.map((filter) => [filter]), [...STATUS_FILTERS]];
  const columns = filters.map((each) => passesStatusSql(each)).join(', ');
  const rows = await database.db.rows<{ code: number; passing: boolean[] }>(
    `SELECT status_code AS code, ARRAY[${columns}] AS passing FROM generate_series(0, 999) AS status_code`,
    [],
  );
  expect(rows).toHaveLength(1000);
  for (const { code, passing } of rows) {
    expect(passing).toEqual(filters.map((each) => passesStatus(each, code)));
    expect(OUTCOMES.filter((outcome) => passing[1 + STATUS_FILTERS.indexOf(outcome)])).toEqual([
      outcomeOf(code),
    ]);
  }
});
