import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { launchBrowser } from '@boocontrol/testing';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import type { MadeFleet } from '../../testing/fleet';
import { driftOf } from '../../testing/routes';
import { FixtureServer } from '../../testing/server';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Past so many hosts large cards take too long to draw. */
const MANY = 40;

interface Opened {
  page: Page;
  server: FixtureServer;
  base: string;
}
interface OpenOptions {
  path?: string;
  width?: number;
  scheme?: 'dark' | 'light';
  /** A phone: fingers in place of a pointer. */
  touch?: boolean;
  token?: string;
  /** The layout of the fleet that the browser kept; null: none. Large cards show the most. */
  view?: 'cards' | null;
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
  return async (made, options = {}) => {
    const { path = '/', width = 1440, scheme = 'dark', touch = false, token, before } = options;
    const { view = made.providers.length > MANY ? null : 'cards' } = options;
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
      hasTouch: touch,
      isMobile: touch,
    });
    cleanUps.push(() => context.close());
    const page = await context.newPage();
    page.setDefaultTimeout(20_000);
    if (view) {
      await page.addInitScript((kept) => {
        localStorage['boo-fleet-view'] ??= kept;
      }, view);
    }
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

/**
 * What axe calls serious or critical, one line each. Left out are the focus guards around a menu: they are hidden from
 * screen readers and hand the focus on as soon as they get it, so that nobody is ever on one.
 *
 * @param rules only these; absent: those that are not experimental
 */
export async function seriousViolations(page: Page, rules?: string[]): Promise<string[]> {
  await page.evaluate(axeSource);
  const violations = await page.evaluate(async (runOnly) => {
    const { axe } = window as unknown as {
      axe: { run: (context: object, options: object) => Promise<{ violations: Violation[] }> };
    };
    const context = { exclude: ['[data-base-ui-focus-guard]'] };
    return (await axe.run(context, runOnly ? { runOnly } : {})).violations;
  }, rules);
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) =>
      nodes.map(({ html, failureSummary }) => `${id}: ${html} — ${failureSummary}`),
    );
}
