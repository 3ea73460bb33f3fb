import { instantFromMs } from '@boocontrol/fleet-model';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { homeFleet, noFleet, type MadeFleet } from '../../testing/fleet';
import { kindsFleet } from '../../testing/kinds';
import { seriousViolations, useBrowser } from './browser';

const open = useBrowser();
const now = (): number => Date.now();
const table = (page: Page) => page.getByRole('grid', { name: 'Consumers' });
const figure = (page: Page) => page.getByRole('group', { name: 'Figure' });
const first = (page: Page) => table(page).getByRole('row').nth(1);

/** A home in which one consumer alone had a host for long. */
function withNight(): MadeFleet {
  const made = homeFleet(now());
  const like = made.requests.find(({ statusCode }) => statusCode === 200);
  if (!like) throw new Error('the made-up fleet has no finished request');
  const ts = instantFromMs(now() - 3_600_000);
  made.requests.push({
    ...like,
    source: 'night-job',
    entryId: 900_000,
    ts,
    endedAt: ts,
    durationMs: 36_000_000,
  });
  return made;
}

describe('the page of consumers', () => {
  it('tells who had the most of the GPUs, and leads to their requests', async () => {
    const { page } = await open(withNight(), { path: '/consumers/' });
    await first(page).getByText('night-job').waitFor();
    await page.getByRole('region', { name: 'Tokens, prompts and generated' }).waitFor();
    await table(page).getByRole('button', { name: 'Requests' }).click();
    await page.waitForURL('**/consumers/?sort=-requests');
    await table(page).getByRole('link', { name: 'night-job' }).click();
    await page.waitForURL('**/activity/?consumer=night-job');
    await page.getByRole('button', { name: 'Remove filter consumer night-job' }).waitFor();
    await page.getByLabel('Totals of this filter').getByText('1 request', { exact: true }).waitFor();
  });

  it('shows each figure over time, and says what GPU time is; the range is in the address', async () => {
    const { page } = await open(withNight(), { path: '/consumers/?range=6h' });
    await first(page).waitFor();
    await figure(page).getByRole('button', { name: 'GPU time' }).click();
    await page.waitForURL('**/consumers/?range=6h&show=time');
    await page.getByRole('region', { name: 'Share of GPU time' }).waitFor();
    await page.getByText(/^How long its requests took on llama-swap hosts/).waitFor();
    await page.reload();
    await page.getByRole('region', { name: 'Share of GPU time' }).waitFor();
    await figure(page).getByRole('button', { name: 'Cache hits' }).click();
    await page.getByRole('region', { name: 'Prompt tokens from the cache' }).waitFor();
    await first(page).click();
    await page.waitForURL(/\/activity\/\?consumer=.*&range=6h$/);
  });

  it('counts no time of services as that of GPUs', async () => {
    const made = kindsFleet(now());
    const { page, server } = await open(made, { path: '/consumers/?show=time' });
    await first(page).waitFor();
    await page.getByRole('region', { name: 'Share of GPU time' }).waitFor();
    const hosts = made.providers.filter(({ kind }) => kind === 'llama-swap').map(({ id }) => id);
    const asked = server.answered.filter(({ url }) => url.searchParams.has('bucketS')).map(({ url }) => url);
    expect(asked.at(-1)?.searchParams.getAll('providerId')).toEqual(hosts);
  });

  it('says that there were none, and offers all time', async () => {
    const { page } = await open(noFleet(), { path: '/consumers/' });
    await page.getByRole('heading', { name: 'No requests in the last 24 h' }).waitFor();
    await page.getByRole('button', { name: 'Show all time' }).click();
    await page.getByRole('heading', { name: 'No requests so far' }).waitFor();
    expect(await seriousViolations(page)).toEqual([]);
  });

  it('fits a phone, and axe finds nothing serious there or on the desktop', async () => {
    for (const [width, scheme] of [
      [1440, 'dark'],
      [1440, 'light'],
      [390, 'dark'],
    ] as const) {
      const { page } = await open(withNight(), { path: '/consumers/', width, scheme });
      await first(page).waitFor();
      await page.getByRole('region', { name: 'Tokens, prompts and generated' }).waitFor();
      expect(await seriousViolations(page)).toEqual([]);
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      expect(overflow).toBeLessThanOrEqual(0);
    }
  });
});
