import { calls, type ActivityRow, type Capture } from '@boocontrol/contracts';
import { captureText } from '@boocontrol/fleet-model';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { z } from 'zod';
import { totals } from '../totals/totals.repository.js';
import { fleetDatabase, type FleetDatabase } from '../testing/database.js';
import { capture, messages, noon, request } from '../testing/facts.js';
import { captureMessages, stored } from '../testing/captures.js';
import { testProjector, untold } from '../testing/projector.js';
import { CaptureStore } from '../captures/capture-store.js';
import { activityPage, activityPageSql } from './activity.repository.js';

let database: FleetDatabase;
beforeAll(async () => {
  database = await fleetDatabase();
});
afterAll(() => database.drop());
beforeEach(() => database.clear());

type Query = z.input<typeof calls.activity.request>;
const page = (over: Query): ReturnType<typeof activityPage> =>
  activityPage(database.db, calls.activity.request.parse(over));
const ids = async (over: Query): Promise<number[]> =>
  (await page(over)).rows.map(({ entryId }) => entryId).toSorted((a, b) => a - b);
const shown = ({ found }: ActivityRow): string =>
  `${found?.in}: ${found?.parts.map(({ text, hit }) => (hit ? `[${text}]` : text)).join('')}`;

/** Rows and captures of chats: what was asked, and what came as a stream; the later ones are newer. */
async function put(chats: readonly (readonly [asked: string, answered: string])[]): Promise<void> {
  await testProjector(database.source).write(
    messages(
      chats.map((_, n) => ({
        kind: 'request',
        body: request({
          entryId: n,
          ts: noon(n * 1_000),
          hasCapture: true,
          model: n % 2 === 0 ? 'even' : 'odd',
        }),
      })),
    ),
  );
  await new CaptureStore(database.source, 1e9, untold).write(
    captureMessages(
      chats.map(([asked, answered], n) => stored({ entryId: n, ts: noon(n * 1_000), asked, answered })),
    ),
  );
}

describe('what is found', () => {
  beforeEach(() =>
    put([
      ['Where is the boiler?', 'In the cellar, on the left side.'],
      ['Read src/boiler.ts', 'It calls get_weather("Köln").'],
      ['The CELLAR door', 'Which door?'],
      ['東京タワーの高さは？', '333 meters'],
      ["Robert'); DROP TABLE fleet.captures; --", "a \\ b : * & | ! ( ) < > '"],
    ]),
  );

  test.each([
    ['a word, in capitals or not', 'Cellar', [0, 2]],
    ['of the answer as of the prompt', 'left where', [0]],
    ['a part of a name', 'boiler', [0, 1]],
    ['a name as a whole', 'boiler.ts', [1]],
    ['a name that a tool has', 'GET_WEATHER', [1]],
    ['letters of any language', 'KÖLN', [1]],
    ['a row of characters where there are no spaces', 'タワー', [3]],
    ['words next to each other', '"on the left"', [0]],
    ['and not apart', '"the left on"', []],
    ['nor over the end of the one text', '"side where"', []],
    ['without', 'cellar -door', [0]],
    ['or', 'meters or door', [2, 3]],
    ['what is no part of a word', 'boil', []],
    ['what is SQL to others', "Robert'); DROP TABLE", [4]],
    ['what is an operator to others', "'a' <-> 'b' & !(", [4]],
  ])('%s', async (_what, text, expected) => {
    expect(await ids({ text })).toEqual(expected);
  });

  test('together with all other filters, page by page', async () => {
    expect(await ids({ text: 'the', model: ['even'] })).toEqual([0, 2]);
    expect(await ids({ text: 'the', from: noon(1_000) })).toEqual([2]);
    expect(await ids({ text: 'the', to: noon(1_000) })).toEqual([0]);
    expect(await ids({ text: 'the', status: ['failed'] })).toEqual([]);
    const first = await page({ text: 'boiler', limit: 1 });
    expect(first.rows.map(({ entryId }) => entryId)).toEqual([1]);
    const second = await page({ text: 'boiler', limit: 1, cursor: first.nextCursor ?? '' });
    expect([second.rows.map(({ entryId }) => entryId), second.nextCursor]).toEqual([[0], null]);
  });

  test('is shown where it stands, and what there is to search in', async () => {
    const { rows, searched } = await page({ text: 'cellar or boiler' });
    expect(rows.map(shown)).toEqual([
      'prompt: The [CELLAR] door',
      'prompt: Read src/[boiler].ts',
      'answer: In the [cellar], on the left side.',
    ]);
    expect(searched).toEqual({ since: noon(), unread: 0 });
    expect(await page({})).not.toHaveProperty('searched');
  });

  test('adds up', async () => {
    const query = calls.totals.request.parse({ text: 'boiler' });
    expect((await totals(database.db, query)).groups).toMatchObject([{ requests: 2 }]);
  });

  test('nothing, where nothing can be looked for', async () => {
    for (const text of ['-cellar', '?!', '"" or', 'x '.repeat(40)])
      await expect(page({ text })).rejects.toMatchObject({ code: 'bad_text' });
  });
});

describe('the text that is shown', () => {
  test('is short, of the place where most is, and marks are none of its own', async () => {
    const filler = 'lorem ipsum '.repeat(1_000);
    await put([[`${filler}alpha ${filler}<b>alpha</b>\n\n beta & gamma ${filler}`, 'no']]);
    const { rows } = await page({ text: 'alpha beta gamma' });
    expect(rows.map(shown).join()).toMatch(
      /^prompt: … (?:lorem |ipsum )+<b>\[alpha\]<\/b> \[beta\] & \[gamma\] (?:lorem |ipsum )+\S* …$/,
    );
    expect(rows.map(shown).join().length).toBeLessThan(260);
  });

  test('is found behind what PostgreSQL can count', async () => {
    const filler = Array.from({ length: 20_000 }, (_, n) => `w${n}`).join(' ');
    await put([[`${filler} the very last words`, 'no']]);
    expect(await ids({ text: '"very last words"' })).toEqual([0]);
    expect(await ids({ text: '"w19999 the"' })).toEqual([0]);
  });
});

test('a search goes by the index of words, or by time, and never through all captures', async () => {
  const asked = (n: number): string => `${n % 1_000 === 0 ? 'rare' : 'common'} ${'lorem ipsum '.repeat(400)}`;
  await put(Array.from({ length: 2_000 }, (_, n) => [asked(n), 'yes']));
  await database.source.query('VACUUM ANALYZE fleet.captures');
  const plan = async (text: string): Promise<string> => {
    const { sql, params } = activityPageSql(calls.activity.request.parse({ text }));
    const lines = await database.rows<{ 'QUERY PLAN': string }>(`EXPLAIN ${sql}`, params);
    return lines.map((line) => line['QUERY PLAN']).join('\n');
  };
  expect(await plan('rare')).toContain('captures_words');
  expect(await plan('common')).toMatch(/Index Scan Backward using captures_by_age/);
  for (const text of ['rare', 'common', 'none', '"common lorem"'])
    expect(await plan(text)).not.toContain('Seq Scan on captures');
});

test('no capture is too strange or too long to be stored', async () => {
  const bodies = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 300 }),
    fc.json(),
    fc
      .string({ unit: 'binary', maxLength: 50 })
      .map((text) => JSON.stringify({ messages: [{ role: 'user', content: text }] })),
    fc.constantFrom(
      '\0',
      '\ud800',
      'a'.repeat(200_000),
      '\u{1d4b3}'.repeat(5_000),
      Array.from({ length: 60_000 }, (_, n) => n.toString(36)).join(' '),
      Array.from({ length: 50_000 }, (_, n) => String.fromCodePoint(0x4e00 + (n % 20_000))).join(''),
      'x '.repeat(120_000),
      "'\\:*&|!()<->' ".repeat(1_000),
    ),
  );
  const store = new CaptureStore(database.source, 1e9, untold);
  let entryId = 0;
  const kept = (over: Partial<Capture>): Capture =>
    capture({ entryId: entryId++, ts: noon(entryId), ...over });
  const utf8 = (data: string): NonNullable<Capture['reqBody']> => ({
    encoding: 'utf8',
    data,
    bytes: data.length,
    cut: false,
  });
  await fc.assert(
    fc.asyncProperty(bodies, bodies, async (asked, answered) => {
      const one = kept({ reqBody: utf8(asked), respBody: utf8(answered) });
      await store.write(captureMessages([one]));
      const [row] = await database.rows<{ prompt: string; answer: string; read: boolean }>(
        `SELECT prompt_text AS prompt, answer_text AS answer, words IS NOT NULL AS read
         FROM fleet.captures WHERE swap_entry_id = $1`,
        [one.entryId],
      );
      expect(row).toEqual({ ...captureText(one), read: true });
    }),
    { numRuns: 150 },
  );
});
