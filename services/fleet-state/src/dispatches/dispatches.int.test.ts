import {
  calls,
  DIRECT,
  subjects,
  type ActivityRow,
  type Request,
  type RouteAttempt,
  type RouteFact,
} from '@boocontrol/contracts';
import { activityKey, instantFromMs, rowsOfDispatch } from '@boocontrol/fleet-model';
import type { BusMessage } from '@boocontrol/platform';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { activityPage } from '../activity/activity.repository.js';
import { CaptureStore } from '../captures/capture-store.js';
import type { RowSpan } from '../projection/new-rows.js';
import { fleetDatabase, type FleetDatabase } from '../testing/database.js';
import { attempt, capture, dispatch, messages, noon, NOON_MS, request } from '../testing/facts.js';
import { testPosition, testProjector } from '../testing/projector.js';
import { totals } from '../totals/totals.repository.js';
import { joinHost } from './join-host.js';
import { DispatchWriter } from './dispatch-writer.js';

/** Against the tables alone: facts of both logs in any order, joined after each step as the service does. */
let database: FleetDatabase;
beforeAll(async () => {
  database = await fleetDatabase();
});
afterAll(() => database.drop());
beforeEach(() => database.clear());

const news = {
  touched: [] as [string, RowSpan][],
  tell: (providerId: string, span: RowSpan): void => void news.touched.push([providerId, span]),
};
async function joined(): Promise<void> {
  for (const [providerId, span] of news.touched.splice(0))
    await database.source.transaction((tx) => joinHost(tx, providerId, span));
}
async function putRows(...rows: Request[]): Promise<void> {
  await testProjector(database.source, news).write(messages(rows.map((body) => ({ kind: 'request', body }))));
  await joined();
}
async function putDispatches(facts: readonly RouteFact[], firstSeq = 1): Promise<void> {
  const writer = new DispatchWriter(database.source, testPosition(database.source), news);
  const batch = facts.map((value, i): BusMessage<RouteFact> => ({
    subject: subjects.route(DIRECT),
    seq: firstSeq + i,
    timeMs: NOON_MS,
    deliveryCount: 1,
    value,
  }));
  await writer.write(batch);
  await joined();
}
const page = async (over: { dispatchId?: string } = {}): Promise<ActivityRow[]> =>
  calls.activity.reply.parse(await activityPage(database.db, calls.activity.request.parse(over))).rows;
const joinsOf = (rows: readonly ActivityRow[]): object =>
  Object.fromEntries(
    rows.map((row) => [row.entryId, [row.dispatchId, row.dispatch?.attempt, row.dispatch?.joined]]),
  );

const [A, B] = ['0199f7a1-6f0e-4c3a-9d2b-00000000000a', '0199f7a1-6f0e-4c3a-9d2b-00000000000b'];

test('a row whose headers name the request is joined exactly, whichever came first', async () => {
  await putRows(request({ entryId: 1, dispatchId: A }));
  expect(joinsOf(await page())).toEqual({ 1: [A, undefined, undefined] });
  await putDispatches([dispatch({ id: A }), dispatch({ id: B, at: noon(1_000) })]);
  await putRows(request({ entryId: 2, ts: noon(1_500), dispatchId: B }));
  expect(joinsOf(await page())).toEqual({ 1: [A, 1, 'exact'], 2: [B, 1, 'exact'] });
  expect(joinsOf(await page({ dispatchId: B }))).toEqual({ 2: [B, 1, 'exact'] });
});

test('a prompt that changed is on the same stream: nothing is written of it, and it counts as read', async () => {
  const position = testPosition(database.source);
  await position.open({ created: noon(0), firstSeq: 1, firstAt: noon(0) }, false);
  const message = { timeMs: NOON_MS, deliveryCount: 1 };
  await new DispatchWriter(database.source, position, news).write([
    { ...message, subject: subjects.drift, seq: 1, value: null },
    { ...message, subject: subjects.route(DIRECT), seq: 2, value: dispatch({ id: A }) },
    { ...message, subject: subjects.drift, seq: 3, value: null },
  ]);
  expect(await position.firstHole(3)).toBe(null);
  await putRows(request({ entryId: 1, dispatchId: A }));
  expect(joinsOf(await page())).toEqual({ 1: [A, 1, 'exact'] });
});

test('a guess is corrected by a body that comes later', async () => {
  await putDispatches([dispatch({ id: A })]);
  await putRows(
    request({ entryId: 1, hasCapture: true }),
    request({ entryId: 2, ts: noon(2_000), hasCapture: true }),
  );
  expect(joinsOf(await page())).toMatchObject({ 1: [A, 1, 'matched'], 2: [null, undefined, undefined] });
  const store = new CaptureStore(database.source, 50_000_000, news);
  const put = async (entryId: number, ts: string, reqHeaders: Record<string, string>): Promise<void> => {
    const value = capture({ entryId, ts, reqHeaders });
    await store.write([
      { subject: subjects.capture('tower'), seq: entryId, timeMs: 0, deliveryCount: 1, value },
    ]);
    await joined();
  };
  await put(2, noon(2_000), { 'X-Boo-Request-Id': A.toUpperCase() });
  expect(joinsOf(await page())).toEqual({ 1: [null, undefined, undefined], 2: [A, 1, 'exact'] });
  await put(1, noon(), { 'user-agent': 'curl/8' });
  await putDispatches([dispatch({ id: B })], 2);
  expect(joinsOf(await page())).toMatchObject({ 1: [null, undefined, undefined] });
});

test('a request that failed over has a row at each host that took it', async () => {
  const attempts = [
    attempt({ providerId: 'nas', outcome: 'refused', status: null, durationMs: 1 }),
    attempt({ providerId: 'shed', outcome: 'status', status: 503, startedAt: noon(10), durationMs: 40 }),
    attempt({ providerId: 'tower', startedAt: noon(60) }),
  ];
  await putDispatches([dispatch({ id: A, attempts })]);
  await putRows(
    request({
      providerId: 'shed',
      entryId: 5,
      statusCode: 503,
      ts: noon(50),
      durationMs: 40,
      outputTokens: 0,
    }),
    request({ providerId: 'tower', entryId: 6, ts: noon(1_560) }),
  );
  const rows = await page({ dispatchId: A });
  expect(joinsOf(rows)).toEqual({ 5: [A, 2, 'matched'], 6: [A, 3, 'matched'] });
  expect(rows.map(({ dispatch: of }) => of?.attempts)).toEqual([3, 3]);
});

test('requests alike and at once: each row is one attempt’s and each attempt one row’s, in any order and doubled', async () => {
  const ids = Array.from({ length: 5 }, (_, i) => `0199f7a1-6f0e-4c3a-9d2b-00000000010${i}`);
  const facts = ids.map((id, i) => dispatch({ id, attempts: [attempt({ startedAt: noon(i * 3) })] }));
  const rows = [0, 1, 2, 3, 4, 5].map((i) =>
    request({ entryId: i, ts: noon(1_500 + i * 3), dispatchId: i === 2 ? ids[4] : undefined }),
  );
  let expected: object | null = null;
  const steps = [...facts.map((fact) => ({ fact })), ...rows.map((row) => ({ row }))];
  await fc.assert(
    fc.asyncProperty(
      fc.shuffledSubarray([...steps, ...steps], { minLength: steps.length * 2 }),
      async (order) => {
        await database.clear();
        for (const step of order) await ('fact' in step ? putDispatches([step.fact]) : putRows(step.row));
        const all = await page();
        const joins = joinsOf(all);
        const taken = all.flatMap(({ dispatchId }) => dispatchId ?? []);
        expect(taken.toSorted()).toEqual(ids);
        expect(all.find(({ entryId }) => entryId === 2)?.dispatch?.joined).toBe('exact');
        expected ??= joins;
        expect(joins).toEqual(expected);
      },
    ),
    { numRuns: 6 },
  );
});

const service = (over: Partial<RouteAttempt> = {}): RouteAttempt =>
  attempt({ providerId: 'deepseek', providerKind: 'openai', ...over });

test('a provider that tells of no requests has a row for each attempt that was sent, once', async () => {
  const cut = service({ outcome: 'incomplete', startedAt: noon(3_000), message: 'ended the stream' });
  const facts = [
    dispatch({
      id: A,
      attempts: [
        service({ outcome: 'refused' }),
        service({
          outcome: 'status',
          status: 429,
          startedAt: noon(5),
          durationMs: 20,
          message: 'answered 429',
        }),
        service({ startedAt: noon(30) }),
      ],
    }),
    dispatch({
      id: B,
      attempts: [cut],
      outcome: 'incomplete',
      promptTokens: null,
      outputTokens: null,
      cacheTokens: null,
    }),
  ];
  await putDispatches(facts, 7);
  const rows = await page();
  expect(rows).toEqual(
    facts
      .flatMap((fact, i) => rowsOfDispatch(fact, 7 + i))
      .toSorted((a, b) => (a.ts < b.ts ? 1 : -1))
      .map((row) => ({ ...row })),
  );
  expect(
    rows.map(({ entryId, statusCode, outputTokens, dispatch: of }) => [
      entryId,
      statusCode,
      outputTokens,
      of?.outcome,
    ]),
  ).toEqual([
    [8, 200, null, 'incomplete'],
    [7, 200, 50, 'answered'],
    [7, 429, null, 'status'],
  ]);
  // The same facts again: as they were, and from a log that began anew.
  await putDispatches(facts, 7);
  await putDispatches(facts, 1);
  expect((await page()).map(({ key }) => key)).toEqual(rows.map(({ key }) => key));
  const sums = await totals(database.db, calls.totals.request.parse({ groupBy: ['provider'] }));
  expect(sums.groups).toMatchObject([
    { providerId: 'deepseek', requests: 3, outputTokens: 50, promptTokens: 110 },
  ]);
});

test('another request under the sequence of a log that was wiped is another row', async () => {
  await putDispatches([dispatch({ id: A, attempts: [service()] })], 1);
  await putDispatches([dispatch({ id: B, attempts: [service({ startedAt: noon(60_000) })] })], 1);
  const rows = await page();
  expect(rows.map(({ entryId, dispatchId }) => [entryId, dispatchId])).toEqual([
    [1, B],
    [1, A],
  ]);
  expect(new Set(rows.map((row) => activityKey(row))).size).toBe(2);
});

test('joins change no sum', async () => {
  const sums = (): Promise<unknown> => totals(database.db, calls.totals.request.parse({}));
  await putRows(
    request({ entryId: 1, dispatchId: A }),
    request({ entryId: 2, ts: instantFromMs(NOON_MS + 9_000) }),
  );
  const before = await sums();
  await putDispatches([
    dispatch({ id: A }),
    dispatch({ id: B, attempts: [attempt({ startedAt: noon(7_500) })] }),
  ]);
  expect(joinsOf(await page())).toMatchObject({ 1: [A, 1, 'exact'], 2: [B, 1, 'matched'] });
  expect(await sums()).toEqual(before);
});
