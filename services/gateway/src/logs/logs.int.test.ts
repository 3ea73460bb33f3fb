import { LogLinesSchema, STREAM, subjects, type LogLines, type LogSource } from '@boocontrol/contracts';
import { instantFromMs } from '@boocontrol/fleet-model';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestGateway } from '../testing/gateway.js';
import { World } from '../testing/world.js';

let world: World;
let gateway: TestGateway;

beforeAll(async () => {
  world = await World.create();
  gateway = await world.gateway();
});
afterAll(async () => {
  await world?.stop();
});

const BEGIN_MS = Date.parse('2026-11-20T16:00:00Z');
const at = (ms: number): string => instantFromMs(BEGIN_MS + ms);

/** A line that ingest read `ms` after the beginning. */
async function put(providerId: string, source: LogSource, line: string, ms: number): Promise<void> {
  const message = JSON.stringify({ providerId, at: at(ms), source, line, cut: false });
  await world.bus.js.publish(subjects.log(providerId, source), message);
}

function pathOf(query: Record<string, string | number>): string {
  const params = Object.entries(query).map(([name, value]): [string, string] => [name, String(value)]);
  return `/api/logs?${new URLSearchParams(params).toString()}`;
}

async function page(query: Record<string, string | number>): Promise<LogLines> {
  const { status, body } = await gateway.get<LogLines>(pathOf(query));
  expect(status).toBe(200);
  return LogLinesSchema.parse(body);
}
const texts = ({ lines }: LogLines): string[] => lines.map(({ line }) => line);

describe('lines that are still kept', () => {
  it('come in the order in which they came, of both sources or of one, within the span', async () => {
    for (const [n, source] of (['proxy', 'upstream', 'upstream', 'proxy'] as const).entries())
      await put('attic', source, `line ${n}`, n * 1_000);
    await put('cellar', 'proxy', 'another host', 1_000);
    expect(texts(await page({ providerId: 'attic' }))).toEqual(['line 0', 'line 1', 'line 2', 'line 3']);
    expect(texts(await page({ providerId: 'attic', source: 'proxy' }))).toEqual(['line 0', 'line 3']);
    const within = await page({ providerId: 'attic', from: at(1_000), to: at(3_000) });
    expect(texts(within)).toEqual(['line 1', 'line 2']);
    expect(within.nextCursor).toBeNull();
    expect(within.kept.map(({ source }) => source)).toEqual(['proxy', 'upstream']);
  });

  it('come page by page, each line once', async () => {
    for (let n = 0; n < 25; n++) await put('pages', n % 3 === 0 ? 'proxy' : 'upstream', `line ${n}`, n);
    const shown: string[] = [];
    let cursor: string | null = null;
    do {
      const one = await page({ providerId: 'pages', limit: 7, ...(cursor === null ? {} : { cursor }) });
      expect(one.lines.length).toBeLessThanOrEqual(7);
      shown.push(...texts(one));
      cursor = one.nextCursor;
    } while (cursor !== null);
    expect(shown).toEqual(Array.from({ length: 25 }, (_, n) => `line ${n}`));
  });

  it('end a page early when they are long', async () => {
    for (let n = 0; n < 300; n++) void put('long', 'proxy', `${n} ${'x'.repeat(8_000)}`, n);
    await world.bus.nc.flush();
    const first = await page({ providerId: 'long', limit: 500 });
    expect(first.lines.length).toBeLessThan(300);
    expect(first.nextCursor).not.toBeNull();
    const second = await page({ providerId: 'long', limit: 500, cursor: first.nextCursor ?? '' });
    expect(texts(second)[0]?.split(' ')[0]).toBe(String(first.lines.length));
  });

  it('of a host that has none are none, and it is told since when that is known', async () => {
    const none = await page({ providerId: 'silent', source: 'upstream' });
    const { created } = await world.bus.jsm.streams.info(STREAM.logs);
    expect(none).toEqual({
      lines: [],
      nextCursor: null,
      kept: [{ source: 'upstream', since: expect.any(String) as string }],
    });
    expect(Date.parse(none.kept[0]?.since ?? '')).toBeGreaterThanOrEqual(Math.floor(Date.parse(created)));
  });
});

it('a log that is full says since when it is whole, and no other log loses by it', async () => {
  for (let n = 0; n < 2_100; n++) void put('busy', 'upstream', `line ${n}`, n);
  await world.bus.nc.flush();
  await put('busy', 'proxy', 'quiet', 0);
  const first = await page({ providerId: 'busy', source: 'upstream', limit: 1 });
  expect(texts(first)).toEqual(['line 100']);
  const oldest = await world.bus.jsm.streams.getMessage(STREAM.logs, { seq: first.lines[0]?.seq ?? 0 });
  expect(first.kept).toEqual([
    { source: 'upstream', since: instantFromMs(Date.parse(oldest?.timestamp ?? '')) },
  ]);
  const other = await page({ providerId: 'busy', source: 'proxy' });
  expect(texts(other)).toEqual(['quiet']);
  expect(other.kept[0]?.since).not.toBe(first.kept[0]?.since);
});

it('a question that cannot be answered says why', async () => {
  const code = async (query: Record<string, string | number>): Promise<unknown> => {
    const { status, error } = await gateway.call('GET', pathOf(query));
    return [status, error?.code];
  };
  expect(await code({ source: 'proxy' })).toEqual([400, 'validation']);
  expect(await code({ providerId: 'attic', source: 'kernel' })).toEqual([400, 'validation']);
  expect(await code({ providerId: 'attic', limit: 501 })).toEqual([400, 'validation']);
  expect(await code({ providerId: 'attic', from: at(5), to: at(1) })).toEqual([400, 'bad_range']);
  expect(await code({ providerId: 'attic', cursor: 'x' })).toEqual([400, 'bad_cursor']);
});

it('a cursor of a log that was begun anew is refused; the log goes on', async () => {
  await put('anew', 'proxy', 'one', 0);
  await put('anew', 'proxy', 'two', 1);
  const { nextCursor } = await page({ providerId: 'anew', limit: 1 });
  await world.bus.jsm.streams.delete(STREAM.logs);
  const gone = await gateway.call('GET', pathOf({ providerId: 'anew' }));
  expect([gone.status, gone.error?.code]).toEqual([503, 'unavailable']);
  await world.bus.prepare();
  await put('anew', 'proxy', 'three', 2);
  const refused = await gateway.call('GET', pathOf({ providerId: 'anew', cursor: nextCursor ?? '' }));
  expect([refused.status, refused.error?.code]).toEqual([400, 'bad_cursor']);
  expect(texts(await page({ providerId: 'anew' }))).toEqual(['three']);
});
