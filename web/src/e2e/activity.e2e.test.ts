import { instantFromMs, toActivityRow } from '@boocontrol/fleet-model';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { homeFleet, type MadeFleet } from '../../testing/fleet';
import type { FixtureServer } from '../../testing/server';
import { seriousViolations, useBrowser } from './browser';

const open = useBrowser();
const now = (): number => Date.now();
const rows = (page: Page) => page.locator('[data-testid=feed-row][data-kind=row]');

let nextEntry = 500_000;
function finish(server: FixtureServer, made: MadeFleet, model: string): void {
  const ts = instantFromMs(now());
  const like = made.requests.find(
    ({ statusCode, providerId }) => statusCode === 200 && providerId === 'tower',
  );
  if (!like) throw new Error('the made-up fleet has no finished request on tower');
  server.push('request', { ...like, at: ts, ts, endedAt: ts, entryId: nextEntry++, model });
}

describe('the activity page', () => {
  it('shows requests under way, then finished ones, and new ones as they end', async () => {
    const made = homeFleet(now());
    const { page, server } = await open(made, { path: '/activity/' });
    await rows(page).first().waitFor();
    expect(await page.locator('[data-kind=running]').count()).toBe(3);
    await page.getByLabel('Totals of this filter').getByText('1,200 requests').waitFor();
    await page.getByLabel('Totals of this filter').getByText('Last 24 h').waitFor();
    finish(server, made, 'just-now-Q4_K_M');
    await page.getByRole('gridcell', { name: 'just-now-Q4_K_M' }).waitFor();
    await page.getByText(/^Mac Studio: requests .* may be missing: the host restarted/).waitFor();
  });

  it('holds new rows back while one reads further down, and lets them in on demand', async () => {
    const made = homeFleet(now());
    const { page, server } = await open(made, { path: '/activity/' });
    await rows(page).first().waitFor();
    await page.mouse.move(700, 500);
    await page.mouse.wheel(0, 1500);
    await page.getByRole('button', { name: 'Follow' }).waitFor();
    for (const n of [1, 2, 3]) finish(server, made, `held-${n}`);
    await page.getByRole('button', { name: '3 new' }).click();
    await page.getByRole('gridcell', { name: 'held-3' }).waitFor();
    expect(await page.getByRole('gridcell', { name: /^held-/ }).count()).toBe(3);
  });

  it('asks for older pages as one scrolls, without doubles', async () => {
    const { page } = await open(homeFleet(now()), { path: '/activity/' });
    await rows(page).first().waitFor();
    const seen = new Set<string>();
    await page.mouse.move(700, 500);
    await expect
      .poll(
        async () => {
          await page.mouse.wheel(0, 1200);
          for (const key of await rows(page).evaluateAll((all) =>
            all.map((row) => row.getAttribute('data-key')),
          )) {
            if (key) seen.add(key);
          }
          return seen.size;
        },
        { timeout: 20_000, interval: 50 },
      )
      .toBeGreaterThan(250);
  });

  it('is worked by keyboard: filter, move, open, walk on, close', async () => {
    const { page } = await open(homeFleet(now()), { path: '/activity/' });
    await rows(page).first().waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('host tow');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Remove filter host Tower' }).waitFor();
    expect(new URL(page.url()).searchParams.getAll('host')).toEqual(['tower']);
    await page.keyboard.press('Escape');
    await expect
      .poll(() => rows(page).evaluateAll((all) => all.map((row) => row.children[1]?.textContent)))
      .toSatisfy((hosts: string[]) => hosts.length > 0 && hosts.every((host) => host === 'Tower'));
    for (let step = 0; step < 6; step++) await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    const drawer = page.getByRole('dialog');
    await drawer.getByText('Ended').waitFor();
    const first = new URL(page.url()).searchParams.get('open');
    await page.keyboard.press('j');
    await expect.poll(() => new URL(page.url()).searchParams.get('open')).not.toBe(first);
    await page.keyboard.press('Escape');
    await drawer.waitFor({ state: 'detached' });
    expect(new URL(page.url()).searchParams.getAll('host')).toEqual(['tower']);
  });

  it('goes over the last 24 hours, and over all time only on demand', async () => {
    const { page } = await open(homeFleet(now()), { path: '/activity/' });
    await rows(page).first().waitFor();
    const range = page.getByRole('button', { name: /^Time range/ });
    const totals = page.getByLabel('Totals of this filter');
    const choose = async (name: string): Promise<void> => {
      await range.click();
      await page.getByRole('dialog', { name: 'Time range' }).getByRole('button', { name }).click();
    };
    await totals.getByText('Last 24 h').waitFor();
    await choose('All time');
    await totals.getByText('All time').waitFor();
    expect(new URL(page.url()).search).toBe('?range=all');
    await choose('Last 24 h');
    await totals.getByText('Last 24 h').waitFor();
    expect(new URL(page.url()).search).toBe('');
  });

  it('goes over a range of the past, which is in the address and survives a reload', async () => {
    const { page } = await open(homeFleet(now()), { path: '/activity/' });
    await rows(page).first().waitFor();
    await page.getByRole('button', { name: /^Time range/ }).press('Enter');
    const panel = page.getByRole('dialog', { name: 'Time range' });
    await panel.getByLabel('From').fill('2026-11-20T10:00');
    await panel.getByLabel('To').fill('2026-11-20T09:00');
    await panel.getByRole('button', { name: 'Show this range' }).click();
    await panel.getByText('The end must be after the beginning.').waitFor();
    await panel.getByLabel('To').fill('2026-11-20T12:00');
    await panel.getByRole('button', { name: 'Show this range' }).click();
    await panel.waitFor({ state: 'detached' });
    expect(new URL(page.url()).searchParams.get('from')).toMatch(/^2026-11-20T/);
    await page.reload();
    await page.getByRole('button', { name: 'Time range: 20 Nov 10:00 to 12:00' }).waitFor();
    expect(await page.locator('[data-kind=running]').count()).toBe(0);
  });

  it('opens a capture by its address: conversation, raw JSON, headers', async () => {
    const made = homeFleet(now());
    const chat = made.requests.find(
      ({ hasCapture, entryId, reqPath }) =>
        hasCapture && entryId % 7 !== 0 && reqPath === '/v1/chat/completions',
    );
    const key = toActivityRow(chat!).key;
    const { page } = await open(made, { path: `/activity/?open=${key}` });
    const drawer = page.getByRole('dialog');
    await drawer.getByText('Explain a ring buffer in two sentences, with code.').waitFor();
    await drawer.getByText(/^A ring buffer keeps the last N items: writes go to head/).waitFor();
    await drawer.getByText('const ring = new Array<number>(1024);').waitFor();
    await drawer.getByRole('button', { name: 'Raw' }).click();
    await drawer.getByText('"temperature"').first().waitFor();
    await drawer.getByRole('button', { name: 'Headers' }).click();
    await drawer.getByText('[REDACTED]').waitFor();
    expect(await seriousViolations(page)).toEqual([]);
  });

  it('gives what is filtered as files', async () => {
    const { page } = await open(homeFleet(now()), { path: '/activity/?host=tower&status=failed' });
    await rows(page).first().waitFor();
    await page.getByRole('button', { name: 'Export' }).click();
    const link = page.getByRole('dialog', { name: 'Export' }).getByRole('link', { name: 'JSON Lines' });
    const href = new URL((await link.getAttribute('href')) ?? '', page.url());
    expect([
      href.pathname,
      ...['format', 'providerId', 'status'].map((name) => href.searchParams.get(name)),
    ]).toEqual(['/api/activity/export', 'jsonl', 'tower', 'failed']);
    expect(await seriousViolations(page)).toEqual([]);
  });

  it('has nothing serious for axe in light: a request, the range, suggestions', async () => {
    const { page } = await open(homeFleet(now()), { path: '/activity/', scheme: 'light' });
    await rows(page).first().click();
    await page.getByRole('dialog').getByText('Ended').waitFor();
    expect(await seriousViolations(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: /^Time range/ }).press('Enter');
    await page.getByRole('dialog', { name: 'Time range' }).waitFor();
    expect(await seriousViolations(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.keyboard.press('/');
    await page.keyboard.type('q');
    await page.getByRole('listbox').waitFor();
    expect(await seriousViolations(page)).toEqual([]);
  });

  it('says in words that a capture is gone or was never kept', async () => {
    const made = homeFleet(now());
    const gone = made.requests.find(({ hasCapture, entryId }) => hasCapture && entryId % 7 === 0);
    const { page, base } = await open(made, { path: `/activity/?open=${toActivityRow(gone!).key}` });
    await page.getByText('The capture is gone.').waitFor();
    const none = made.requests.find(({ hasCapture }) => !hasCapture);
    await page.goto(`${base}/activity/?open=${toActivityRow(none!).key}`);
    await page.getByText('The host kept no capture of this request.').waitFor();
  });

  it('fits a phone, and axe finds nothing serious there or on the desktop', async () => {
    const made = homeFleet(now());
    for (const [width, scheme] of [
      [1440, 'dark'],
      [1440, 'light'],
      [390, 'dark'],
    ] as const) {
      const { page } = await open(made, { path: '/activity/', width, scheme });
      await rows(page).first().waitFor();
      expect(await seriousViolations(page)).toEqual([]);
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      expect(overflow).toBeLessThanOrEqual(0);
      const cut = await page
        .getByLabel('Totals of this filter')
        .evaluate((line) => line.scrollHeight - line.clientHeight);
      expect(cut, `totals at ${width} px`).toBeLessThanOrEqual(0);
    }
  });
});
