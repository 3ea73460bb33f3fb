import { instantFromMs } from '@boocontrol/fleet-model';
import { waitFor } from '@boocontrol/testing';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { dispatchesOf, dispatchId } from '../../testing/dispatches';
import { homeFleet, noFleet } from '../../testing/fleet';
import { busyGateways, inflightRoute } from '../../testing/under-way';
import { seriousViolations, useBrowser } from './browser';

const open = useBrowser();
const now = (): number => Date.now();
const PATH = { path: '/routing/' };
const PHONE = { width: 390, touch: true };

const grid = (page: Page) => page.getByRole('grid', { name: 'Requests to /v1, newest first' });
const row = (page: Page, n: number) => grid(page).getByRole('row').nth(n);

describe('requests to /v1', () => {
  it('are shown live on top, and when they end where they belong', async () => {
    const { page, server } = await open(homeFleet(now()), PATH);
    await row(page, 1).waitFor();
    const request = inflightRoute(7, now() - 4_000, { asked: 'auto:night', state: 'loading' });
    server.routing.inflight(request);
    await row(page, 1).getByText('loading').waitFor();
    await page.getByText('1 under way').waitFor();
    server.routing.inflight({ ...request, state: 'streaming' });
    await row(page, 1).getByText('streaming').waitFor();
    expect(await seriousViolations(page)).toEqual([]);
    const [like] = dispatchesOf(1, now());
    server.routing.end({
      ...like!,
      id: request.id,
      at: request.at,
      asked: 'auto:night',
      outcome: 'succeeded',
      error: null,
    });
    await row(page, 1).getByText('answered').waitFor();
    expect(await grid(page).getByText('auto:night').count()).toBe(1);
    await page.getByText('1 under way').waitFor({ state: 'detached' });
  });

  it('come page by page, a thousand of them, and are moved over by keyboard', async () => {
    const { page, server } = await open(homeFleet(now()));
    server.routing.dispatches = dispatchesOf(1_000, now()).map((fact, i) => ({
      ...fact,
      asked: `name-${i}`,
      at: instantFromMs(now() - 60_000 - i),
    }));
    await page.goto(`${page.url()}routing/`);
    await row(page, 1).getByText('name-0', { exact: true }).waitFor();
    await waitFor(
      async () => {
        await page.keyboard.press('End');
        return grid(page).getByText('name-999').isVisible();
      },
      { what: 'the oldest of a thousand', timeoutMs: 20_000 },
    );
    // Only what is in sight is in the page.
    expect(await grid(page).getByRole('row').count()).toBeLessThan(120);
    await page.keyboard.press('Home');
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'name-1' }).waitFor();
  });

  it('are filtered and ordered in the address, which a reload keeps', async () => {
    const { page, server } = await open(homeFleet(now()), PATH);
    await page.getByLabel('Only these policies').selectOption('code');
    await page.getByRole('button', { name: 'Failed over' }).click();
    const wanted = server.routing.dispatches.filter(
      ({ policy, attempts }) => policy?.name === 'code' && attempts.length > 1,
    ).length;
    const totals = page.getByLabel('Totals of this filter');
    await totals.getByText(`${wanted} request`).waitFor();
    expect(new URL(page.url()).search).toBe('?policy=code&over=yes');
    await page.getByRole('button', { name: 'Took' }).click();
    await page.waitForURL('**sort=-took');
    await page.reload();
    await totals.getByText(`${wanted} request`).waitFor();
    expect(await grid(page).getByRole('columnheader', { name: 'Took' }).getAttribute('aria-sort')).toBe(
      'descending',
    );
    await page.getByRole('button', { name: 'Clear' }).click();
    await totals.getByText('300 requests').waitFor();
    await page.getByLabel('Only these outcomes').selectOption('refused');
    await row(page, 1).getByText('refused').waitFor();
    await page.getByLabel('Only these names').selectOption({ index: 1 });
    await page.goto(`${new URL(page.url()).origin}/routing/?consumer=nobody-at-all`);
    await page.getByRole('heading', { name: 'No requests in the last 24 h match' }).waitFor();
    expect(await seriousViolations(page)).toEqual([]);
  });

  it('say why in a drawer of their own address', async () => {
    const { page } = await open(homeFleet(now()), { path: `/routing/?dispatch=${dispatchId(3)}` });
    const drawer = page.getByRole('dialog');
    await drawer.getByRole('region', { name: 'The choice' }).waitFor();
    await drawer.getByRole('region', { name: 'Its time' }).getByText('first content after').waitFor();
    await drawer.getByRole('region', { name: 'Left out' }).getByText('nas is not connected.').waitFor();
    expect(await seriousViolations(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await drawer.waitFor({ state: 'detached' });
    expect(new URL(page.url()).search).toBe('');
  });

  it('that are under way can be cancelled, and then say by whom', async () => {
    const { page, server } = await open(homeFleet(now()), PATH);
    server.routing.inflight(inflightRoute(7, now(), { asked: 'auto:night' }));
    await row(page, 1).getByText('auto:night').click();
    const drawer = page.getByRole('dialog', { name: 'auto:night' });
    await drawer.getByText('The answer is going out.').waitFor();
    expect(await seriousViolations(page)).toEqual([]);
    await drawer.getByRole('button', { name: 'Cancel the request' }).click();
    await drawer.getByText('The request was cancelled at the gateway, by browser.').waitFor();
    await page.getByText('The request is cancelled.').waitFor();
    expect(server.calls).toMatchObject([{ method: 'DELETE' }]);
    await row(page, 1).getByText('cancelled').waitFor();
    await page.keyboard.press('Escape');
    // One that has ended in the meantime.
    server.routing.inflight(inflightRoute(8, now(), { asked: 'auto:late' }));
    const button = page.getByRole('button', { name: 'Cancel the request for auto:late' });
    await button.waitFor();
    server.routing.gateways = [];
    await button.click();
    await page.getByText(/^No request with the id .* is under way\.$/).waitFor();
  });

  it('that nobody has sent yet: how to send one', async () => {
    const { page, base } = await open(noFleet(), PATH);
    await page.getByRole('heading', { name: 'No requests through /v1 in the last 24 h' }).waitFor();
    await page.getByText(`${base}/v1`, { exact: true }).waitFor();
    await page.getByText(`curl ${base}/v1/chat/completions`).waitFor();
    expect(await seriousViolations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Show all time' }).click();
    await page.getByRole('heading', { name: 'No requests through /v1 yet' }).waitFor();
  });

  it('that do not come: why, and again', async () => {
    const { page, server } = await open(homeFleet(now()));
    server.routing.listFails = { code: 'unavailable', message: 'The database is away.' };
    await page.goto(`${page.url()}routing/`);
    await page.getByText('The database is away.').waitFor();
    server.routing.listFails = null;
    await page.getByRole('main').getByRole('button', { name: 'Try again' }).last().click();
    await row(page, 1).waitFor();
  });
});

describe('the hosts behind /v1', () => {
  it('show who waits, what is left alone and until when; a host without anything is one line', async () => {
    const { page, server } = await open(homeFleet(now()), { path: '/routing/?what=hosts' });
    const host = (id: string) => page.locator(`li[data-provider="${id}"]`);
    await host('tower').getByText('nothing under way').waitFor();
    server.routing.show(busyGateways(now()));
    await host('tower').getByText('2 of 2').waitFor();
    await host('tower').getByText('4 wait, the longest 4.0 s').waitFor();
    await host('tower').getByText('opencode 3, boochat 1').waitFor();
    await host('laptop')
      .getByText(/^open, next try in \d+ s$/)
      .waitFor();
    await host('laptop').getByText('broke off the connection (ECONNRESET)').waitFor();
    await host('nas').getByText('half-open: the next request tries it').waitFor();
    await host('embedder').getByText('nothing under way').waitFor();
    expect(await seriousViolations(page)).toEqual([]);
    // What is wrong comes first.
    expect(await page.locator('li[data-provider]').first().getAttribute('data-provider')).toBe('laptop');
    await host('tower').getByText('2 of 2').click();
    await page.waitForURL('**/routing/?host=tower');
  });

  it('are what they were when the connection is lost, and say so', async () => {
    const { page, server } = await open(homeFleet(now()), { path: '/routing/?what=hosts' });
    server.routing.show(busyGateways(now()));
    await page.getByText('4 wait, the longest 4.0 s').waitFor();
    server.sayGoodbye();
    await page.getByText(/What is shown here is from/).waitFor();
    expect(await page.locator('.stale').count()).toBeGreaterThan(0);
    await page.getByText('4 wait, the longest 4.0 s').waitFor();
  });
});

describe('at every width, dark and light', () => {
  it.each(['/routing/', '/routing/?what=hosts', '/routing/?what=policies'])('%s', async (path) => {
    for (const [width, scheme] of [
      [390, 'light'],
      [768, 'dark'],
      [1024, 'light'],
    ] as const) {
      const { page, server } = await open(homeFleet(now()), { path, width, scheme });
      const long = `${'a-very-long-name-of-a-model-'.repeat(8)}Q4_K_M`;
      const [first, ...others] = busyGateways(now());
      const [breaker] = first!.breakers;
      server.routing.show([
        {
          ...first!,
          inflight: [inflightRoute(1, now(), { asked: `tower/${long}`, model: long })],
          breakers: [{ ...breaker!, model: long }],
        },
        ...others,
      ]);
      await page.getByRole('heading', { name: 'Routing' }).waitFor();
      if (path === '/routing/') await row(page, 1).getByText('streaming').waitFor();
      if (path.endsWith('hosts')) await page.getByText(/^open, next try/).waitFor();
      if (path.endsWith('policies')) await page.getByText('auto').first().waitFor();
      expect(await seriousViolations(page), `${width} ${scheme}`).toEqual([]);
      expect(
        await page.evaluate(() => document.documentElement.scrollWidth - innerWidth),
        `${width}`,
      ).toBeLessThanOrEqual(0);
    }
  });

  it('the why of a request fits a phone', async () => {
    const { page } = await open(homeFleet(now()), { path: `/routing/?dispatch=${dispatchId(3)}`, ...PHONE });
    await page.getByRole('region', { name: 'Left out' }).waitFor();
    expect(
      await page.getByRole('dialog').evaluate((box) => box.scrollWidth - box.clientWidth),
    ).toBeLessThanOrEqual(0);
  });
});
