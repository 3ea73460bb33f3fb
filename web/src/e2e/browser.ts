import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { launchBrowser } from '@boocontrol/testing';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import type { MadeFleet } from '../../testing/fleet';
import { driftOf } from '../../testing/routes';
import { FixtureServer } from '../../testing/server';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

interface Opened {
  page: Page;
  server: FixtureServer;
  base: string;
}
interface OpenOptions {
  path?: string;
  width?: number;
  scheme?: 'dark' | 'light';
  token?: string;
  /** Called before the page is asked for. */
  before?: (page: Page) => unknown;
}

/** One browser for the file; each page has its own server and its own context, closed after its test. */
export function useBrowser(): (made: MadeFleet, options?: OpenOptions) => Promise<Opened> {
  let browser: Browser;
  let cleanUps: (() => Promise<void>)[] = [];
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterEach(async () => {
    const due = cleanUps;
    cleanUps = [];
    for (const cleanUp of due.toReversed()) await cleanUp();
  });
  afterAll(async () => {
    await browser.close();
  });
  return async (made, { path = '/', width = 1440, scheme = 'dark', token, before } = {}) => {
    const server = new FixtureServer(made, token ? { token } : {});
    const base = await server.listen();
    // What the page has asked for and got, it could have got from the gateway.
    const drifts = (): string[] => server.answered.map(driftOf).filter((drift) => drift !== null);
    cleanUps.push(() => Promise.resolve(expect([...new Set(drifts())]).toEqual([])));
    cleanUps.push(() => server.close());
    const context = await browser.newContext({
      viewport: { width, height: 900 },
      colorScheme: scheme,
      reducedMotion: 'reduce',
    });
    cleanUps.push(() => context.close());
    const page = await context.newPage();
    page.setDefaultTimeout(10_000);
    await before?.(page);
    await page.goto(base + path);
    return { page, server, base };
  };
}

interface Violation {
  id: string;
  impact: string | null;
  nodes: { html: string; failureSummary: string }[];
}

/** What axe calls serious or critical, one line each. */
export async function seriousViolations(page: Page): Promise<string[]> {
  await page.evaluate(axeSource);
  const violations = await page.evaluate(async () => {
    const { axe } = window as unknown as {
      axe: { run: (root: Document) => Promise<{ violations: Violation[] }> };
    };
    return (await axe.run(document)).violations;
  });
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) =>
      nodes.map(({ html, failureSummary }) => `${id}: ${html} — ${failureSummary}`),
    );
}
