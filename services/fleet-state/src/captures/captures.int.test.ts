import { CAPTURE_MAX_BYTES, type Capture, subjects } from '@boocontrol/contracts';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { fleetDatabase, type FleetDatabase } from '../testing/database.js';
import { capture, noon, NOON_MS } from '../testing/facts.js';
import { untold } from '../testing/projector.js';
import { captureSchema, CaptureStore } from './capture-store.js';

let database: FleetDatabase;
beforeAll(async () => {
  database = await fleetDatabase();
});
afterAll(() => database.drop());
beforeEach(() => database.clear());

const ofSize = (entryId: number, bytes: number): Capture => {
  const small = capture({ entryId, ts: noon(entryId * 1_000) });
  const rest = bytes - Buffer.byteLength(JSON.stringify(small));
  return { ...small, reqHeaders: { ...small.reqHeaders, 'user-agent': `test${'x'.repeat(rest)}` } };
};
const write = (store: CaptureStore, captures: Capture[]): Promise<void> =>
  store.write(
    captures.map((value, index) => ({
      subject: subjects.capture(value.providerId),
      seq: index + 1,
      timeMs: NOON_MS,
      deliveryCount: 1,
      value,
    })),
  );
const kept = async (): Promise<number[]> =>
  (
    await database.rows<{ id: number }>(`SELECT swap_entry_id::int AS id FROM fleet.captures ORDER BY ts`)
  ).map(({ id }) => id);

describe('the budget', () => {
  test('the oldest go first, to the byte, in whatever order they came', async () => {
    const store = new CaptureStore(database.source, 5_000, untold);
    await write(
      store,
      [3, 1, 5, 2, 4].map((entryId) => ofSize(entryId, 1_000)),
    );
    expect(await kept()).toEqual([1, 2, 3, 4, 5]);
    await write(store, [ofSize(6, 1_001)]);
    expect(await kept()).toEqual([3, 4, 5, 6]);
    await write(store, [ofSize(0, 600)]);
    expect(await kept()).toEqual([0, 3, 4, 5, 6]);
    await write(store, [ofSize(7, 5_001)]);
    expect(await kept()).toEqual([]);
  });

  test('what was pruned is remembered', async () => {
    const store = new CaptureStore(database.source, 2_000, untold);
    await write(
      store,
      [1, 2, 3].map((entryId) => ofSize(entryId, 1_000)),
    );
    const [mark] = await database.rows<{ same: boolean }>(
      `SELECT ts = $1::timestamptz AS same FROM fleet.watermarks WHERE name = 'captures_pruned'`,
      [noon(1_000)],
    );
    expect(mark).toEqual({ same: true });
  });

  test('a capture that comes again is there once', async () => {
    const store = new CaptureStore(database.source, 5_000, untold);
    await write(store, [ofSize(1, 1_000), ofSize(1, 1_000)]);
    await write(store, [ofSize(1, 1_000)]);
    expect(await kept()).toEqual([1]);
  });
});

test('what a capture message must be', () => {
  const schema = captureSchema(subjects.capture('tower'));
  expect(captureSchema(`${subjects.capture('tower')}.more`)).toBeNull();
  expect(schema?.safeParse(capture()).success).toBe(true);
  expect(schema?.safeParse(capture({ providerId: 'nas' })).success).toBe(false);
  expect(schema?.safeParse(ofSize(1, CAPTURE_MAX_BYTES)).success).toBe(true);
  expect(schema?.safeParse(ofSize(1, CAPTURE_MAX_BYTES + 1)).success).toBe(false);
});
