import { setTimeout as delay } from 'node:timers/promises';
import { homeFleet } from '@boocontrol/web';
import type { Browser, Page } from 'playwright-core';
import { smoothness, withPage, type Smoothness } from './pages.js';
import { traffic } from './traffic.js';

const AIMS = 100;
const ROW_PX = 28;
/** A person looks, decides, presses: each takes longer than this. */
const AIM_MS = 120;

const keyAt = (page: Page, x: number, y: number): Promise<string | null> =>
  page.evaluate(
    ([left, top]) =>
      document.elementFromPoint(left, top)?.closest('[data-kind=row]')?.getAttribute('data-key') ?? null,
    [x, y] as const,
  );

/** Of a hundred clicks at rows, while fifty requests a second end: how many opened the row that was aimed at. */
export async function aimedClicks(browser: Browser): Promise<number> {
  const made = homeFleet(Date.now() - 60_000);
  return withPage(browser, made, '/activity/', async ({ page, server }) => {
    await page.locator('[data-kind=row]').first().waitFor();
    const stop = traffic(server, made, { requests: 50, readings: 5 });
    try {
      let hits = 0;
      for (let aims = 0, step = 0; aims < AIMS; step++) {
        const [x, y] = [320 + ((step * 37) % 300), 260 + ((step * 53) % 560)];
        // As a hand does: to the list, and from there to the row.
        await page.mouse.move(x - 40, y - 10);
        await page.mouse.move(x, y, { steps: 4 });
        await delay(AIM_MS);
        const aimed = await keyAt(page, x, y);
        if (aimed === null) continue;
        aims += 1;
        await delay(AIM_MS);
        await page.mouse.click(x, y);
        const drawer = page.getByRole('dialog');
        await drawer.waitFor();
        if (new URL(page.url()).searchParams.get('open') === aimed) hits += 1;
        await drawer.getByRole('button', { name: 'Close' }).click();
        await drawer.waitFor({ state: 'detached' });
      }
      return hits;
    } finally {
      stop();
    }
  });
}

interface Scrolled extends Smoothness {
  rows: number;
  seconds: number;
  /** Rows that were in the page at the end. */
  inPage: number;
}

const LONGEST_MS = 600_000;

/** From the newest to the oldest of so many rows, as fast as pages come. */
export async function scrollThrough(browser: Browser, wanted: number): Promise<Scrolled> {
  const made = homeFleet(Date.now() - 60_000, wanted);
  return withPage(browser, made, '/activity/?range=all', async ({ page }) => {
    await page.locator('[data-kind=row]').first().waitFor();
    const began = performance.now();
    let rows = 0;
    const smooth = await smoothness(page, async () => {
      while (rows < wanted && performance.now() - began < LONGEST_MS) {
        const height = await page.evaluate(() => {
          const list = document.querySelector('[role=grid] [data-virtuoso-scroller]');
          if (!list) throw new Error('there is no list');
          list.scrollTop = list.scrollHeight;
          return list.scrollHeight;
        });
        rows = Math.floor(height / ROW_PX);
        await delay(16);
      }
    });
    const inPage = await page.locator('[data-kind=row]').count();
    return { ...smooth, rows, seconds: (performance.now() - began) / 1000, inPage };
  });
}
