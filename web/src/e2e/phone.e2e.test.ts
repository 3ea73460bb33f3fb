import { instantFromMs, toActivityRow } from '@boocontrol/fleet-model';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { homeFleet, type MadeFleet } from '../../testing/fleet';
import { kindsFleet } from '../../testing/kinds';
import { useBrowser } from './browser';

const open = useBrowser();
const now = (): number => Date.now();

/** What a finger needs, in px; the lines of a chart's legend, one below the other, are a little lower. */
const LEAST_PX = 40;
const LEAST_LEGEND_PX = 32;

/**
 * Controls that a finger would miss: each with its name and the size that answers.
 *
 * @param within what lies over the page, which it covers in part
 */
const tooSmall = (page: Page, within = 'body'): Promise<string[]> =>
  page.locator(within).evaluate(
    (whole, [least = 0, leastLegend = 0]) => {
      const controls = 'button, a[href], input, summary, [role=option], [role=menuitem]';
      return [...whole.querySelectorAll<HTMLElement>(controls)].flatMap((control) => {
        control.scrollIntoView({ block: 'center' });
        const { x, y, width, height } = control.getBoundingClientRect();
        const [midX, midY] = [x + width / 2, y + height / 2];
        const hits = (atX: number, atY: number): boolean => {
          const found = document.elementFromPoint(atX, atY);
          return control.contains(found) || found?.closest('label')?.contains(control) === true;
        };
        if (width < 2 || !hits(midX, midY)) return [];
        const reach = (stepX: number, stepY: number): number => {
          let px = 0;
          while (px < 40 && hits(midX + stepX * (px + 1), midY + stepY * (px + 1))) px += 1;
          return px;
        };
        const [across, down] = [reach(1, 0) + reach(-1, 0) + 1, reach(0, 1) + reach(0, -1) + 1];
        const wanted = control.closest('[data-series]') ? leastLegend : least;
        // Rows of halves: what answers is measured in whole px.
        if (across + 1 >= wanted && down + 1 >= wanted) return [];
        return [`${control.getAttribute('aria-label') ?? control.textContent}: ${across} × ${down}`];
      });
    },
    [LEAST_PX, LEAST_LEGEND_PX],
  );

const requestPath = (made: MadeFleet): string => {
  const kept = made.requests.find(
    ({ hasCapture, entryId, reqPath }) =>
      hasCapture && entryId % 7 !== 0 && reqPath === '/v1/chat/completions',
  );
  if (!kept) throw new Error('the made-up fleet has no request with a capture');
  return `/activity/?open=${toActivityRow(kept).key}`;
};

describe('on a phone, a finger hits', () => {
  it.each([
    ['/?view=cards', 'Embedder in the cellar'],
    ['/?view=compact', 'Embedder in the cellar'],
    ['/?view=table', 'Embedder in the cellar'],
    ['/?ask=add', 'Add a host'],
    ['/activity/?status=failed', 'Clear'],
    ['/activity/?what=in-flight', 'what runs there is not known'],
    ['/hosts/workstation/', 'Models now'],
    ['/hosts/none/', 'Back to the fleet'],
    ['/?host=tower', 'Models now'],
    ['/routing/', 'Failed over'],
    ['/routing/?what=hosts', 'nothing under way'],
    ['/playground/', 'Ask something below.'],
    ['/nothing/here', 'Activity'],
  ])('every control of %s', async (path, text) => {
    const { page } = await open(kindsFleet(now()), { path, width: 390, touch: true, view: null });
    await page.getByText(text).first().waitFor();
    await expect.poll(() => tooSmall(page)).toEqual([]);
  });

  it('every control of a request', async () => {
    const made = homeFleet(now());
    const { page } = await open(made, { path: requestPath(made), width: 390, touch: true });
    await page.getByText('Explain a ring buffer in two sentences, with code.').waitFor();
    await expect.poll(() => tooSmall(page)).toEqual([]);
  });

  it.each(['/?view=cards', '/hosts/tower/', '/actions/', '/activity/'])(
    'what is told to hosts, and who has them: %s',
    async (path) => {
      const { page, server } = await open(homeFleet(now()), { path, width: 390, touch: true });
      for (const model of ['a', 'b', 'c']) server.controls.add({ kind: 'warm', providerId: 'tower', model });
      server.controls.hold('tower');
      await page
        .getByText(path === '/activity/' ? 'running' : 'Held by bench on tower-2')
        .first()
        .waitFor();
      await expect.poll(() => tooSmall(page)).toEqual([]);
    },
  );

  it('what is asked before an action', async () => {
    const { page, server } = await open(homeFleet(now()), { width: 390, touch: true });
    server.controls.hold('tower');
    await page.getByRole('button', { name: 'Actions for qwen3-32b-Q4_K_M' }).first().tap();
    await page.getByRole('menuitem', { name: 'Unload…' }).tap();
    await page.getByRole('button', { name: /^Take over and unload/ }).waitFor();
    expect(await tooSmall(page)).toEqual([]);
  });

  it('what menus, panels and the palette offer', async () => {
    const { page } = await open(homeFleet(now()), { path: '/', width: 390, touch: true });
    await page.getByRole('button', { name: 'Actions for Embedder in the cellar' }).tap();
    await page.getByRole('menuitem').first().waitFor();
    expect(await tooSmall(page, '[role=menu]')).toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'More' }).tap();
    await page.getByRole('dialog', { name: 'More' }).waitFor();
    expect(await tooSmall(page, '[role=dialog]')).toEqual([]);
    await page.getByRole('button', { name: 'Find a host, a model or a command' }).tap();
    await page.getByRole('option').first().waitFor();
    expect(await tooSmall(page, '[role=dialog]')).toEqual([]);
    await page.getByRole('button', { name: 'Close' }).tap();
    await page.getByRole('link', { name: 'Activity' }).tap();
    await page.getByRole('button', { name: /^Time range/ }).tap();
    await page.getByRole('button', { name: 'All time' }).waitFor();
    expect(await tooSmall(page, '[role=dialog]')).toEqual([]);
  });
});

describe('on a phone', () => {
  it('a finger on the list holds its rows, and lets them go', async () => {
    const made = homeFleet(now());
    const { page, server } = await open(made, { path: '/activity/', width: 390, touch: true });
    const rows = page.locator('[data-testid=feed-row][data-kind=row]');
    await rows.first().waitFor();
    const like = made.requests[0]!;
    const finish = (model: string, entryId: number): void => {
      const ts = instantFromMs(now());
      server.push('request', { ...like, at: ts, ts, endedAt: ts, entryId, model });
    };
    const box = await rows.first().boundingBox();
    if (!box) throw new Error('no row');
    const touch = await page.context().newCDPSession(page);
    await touch.send('Input.dispatchTouchEvent', {
      type: 'touchStart',
      touchPoints: [{ x: box.x + 60, y: box.y + 20 }],
    });
    finish('held-Q4_K_M', 600_001);
    await page.getByRole('button', { name: '1 new' }).waitFor();
    expect(await rows.first().boundingBox()).toEqual(box);
    await touch.send('Input.dispatchTouchEvent', { type: 'touchCancel', touchPoints: [] });
    await page.getByRole('gridcell', { name: 'held-Q4_K_M' }).waitFor();
  });

  it('the name of a host takes the lines that it needs, and a filtered fleet its one line', async () => {
    const made = homeFleet(now());
    const [first] = made.providers;
    if (!first) throw new Error('no host');
    first.label = 'The machine under the desk in the small room upstairs';
    const { page } = await open(made, { path: `/hosts/${first.id}/`, width: 390, touch: true });
    const name = await page.getByRole('heading', { level: 1 }).boundingBox();
    const state = await page
      .getByRole('main')
      .getByText(/^connected for/)
      .boundingBox();
    if (!name || !state) throw new Error('not shown');
    expect(name.height).toBeGreaterThan(60);
    expect(state.y).toBeGreaterThanOrEqual(name.y + name.height);
    await page.getByRole('link', { name: 'Fleet' }).first().tap();
    await page.getByRole('searchbox', { name: 'Filter hosts' }).fill('nas');
    const note = page.getByText('1 of 7');
    await note.waitFor();
    expect((await note.boundingBox())?.height).toBeLessThan(30);
  });

  it('a history that does not come is said once', async () => {
    const { page } = await open(homeFleet(now()), {
      path: '/activity/',
      width: 390,
      touch: true,
      before: (fresh) => fresh.route('**/api/activity?*', (route) => route.fulfill({ status: 500 })),
    });
    await page.getByRole('heading', { name: "Couldn't load requests" }).waitFor();
    expect(await page.getByRole('button', { name: 'Try again' }).count()).toBe(1);
  });
});
