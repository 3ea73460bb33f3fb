import { setTimeout as delay } from 'node:timers/promises';
import { homeFleet, largeFleet } from '@boocontrol/web';
import type { Browser, Page } from 'playwright-core';
import { smoothness, withPage, type Smoothness } from './pages.js';
import { traffic } from './traffic.js';

const THOUSAND = { requests: 100, readings: 900 } as const;

/** A page while a thousand facts a second come. */
export async function updates(browser: Browser, path: string, seconds: number): Promise<Smoothness> {
  const made = homeFleet(Date.now() - 60_000);
  return withPage(browser, made, path, async ({ page, server }) => {
    await page
      .getByTestId(path === '/' ? 'host-card' : 'feed-row')
      .first()
      .waitFor();
    await delay(1000);
    const stop = traffic(server, made, THOUSAND);
    try {
      return await smoothness(page, () => delay(seconds * 1000));
    } finally {
      stop();
    }
  });
}

interface ManyHosts extends Smoothness {
  firstCardMs: number;
}

/** Three hundred hosts, a thousand facts a second over all of them. */
export async function manyHosts(browser: Browser, hosts: number, seconds: number): Promise<ManyHosts> {
  const made = largeFleet(hosts, Date.now());
  return withPage(browser, made, '/', async ({ page, server }) => {
    await page.locator('[data-provider]').first().waitFor();
    const firstCardMs = await page.evaluate(() => performance.now());
    const stop = traffic(server, made, THOUSAND);
    try {
      return { firstCardMs, ...(await smoothness(page, () => delay(seconds * 1000))) };
    } finally {
      stop();
    }
  });
}

const SAMPLE_EVERY_MS = 5000;
/** Caches and compiled code fill up at first: that is no growth. */
const WARM_UP = 0.2;

/**
 * The activity page under the traffic of a busy house, followed for so long: by how many percent the heap, after a
 * collection, has grown: the highest of the last third against the highest of the first, after warming up.
 */
export async function heapGrowth(
  browser: Browser,
  minutes: number,
): Promise<{ growthPct: number; mb: number }> {
  const made = homeFleet(Date.now() - 60_000);
  return withPage(browser, made, '/activity/', async ({ page, server }) => {
    await page.getByTestId('feed-row').first().waitFor();
    const stop = traffic(server, made, { requests: 20, readings: 10 });
    try {
      const used = await heapSamples(page, minutes * 60_000);
      const warm = used.slice(Math.floor(used.length * WARM_UP));
      const third = Math.max(1, Math.floor(warm.length / 3));
      const [first, last] = [Math.max(...warm.slice(0, third)), Math.max(...warm.slice(-third))];
      return { growthPct: (last / first - 1) * 100, mb: last / 1_000_000 };
    } finally {
      stop();
    }
  });
}

/** In bytes. */
async function heapSamples(page: Page, forMs: number): Promise<number[]> {
  const devtools = await page.context().newCDPSession(page);
  const used: number[] = [];
  const until = performance.now() + forMs;
  while (performance.now() < until || used.length < 4) {
    await delay(SAMPLE_EVERY_MS);
    await devtools.send('HeapProfiler.collectGarbage');
    used.push((await devtools.send('Runtime.getHeapUsage')).usedSize);
  }
  return used;
}
