import { calls, type BenchRun, type BenchSchedule, type BenchTarget } from '@boocontrol/contracts';
import { MODEL } from '@boocontrol/stage';
import { waitFor } from '@boocontrol/testing';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { QUICK, Stage, suiteOf, type Host, type Replica } from '../testing/stage.js';
import { Admission } from '../runs/admission.js';
import { Scheduler } from './scheduler.js';

let stage: Stage;
let replicas: Replica[];
let host: Host;
let used: Host;
/** The clock of schedules; it moves when a test moves it. */
let nowMs = Date.parse('2030-05-01T00:00:00Z');
const at = (time: string): void => void (nowMs = Date.parse(time));

beforeAll(async () => {
  stage = await Stage.open();
  const first = await stage.service(QUICK, () => nowMs);
  replicas = [first, await stage.service(QUICK, () => nowMs)];
  host = await stage.host(first);
  used = await stage.host(first);
  for (const each of [host, used]) await known(each);
  await stage.ask(calls.saveBenchSuite, { name: 'night', suite: suiteOf({ repetitions: 1 }) });
});
afterAll(() => stage?.close());
beforeEach(() => db().query(`DELETE FROM bench.schedules`));

const db = () => stage.db(replicas[0] as Replica);
const targetOf = ({ id }: Host): BenchTarget => ({ providerId: id, model: MODEL.id });
/** Every replica admits it. */
const known = (of: Host): Promise<unknown> =>
  waitFor(
    async () => {
      const looks = replicas.map((each) => each.app.get(Admission).objectionTo(targetOf(of), false));
      return (await Promise.all(looks)).every((objection) => objection === null);
    },
    { what: `${of.id} to be known` },
  );
/** Every replica looks at the same time. */
const look = async (): Promise<void> => {
  const { signal } = new AbortController();
  await Promise.all(replicas.map((replica) => replica.app.get(Scheduler).round(signal)));
};
const save = (over: object = {}): Promise<BenchSchedule> =>
  stage.ask(calls.saveBenchSchedule, { suiteName: 'night', at: '03:30', targets: [targetOf(host)], ...over });
const only = async (): Promise<BenchSchedule | undefined> =>
  (await stage.ask(calls.benchSchedules, {})).schedules[0];
/** What could not be begun at once is tried again a little later. */
const AGAIN_MS = 6_000;
const settled = (dueAt: string): Promise<BenchSchedule> =>
  waitFor(
    async () => {
      await look();
      const found = await only();
      if (found?.last?.at === dueAt) return found;
      nowMs += AGAIN_MS;
      return undefined;
    },
    { what: `${dueAt} to be settled` },
  );
const runsOf = async ({ id }: BenchSchedule): Promise<BenchRun[]> => {
  const { open, ended } = await stage.ask(calls.benchRuns, {});
  return [...open, ...ended].filter(({ scheduleId }) => scheduleId === id);
};

test('a run begins once at each due time, however many processes look', async () => {
  at('2030-05-01T01:00:00Z');
  const made = await save({ timeZone: 'Europe/Berlin' });
  expect(made).toMatchObject({ nextAt: '2030-05-01T01:30:00.000000Z', last: null });
  await look();
  expect(await runsOf(made)).toEqual([]);
  at('2030-05-01T01:30:00Z');
  await Promise.all([look(), look(), look()]);
  const after = await settled('2030-05-01T01:30:00.000000Z');
  expect(after).toMatchObject({ nextAt: '2030-05-02T01:30:00.000000Z', last: { runs: 1, skipped: [] } });
  const runs = await runsOf(made);
  expect(runs.map(({ providerId, source }) => [providerId, source])).toEqual([[host.id, 'schedule']]);
  await stage.ended(runs[0]?.id ?? '');
});

test('a host that others use is left to them, and the reason is kept', async () => {
  at('2030-05-03T03:00:00Z');
  await db().query(
    `INSERT INTO bench.traffic (provider_id, source, model, last_at) VALUES ($1, 'opencode', 'one', clock_timestamp())
     ON CONFLICT (provider_id, source, model) DO UPDATE SET last_at = excluded.last_at`,
    [used.id],
  );
  const made = await save({
    targets: [targetOf(host), targetOf(used), { providerId: 'nowhere', model: 'm' }],
  });
  at('2030-05-03T03:30:10Z');
  const { last } = await settled('2030-05-03T03:30:00.000000Z');
  expect(last).toMatchObject({
    runs: 1,
    skipped: [
      { providerId: used.id, reason: { code: 'host_busy' } },
      { providerId: 'nowhere', reason: { code: 'unknown_provider' } },
    ],
  });
  expect(last?.skipped[0]?.reason.message).toContain('opencode');
  const runs = await runsOf(made);
  expect(runs.map(({ providerId }) => providerId)).toEqual([host.id]);
  await stage.ended(runs[0]?.id ?? '');
});

test('after a time without any process the last due time counts, unless it is over an hour ago', async () => {
  at('2030-05-04T00:00:00Z');
  const made = await save();
  at('2030-05-08T04:20:00Z');
  const late = await settled('2030-05-08T03:30:00.000000Z');
  expect([late.last?.runs, late.nextAt]).toEqual([1, '2030-05-09T03:30:00.000000Z']);
  await stage.ended((await runsOf(made))[0]?.id ?? '');
  at('2030-05-12T04:31:00Z');
  const tooLate = await settled('2030-05-09T03:30:00.000000Z');
  expect(tooLate.last).toMatchObject({ runs: 0, skipped: [], problem: { code: 'too_late' } });
  expect(tooLate.nextAt).toBe('2030-05-13T03:30:00.000000Z');
  expect(await runsOf(made)).toHaveLength(1);
});

test('what a process that was killed had begun is not begun again', async () => {
  at('2030-05-20T03:00:00Z');
  const made = await save();
  at('2030-05-20T03:30:00Z');
  await settled('2030-05-20T03:30:00.000000Z');
  await stage.ended((await runsOf(made))[0]?.id ?? '');
  // As if it had been killed between the two.
  await db().query(
    `UPDATE bench.schedules SET last = NULL, pending_at = '2030-05-20T03:30:00Z', pending_until = '2030-05-20T03:31:00Z',
       pending_since = (SELECT min(created_at) FROM bench.runs WHERE schedule_id = schedules.id)`,
  );
  await look();
  expect((await only())?.last).toBeNull();
  at('2030-05-20T03:31:00Z');
  expect((await settled('2030-05-20T03:30:00.000000Z')).last?.runs).toBe(1);
  expect(await runsOf(made)).toHaveLength(1);
});

test('one that is off is never due, and one whose suite has gone says so', async () => {
  at('2030-06-01T00:00:00Z');
  const off = await save({ enabled: false });
  expect(off.nextAt).toBeNull();
  at('2030-06-01T03:30:00Z');
  await look();
  expect((await only())?.last).toBeNull();
  at('2030-06-02T00:00:00Z');
  await stage.ask(calls.saveBenchSchedule, {
    id: off.id,
    suiteName: 'night',
    at: '03:30',
    targets: [targetOf(host)],
  });
  await db().query(`UPDATE bench.schedules SET input = jsonb_set(input, '{suiteName}', '"gone"')`);
  at('2030-06-02T03:30:00Z');
  expect((await settled('2030-06-02T03:30:00.000000Z')).last).toMatchObject({
    runs: 0,
    problem: { code: 'unknown_suite' },
  });
});

test('what could never run is refused', async () => {
  const refused = async (over: object): Promise<string> => {
    const body = { suiteName: 'night', at: '03:30', targets: [targetOf(host)], ...over };
    return (await stage.refused(calls.saveBenchSchedule, body)).code;
  };
  const id = 'c2a9e0f1-6d4b-4e8a-b1c7-9f8e7d6c5b40';
  expect(await refused({ id })).toBe('unknown_schedule');
  expect(await refused({ suiteName: 'gone' })).toBe('unknown_suite');
  expect(await refused({ timeZone: 'Mars/Olympus' })).toBe('unknown_time_zone');
  expect(await refused({ targets: [] })).toBe('nothing_to_measure');
  expect((await stage.refused(calls.removeBenchSchedule, { id })).code).toBe('unknown_schedule');
});

test('they are listed in pages, the next one first, and those that are off last', async () => {
  at('2030-07-01T00:00:00Z');
  const off = await save({ enabled: false });
  const late = await save({ at: '09:00' });
  const soon = await save({ at: '01:00' });
  const listed = (await stage.ask(calls.benchSchedules, {})).schedules;
  expect(listed.map(({ id }) => id)).toEqual([soon.id, late.id, off.id]);
  for (let n = 0; n < 100; n++) await save({ at: '05:00' });
  const first = await stage.ask(calls.benchSchedules, {});
  const second = await stage.ask(calls.benchSchedules, { cursor: first.nextCursor ?? '' });
  const ids = [...first.schedules, ...second.schedules].map(({ id }) => id);
  expect([ids.length, new Set(ids).size, ids.at(-1), second.nextCursor]).toEqual([103, 103, off.id, null]);
});
