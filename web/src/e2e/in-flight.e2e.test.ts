import type { InflightRequest } from '@boocontrol/contracts';
import { instantFromMs } from '@boocontrol/fleet-model';
import type { Locator, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { homeFleet, largeFleet, noFleet } from '../../testing/fleet';
import { liveness } from '../../testing/hosts';
import type { FixtureServer } from '../../testing/server';
import { inflightRoute } from '../../testing/under-way';
import { seriousViolations, useBrowser } from './browser';

const open = useBrowser();
const now = (): number => Date.now();
const PATH = { path: '/activity/?what=in-flight' };

const grid = (page: Page): Locator =>
  page.getByRole('grid', { name: 'Requests in flight, the longest first' });
const rows = (page: Page): Locator =>
  grid(page)
    .getByRole('row')
    .filter({ hasNot: page.getByRole('columnheader') });
const row = (page: Page, model: string): Locator => rows(page).filter({ hasText: model });

const entry = (id: string, model: string, over: Partial<InflightRequest> = {}): InflightRequest => ({
  id,
  startedAt: instantFromMs(now() - 20_000),
  model,
  reqPath: '/v1/chat/completions',
  method: 'POST',
  source: 'boochat',
  remoteIp: null,
  respBytes: 4_200,
  dispatchId: null,
  ...over,
});
/** What a host has under way from now on. */
function tell(
  server: FixtureServer,
  providerId: string,
  requests: InflightRequest[],
  total = requests.length,
): void {
  server.push('inflight', { providerId, at: instantFromMs(now()), total, requests });
}

describe('what is in flight', () => {
  it('is listed over all hosts, the longest first, with who asked, for how long and how much is answered', async () => {
    const { page, server } = await open(homeFleet(now()), PATH);
    await rows(page).first().waitFor();
    tell(server, 'tower', [entry('1', 'told-long-ago', { startedAt: instantFromMs(now() - 190_000) })]);
    tell(server, 'workstation', [
      entry('1', 'told-of-late', { respBytes: null, startedAt: instantFromMs(now() - 9_000) }),
    ]);
    await row(page, 'told-of-late').waitFor();
    await expect.poll(() => rows(page).count()).toBe(2);
    expect(await rows(page).first().innerText()).toMatch(
      /3 min[^]*running[^]*told-long-ago[^]*Tower[^]*boochat[^]*direct[^]*4\.2 kB/,
    );
    expect(await seriousViolations(page)).toEqual([]);
    tell(server, 'tower', []);
    await row(page, 'told-long-ago').waitFor({ state: 'detached' });
  });

  it('has a request that came through /v1 once, though its host lists it too', async () => {
    const { page, server } = await open(homeFleet(now()), PATH);
    await rows(page).first().waitFor();
    const route = inflightRoute(3, now() - 20_000, {
      providerId: 'tower',
      model: 'qwen3-32b-Q4_K_M',
      source: 'opencode',
    });
    tell(server, 'tower', [
      entry('1', 'qwen3-32b-Q4_K_M', { dispatchId: route.id, source: 'opencode' }),
      entry('2', 'beside-it'),
    ]);
    tell(server, 'workstation', []);
    server.routing.inflight(route);
    await row(page, 'beside-it').waitFor();
    await expect.poll(() => rows(page).count()).toBe(2);
    expect(await row(page, 'qwen3-32b').innerText()).toMatch(/streaming[^]*\/v1/);
    await page.getByText('3 requests in flight').waitFor();
    await row(page, 'qwen3-32b').getByText('qwen3-32b-Q4_K_M').click();
    await page.waitForURL(`**/routing/?dispatch=${route.id}`);
  });

  it('is counted where a host lists nothing, and not known where nobody is connected', async () => {
    const { page, server } = await open(homeFleet(now()), PATH);
    const unknowns = page.getByTestId('unknowns');
    await unknowns.getByText(/Mac Studio: 1 request, not listed by this host/).waitFor();
    tell(server, 'tower', [entry('1', 'gone-with-its-host')]);
    await row(page, 'gone-with-its-host').waitFor();
    server.push(
      'liveness',
      liveness('tower', now(), { state: 'down', lastSeenAt: instantFromMs(now() - 240_000) }),
    );
    await unknowns
      .getByText(/Tower is not connected, last seen 4 min ago: what runs there is not known/)
      .waitFor();
    expect(await row(page, 'gone-with-its-host').count()).toBe(0);
    expect(await seriousViolations(page)).toEqual([]);
  });

  it('is cancelled by the gateway it came through, or by its host after a question', async () => {
    const { page, server } = await open(homeFleet(now()), PATH);
    await rows(page).first().waitFor();
    const route = inflightRoute(4, now() - 5_000, { model: 'through-v1' });
    tell(server, 'tower', [entry('17', 'straight-there')]);
    server.routing.inflight(route);
    await row(page, 'through-v1').getByRole('button', { name: 'Cancel the request of through-v1' }).click();
    await expect
      .poll(() => server.calls.map(({ method, path }) => `${method} ${path}`))
      .toContain(`DELETE /api/routing/inflight/${route.id}`);
    await row(page, 'straight-there')
      .getByRole('button', { name: 'Cancel the request of straight-there' })
      .click();
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /^Cancel/ })
      .first()
      .waitFor();
  });

  it('is led to from the figure on top, and from the page of requests and back', async () => {
    const { page } = await open(homeFleet(now()), { path: '/activity/' });
    await page.getByRole('link', { name: /In flight/ }).click();
    await rows(page).first().waitFor();
    const views = page.getByRole('group', { name: 'What is shown' });
    await views.getByRole('button', { name: 'Requests' }).click();
    await page.getByTestId('feed-row').first().waitFor();
    await views.getByRole('button', { name: 'In flight' }).click();
    await rows(page).first().waitFor();
    expect(new URL(page.url()).searchParams.get('what')).toBe('in-flight');
  });

  it('is nothing, which is said', async () => {
    const { page } = await open(noFleet(), PATH);
    await page.getByText('Nothing is in flight').waitFor();
    expect(await seriousViolations(page)).toEqual([]);
  });

  it('stays light with a thousand hosts and five hundred requests', async () => {
    const { page, server } = await open(largeFleet(1_000, now()), PATH);
    const ids = Object.keys(server.fleet.hosts);
    await page
      .getByText(/in flight/)
      .first()
      .waitFor();
    for (const [n, providerId] of ids.slice(0, 500).entries())
      tell(server, providerId, [entry('1', `model-${n}`, { startedAt: instantFromMs(now() - n * 1_000) })]);
    await page.getByText(/model-499/).waitFor();
    // Only what is in sight is in the page.
    expect(await rows(page).count()).toBeLessThan(120);
  });

  it('fits a phone', async () => {
    const { page } = await open(homeFleet(now()), { ...PATH, width: 390, touch: true });
    await rows(page).first().waitFor();
    expect(await seriousViolations(page)).toEqual([]);
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(overflow).toBeLessThanOrEqual(0);
  });
});
