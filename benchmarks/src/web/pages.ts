import { launchBrowser } from '@boocontrol/testing';
import { FixtureServer, type MadeFleet } from '@boocontrol/web';
import type { Browser, Page } from 'playwright-core';

interface Opened {
  page: Page;
  server: FixtureServer;
  base: string;
}

/** Before the page's own scripts: counts frames, long tasks and layout shifts. */
function watch(): void {
  const seen = { frames: [] as number[], longMs: 0, shift: 0 };
  Object.assign(window, { seen });
  const step = (now: number): void => {
    seen.frames.push(now);
    requestAnimationFrame(step);
  };
  requestAnimationFrame(step);
  const add = (type: string, take: (entry: PerformanceEntry) => void): void =>
    new PerformanceObserver((list) => list.getEntries().forEach(take)).observe({ type, buffered: true });
  add('longtask', ({ duration }) => (seen.longMs += duration));
  add('layout-shift', (entry) => (seen.shift += (entry as PerformanceEntry & { value: number }).value));
}

interface Seen {
  frames: number[];
  longMs: number;
  shift: number;
}

/**
 * A page of its own over a made-up fleet of its own, closed afterwards.
 * @param path null: the work goes there itself
 */
export async function withPage<T>(
  browser: Browser,
  made: MadeFleet,
  path: string | null,
  work: (opened: Opened) => Promise<T>,
): Promise<T> {
  const server = new FixtureServer(made);
  const base = await server.listen();
  try {
    return await watched(browser, async (page) => {
      if (path !== null) await page.goto(base + path);
      return work({ page, server, base });
    });
  } finally {
    await server.close();
  }
}

/** A page of its own that counts its frames wherever it goes, closed afterwards. */
export async function watched<T>(browser: Browser, work: (page: Page) => Promise<T>): Promise<T> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  try {
    const page = await context.newPage();
    await page.addInitScript(watch);
    return await work(page);
  } finally {
    await context.close();
  }
}

export async function withBrowser<T>(work: (browser: Browser) => Promise<T>): Promise<T> {
  const browser = await launchBrowser();
  try {
    return await work(browser);
  } finally {
    await browser.close();
  }
}

export const seenOf = (page: Page): Promise<Seen> =>
  page.evaluate(() => (window as unknown as { seen: Seen }).seen);

export interface Smoothness {
  /** The median of the frames of each whole second. */
  framesPerS: number;
  /** Of the time, in percent, that went into tasks of more than 50 ms. */
  longPct: number;
}

/** How smooth the page is while the work goes on. */
export async function smoothness(page: Page, work: () => Promise<unknown>): Promise<Smoothness> {
  const before = await seenOf(page);
  const began = before.frames.at(-1) ?? 0;
  await work();
  const { frames, longMs } = await seenOf(page);
  const during = frames.filter((ms) => ms > began);
  const seconds = Math.max(1, Math.floor(((during.at(-1) ?? began) - began) / 1000));
  const counts = Array.from(
    { length: seconds },
    (_, s) => during.filter((ms) => ms >= began + s * 1000 && ms < began + (s + 1) * 1000).length,
  ).sort((a, b) => a - b);
  return {
    framesPerS: counts[Math.floor(counts.length / 2)] ?? 0,
    longPct: ((longMs - before.longMs) / (seconds * 1000)) * 100,
  };
}
