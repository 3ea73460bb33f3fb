import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { exportedRoutes, FixtureServer, homeFleet } from '@boocontrol/web';
import type { Browser } from 'playwright-core';
import { seenOf, withPage } from './pages.js';

/** The made-up fleet answers at once: what has not come by then is not part of the load. */
const SETTLED_MS = 3000;

interface Loaded {
  route: string;
  scriptKb: number;
  chartsKb: number;
  styleKb: number;
  firstPaintMs: number;
  shift: number;
}

/** Each page as a browser loads it the first time. Bytes as the gateway sends them: the brotli copy of the build. */
export async function loading(browser: Browser): Promise<Loaded[]> {
  const loaded: Loaded[] = [];
  const made = homeFleet(Date.now() - 60_000);
  const routes = await exportedRoutes(new FixtureServer(made).out);
  for (const route of routes) {
    // The page of every host is one page.
    const path = route.replace('/any/', `/${made.providers[0]?.id ?? ''}/`);
    loaded.push(
      await withPage(browser, made, null, async ({ page, server, base }) => {
        const files = new Map<string, { kb: number; kind: 'script' | 'charts' | 'style' }>();
        page.on('response', (response) => {
          const { pathname } = new URL(response.url());
          if (!response.ok() || !/\.(js|css)$/.test(pathname)) return;
          const kind = pathname.endsWith('.css') ? 'style' : 'script';
          files.set(pathname, { kb: sentBytes(join(server.out, pathname)) / 1000, kind });
          response.text().then(
            (text) => {
              const file = files.get(pathname);
              // An attribute that ECharts sets: the name outlives minification.
              if (file && text.includes('_echarts_instance_')) file.kind = 'charts';
            },
            () => undefined,
          );
        });
        await page.goto(base + path);
        await delay(SETTLED_MS);
        const firstPaintMs = await page.evaluate(
          () => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? NaN,
        );
        const sum = (wanted: string): number =>
          [...files.values()].filter(({ kind }) => kind === wanted).reduce((all, { kb }) => all + kb, 0);
        return {
          route,
          scriptKb: sum('script'),
          chartsKb: sum('charts'),
          styleKb: sum('style'),
          firstPaintMs,
          shift: (await seenOf(page)).shift,
        };
      }),
    );
  }
  return loaded;
}

/** The build leaves what is smaller than a packet as it is. */
const UNCOMPRESSED_BYTES = 1024;

/** @throws {Error} when the build's compressed copies are not there: the figure would be of something else */
function sentBytes(file: string): number {
  const size = statSync(`${file}.br`, { throwIfNoEntry: false })?.size ?? statSync(file).size;
  if (size > UNCOMPRESSED_BYTES && !existsSync(`${file}.br`))
    throw new Error(`${file} has no compressed copy: build the web app with npm run build.`);
  return size;
}
