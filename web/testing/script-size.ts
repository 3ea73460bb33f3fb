import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { waitFor } from '@boocontrol/testing';
import type { Browser, Response } from 'playwright-core';
import { homeFleet } from './fleet.js';
import { FixtureServer } from './server.js';

/** What a browser may fetch, in kB of script as brotli: see the speed section of the design for why these. */
export const BUDGETS_KB = {
  /** What every page names in its HTML: it is there before anything is drawn. */
  shell: 140,
  /** All that a page fetches by itself, without the chart library. */
  route: 190,
  /** Fetched once, when a chart is first shown. */
  charts: 160,
} as const;

export interface Measured {
  name: string;
  kb: number;
  budgetKb: number;
  /** The scripts, largest first. */
  files: { path: string; kb: number }[];
}

/** No script came for so long: nothing more comes. The made-up fleet answers at once. */
const QUIET_MS = 1000;

interface Script {
  path: string;
  bytes: number;
  isCharts: boolean;
}

/** Paths of the pages that are exported, those of anything with the folder `any`. */
export async function exportedRoutes(out: string): Promise<string[]> {
  const entries = await readdir(out, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && entry.name === 'index.html')
    .map((entry) => `/${entry.parentPath.slice(out.length + 1)}/`.replace('//', '/'))
    .filter((route) => route !== '/404/' && route !== '/_not-found/')
    .sort();
}

/** As the gateway sends it: compressed when the export was built, at brotli's best. */
async function weigh(response: Response): Promise<Script> {
  const body = await response.body();
  const path = new URL(response.url()).pathname;
  // An attribute that the library sets: the name outlives minification.
  return { path, bytes: brotliCompressSync(body).length, isCharts: body.includes('_echarts_instance_') };
}

interface Opened {
  scripts: Script[];
  html: string;
}

/**
 * Every script that a browser fetches for an address until nothing more comes: named in the page, preloaded, or asked for
 * once the fleet is known.
 * @param awaited a script that must come
 * @throws {Error} of Playwright when the page does not come to rest within half a minute
 */
async function open(
  browser: Browser,
  url: string,
  awaited: (script: Script) => boolean = () => true,
): Promise<Opened> {
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    const scripts: Promise<Script>[] = [];
    const weighed: Script[] = [];
    page.on('response', (response) => {
      if (!response.ok() || !new URL(response.url()).pathname.endsWith('.js')) return;
      const script = weigh(response);
      scripts.push(script);
      void script.then((each) => weighed.push(each));
    });
    const answer = await page.goto(url);
    const html = (await answer?.text()) ?? '';
    await waitFor(() => weighed.some(awaited), { what: `a script of ${url}`, timeoutMs: 30_000 });
    let seen = 0;
    while (seen < scripts.length) {
      seen = scripts.length;
      await Promise.all(scripts);
      await page.waitForTimeout(QUIET_MS);
    }
    return { html, scripts: await Promise.all(scripts) };
  } finally {
    await context.close();
  }
}

function measured(name: string, budgetKb: number, scripts: readonly Script[]): Measured {
  const files = [...new Map(scripts.map((script) => [script.path, script])).values()]
    .map(({ path, bytes }) => ({ path, kb: bytes / 1000 }))
    .sort((a, b) => b.kb - a.kb);
  return { name, budgetKb, files, kb: files.reduce((sum, { kb }) => sum + kb, 0) };
}

/**
 * What a browser fetches of script, over a made-up fleet.
 * @throws {Error} when the web app is not built
 */
export async function measureScript(browser: Browser): Promise<Measured[]> {
  const made = homeFleet(Date.now());
  const server = new FixtureServer(made);
  if (!existsSync(join(server.out, 'index.html'))) {
    throw new Error(`There is no web app in ${dirname(server.out)}: build it first.`);
  }
  const base = await server.listen();
  try {
    const routes = await exportedRoutes(server.out);
    const pages: Opened[] = [];
    const host = made.providers[0]?.id ?? '';
    // A page of anything is measured with something that is there.
    for (const route of routes) pages.push(await open(browser, base + route.replace('/any/', `/${host}/`)));
    const charted = await open(browser, `${base}/?host=${host}`, ({ isCharts }) => isCharts);
    const shell = (pages[0]?.scripts ?? []).filter(({ path }) =>
      pages.every(({ html }) => html.includes(path)),
    );
    return [
      measured('shell', BUDGETS_KB.shell, shell),
      ...routes.map((route, n) =>
        measured(
          route,
          BUDGETS_KB.route,
          (pages[n]?.scripts ?? []).filter(({ isCharts }) => !isCharts),
        ),
      ),
      measured(
        'chart library',
        BUDGETS_KB.charts,
        [...pages, charted].flatMap(({ scripts }) => scripts).filter(({ isCharts }) => isCharts),
      ),
    ];
  } finally {
    await server.close();
  }
}
