import type { Request } from '@boocontrol/contracts';
import { instantFromMs, toActivityRow } from '@boocontrol/fleet-model';
import type { Locator, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { homeFleet, type MadeFleet } from '../../testing/fleet';
import { seriousViolations, useBrowser } from './browser';

const open = useBrowser();
/** When the last model of each made-up host became ready, before the fleet was made. */
const LAST_READY_MS = 400_000;

const addressOf = (request: Request, show?: string): string =>
  `/activity/?open=${encodeURIComponent(toActivityRow(request).key)}${show ? `&show=${show}` : ''}`;

/** A request on a host that ended so long ago, put where it belongs among the others. */
function put(made: MadeFleet, endedAgoMs: number, over: Partial<Request>): Request {
  const like = made.requests.find(
    ({ hasCapture, statusCode, entryId, reqPath }) =>
      hasCapture && statusCode === 200 && entryId % 7 !== 0 && reqPath === '/v1/chat/completions',
  );
  if (!like) throw new Error('the made-up fleet has no captured chat');
  const ts = instantFromMs(Date.now() - endedAgoMs);
  // Every seventh of the made-up bodies is gone.
  const entryId = 700_001 + made.requests.length * 7;
  const request = { ...like, ts, at: ts, endedAt: ts, entryId, ...over };
  made.requests.push(request);
  made.requests.sort((a, b) => (a.ts < b.ts ? 1 : -1));
  return request;
}
async function openStory(page: Page): Promise<Locator> {
  const drawer = page.getByRole('dialog');
  await drawer.getByText('Ended', { exact: true }).waitFor();
  return drawer;
}

describe('why a request took so long', () => {
  it('is told: the load of its model, the prompt, the answer, and what is not known', async () => {
    const made = homeFleet(Date.now());
    const [first] = made.fleet.hosts['tower']?.models ?? [];
    // Its model was loading for nine seconds, which ended LAST_READY_MS before.
    const slow = put(made, LAST_READY_MS - 10_000, {
      providerId: 'tower',
      model: first?.id ?? '',
      durationMs: 25_000,
      cacheTokens: 0,
      inputTokens: 4_000,
      outputTokens: 101,
      promptTps: 2_000,
      genTps: 20,
    });
    const { page } = await open(made, { path: addressOf(slow) });
    const spent = (await openStory(page)).getByTestId('time-spent');
    await spent.getByText(/^loading the model [89]\.\d s/).waitFor();
    await spent.getByText('reading the prompt 2.0 s, 4,000 new tokens').waitFor();
    await spent.getByText('generating 5.0 s, 101 tokens').waitFor();
    await spent.getByText('Whether it waited at the host for a place is not told.').waitFor();
    expect(await seriousViolations(page)).toEqual([]);
  });

  it('is left open where the host told no speeds', async () => {
    const made = homeFleet(Date.now());
    const untold = put(made, 60_000, { promptTps: null, genTps: null, durationMs: 40_000 });
    const { page } = await open(made, { path: addressOf(untold) });
    const spent = (await openStory(page)).getByTestId('time-spent');
    await spent.getByText('the rest 40.0 s').waitFor();
    await spent.getByText(/The host told no speeds/).waitFor();
    expect(await spent.getByText(/generating \d/).count()).toBe(0);
  });
});

describe('what else happened meanwhile', () => {
  it('has those that ended in its time and those that ran longer; each opens its own story', async () => {
    const made = homeFleet(Date.now());
    made.requests = [];
    const own = put(homeFleet(Date.now()), 120_000, { providerId: 'tower', durationMs: 40_000 });
    made.requests.push(own);
    const like = { ...own, statusCode: 200 };
    const ended = {
      ...like,
      entryId: 1,
      ts: instantFromMs(Date.now() - 140_000),
      durationMs: 5_000,
      model: 'ended-in-it',
    };
    const longer = {
      ...like,
      entryId: 2,
      ts: instantFromMs(Date.now() - 90_000),
      durationMs: 200_000,
      model: 'ran-longer',
    };
    const before = { ...like, entryId: 3, ts: instantFromMs(Date.now() - 170_000), model: 'ended-before' };
    const elsewhere = { ...ended, entryId: 4, providerId: 'workstation', model: 'elsewhere' };
    made.requests = [longer, own, ended, elsewhere, before];
    const { page } = await open(made, { path: addressOf(own, 'meanwhile') });
    const drawer = await openStory(page);
    await drawer.getByText('2 others ran on Tower in that time').waitFor();
    expect(await drawer.getByTestId('other-request').locator('.font-mono.truncate').allInnerTexts()).toEqual([
      'ran-longer',
      'ended-in-it',
    ]);
    expect(await seriousViolations(page)).toEqual([]);
    await drawer.getByTestId('other-request').first().click();
    await drawer.getByRole('heading', { name: 'ran-longer' }).waitFor();
    // The same view of the other one, and back again.
    expect(new URL(page.url()).searchParams.get('show')).toBe('meanwhile');
    await page.goBack();
    await drawer.getByText('2 others ran on Tower in that time').waitFor();
  });

  it('comes page by page when it is much', async () => {
    const made = homeFleet(Date.now());
    const own = put(made, 120_000, { providerId: 'tower', durationMs: 60_000 });
    const atMs = Date.parse(own.ts);
    made.requests = [
      own,
      ...Array.from({ length: 70 }, (_, i) => ({
        ...own,
        entryId: 1_000 + i,
        ts: instantFromMs(atMs - 100 * (i + 1)),
        durationMs: 50,
      })),
    ];
    const { page } = await open(made, { path: addressOf(own, 'meanwhile') });
    const drawer = await openStory(page);
    await drawer.getByText('49 others and more').waitFor();
    await drawer.getByRole('button', { name: 'Those that ended earlier' }).click();
    await drawer.getByText('70 others ran').waitFor();
    expect(await drawer.getByTestId('other-request').count()).toBe(70);
  });

  it('says so when nothing did, tells the loads around it, and what is missing', async () => {
    const made = homeFleet(Date.now());
    const alone = put(made, LAST_READY_MS - 10_000, { providerId: 'tower', durationMs: 200_000 });
    made.requests = [alone];
    const { page } = await open(made, { path: addressOf(alone, 'meanwhile') });
    const drawer = await openStory(page);
    await drawer.getByText('Nothing else ran on Tower in that time.').waitFor();
    await drawer.getByRole('region', { name: 'Its models' }).getByText('was ready').waitFor();
    await drawer
      .getByRole('region', { name: 'What is missing' })
      .getByText(/could not be followed from/)
      .waitFor();
    await drawer
      .getByTestId('time-spent')
      .getByText(/the host could not be followed all the time/)
      .waitFor();
  });

  it('says so when the history does not answer, and asks again', async () => {
    const made = homeFleet(Date.now());
    const own = put(made, 120_000, { providerId: 'tower' });
    const { page } = await open(made, { path: addressOf(own) });
    const drawer = await openStory(page);
    const asked = (url: URL): boolean => url.pathname === '/api/activity' && url.searchParams.has('ran');
    await page.route(asked, (route) => route.fulfill({ status: 503, body: '{}' }));
    await drawer.getByRole('button', { name: 'Meanwhile' }).click();
    const others = drawer.getByRole('region', { name: 'Other requests' });
    const again = others.getByRole('button', { name: 'Try again' });
    await again.waitFor();
    await page.unroute(asked);
    await again.click();
    await others.getByText(/in that time/).waitFor();
  });
});

describe('the log of its time', () => {
  it('has the lines of its host, of both sources or of one, and leads to Logs', async () => {
    const made = homeFleet(Date.now());
    const own = put(made, 120_000, { providerId: 'tower', durationMs: 40_000 });
    const { page, server } = await open(made, { path: '/activity/' });
    const atMs = Date.parse(own.ts);
    server.logs.add('tower', 'proxy', ['long before'], atMs - 90_000);
    server.logs.add('tower', 'proxy', ['[INFO] Request begins'], atMs - 39_000);
    server.logs.add('tower', 'upstream', ['\u001b[32mslot\u001b[0m launch <b>hostile</b>'], atMs - 20_000);
    server.logs.add('nas', 'proxy', ['of another host'], atMs - 20_000);
    await page.goto(new URL(addressOf(own, 'log'), page.url()).href);
    const drawer = await openStory(page);
    const lines = drawer.getByRole('list', { name: 'Lines of the log' }).getByRole('listitem');
    await lines.first().waitFor();
    expect(await lines.locator('bdi').allInnerTexts()).toEqual([
      '[INFO] Request begins',
      'slot launch <b>hostile</b>',
    ]);
    expect(await lines.locator('time').allInnerTexts()).toEqual(['+1.0 s', '+20.0 s']);
    await drawer.getByRole('button', { name: 'upstream' }).click();
    await expect.poll(() => lines.count()).toBe(1);
    expect(await seriousViolations(page)).toEqual([]);
    expect(await drawer.getByRole('link', { name: 'Open in Logs' }).getAttribute('href')).toBe(
      '/logs/?host=tower',
    );
  });

  it('comes page by page', async () => {
    const made = homeFleet(Date.now());
    const own = put(made, 120_000, { providerId: 'tower', durationMs: 40_000 });
    const { page, server } = await open(made, { path: '/activity/' });
    const texts = Array.from({ length: 450 }, (_, n) => `line ${n}`);
    server.logs.add('tower', 'upstream', texts, Date.parse(own.ts) - 10_000);
    await page.goto(new URL(addressOf(own, 'log'), page.url()).href);
    const drawer = await openStory(page);
    for (const many of [200, 400, 450]) {
      await expect.poll(() => drawer.getByTestId('story-log').locator('bdi').count()).toBe(many);
      if (many < 450) await drawer.getByRole('button', { name: 'Later lines' }).click();
    }
    expect(await drawer.getByTestId('story-log').locator('bdi').allInnerTexts()).toEqual(texts);
  });

  it('is told from nothing logged when its lines have left the log', async () => {
    const made = homeFleet(Date.now());
    const own = put(made, 3_600_000, { providerId: 'tower', durationMs: 40_000 });
    const { page, server } = await open(made, { path: addressOf(own, 'log') });
    const drawer = await openStory(page);
    await drawer.getByText('Nothing was logged in that time.').waitFor();
    for (const source of ['proxy', 'upstream'] as const)
      server.logs.add(
        'tower',
        source,
        Array.from({ length: 2_000 }, (_, n) => `newer ${n}`),
        Date.now(),
      );
    await page.reload();
    await drawer.getByText(/Lines of that time have left the log/).waitFor();
    expect(await drawer.getByText('Nothing was logged').count()).toBe(0);
  });
});

describe('a request as curl', () => {
  it('goes into the clipboard, to its host and through /v1, without its secrets', async () => {
    const made = homeFleet(Date.now());
    const own = put(made, 120_000, { providerId: 'tower' });
    const { page, base } = await open(made, { path: addressOf(own, 'headers') });
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    const drawer = await openStory(page);
    const clipboard = (): Promise<string> => page.evaluate(() => navigator.clipboard.readText());
    await drawer.getByRole('button', { name: 'Copy as curl, through /v1' }).click();
    await expect.poll(clipboard).toContain(`curl -N ${base}/v1/chat/completions`);
    await drawer.getByText(/what begins with \$ is to be set in the shell/).waitFor();
    await drawer.getByRole('button', { name: 'Copy as curl, to Tower' }).click();
    const baseUrl = made.providers.find(({ id }) => id === 'tower')?.baseUrl ?? '';
    await expect.poll(clipboard).toContain(`curl -N ${baseUrl}/v1/chat/completions`);
    expect(await clipboard()).toContain('"authorization: Bearer $API_KEY"');
    expect(await clipboard()).not.toContain('REDACTED');
  });
});

it('a story fits a phone', async () => {
  const made = homeFleet(Date.now());
  const own = put(made, 120_000, { providerId: 'tower' });
  for (const show of ['conversation', 'meanwhile', 'log']) {
    const { page } = await open(made, { path: addressOf(own, show), width: 390, touch: true });
    await openStory(page);
    expect(await seriousViolations(page)).toEqual([]);
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(overflow).toBeLessThanOrEqual(0);
  }
});
