import { instantFromMs } from '@boocontrol/fleet-model';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { kindsFleet } from '../../testing/kinds';
import { seriousViolations, useBrowser } from './browser';

const open = useBrowser();
const now = (): number => Date.now();
const charts = (page: Page) => page.getByTestId('charts');
const row = (page: Page, chart: string, series: string) =>
  charts(page).getByRole('region', { name: chart, exact: true }).locator(`[data-series="${series}"]`);
const drawn = (page: Page) => charts(page).locator('canvas').first().waitFor();

describe('the page of a host', () => {
  it('shows its state, its models, charts over one axis, and what each model did', async () => {
    const { page } = await open(kindsFleet(now()), { path: '/hosts/tower/' });
    await page.getByRole('heading', { level: 1, name: 'Tower' }).waitFor();
    await drawn(page);
    expect(await page.title()).toBe('Tower · BooControl');
    expect(await charts(page).getByRole('region').count()).toBe(8);
    await page.getByRole('main').getByText('connected for 3 h').waitFor();
    await charts(page)
      .getByText(/^Hatched: no data: host unreachable .* \(The connection was closed by the host\)\.$/)
      .waitFor();
    const lane = charts(page).locator('[data-lane="qwen3-32b-Q4_K_M"]');
    expect(await lane.getByTestId('lane-state').last().innerText()).toBe('ready');
    const figures = page.getByRole('region', { name: 'Figures of each model' });
    await figures.locator('tr[data-model="qwen3-32b-Q4_K_M"]').waitFor();
    expect(await figures.getByRole('columnheader').allInnerTexts()).toContain('tok/s, median');
    expect(
      await page
        .getByRole('navigation')
        .getByRole('link', { name: 'Fleet' })
        .first()
        .getAttribute('aria-current'),
    ).toBe('page');
  });

  it('has one readout for the crosshair, by pointer and by keyboard', async () => {
    const { page } = await open(kindsFleet(now()), { path: '/hosts/tower/' });
    await drawn(page);
    const head = page.getByTestId('readout-head');
    const vram = row(page, 'VRAM', 'RTX 5090').getByTestId('at');
    const plot = await charts(page).getByRole('img', { name: /^VRAM/ }).boundingBox();
    if (!plot) throw new Error('no plot');
    // A chart that is drawn anew just then has missed where the pointer went.
    let y = 40;
    const isRead = async (): Promise<boolean> => {
      await page.mouse.move(plot.x + 200, plot.y + (y = 81 - y));
      return head.getByText(/^\d\d:\d\d:\d\d$/).isVisible();
    };
    await expect.poll(isRead).toBe(true);
    const seen = new Set<string>();
    for (let x = 200; x < 500; x += 60) {
      await page.mouse.move(plot.x + x, plot.y + 40);
      seen.add(`${await head.innerText()}: ${await vram.innerText()}`);
    }
    expect(seen.size).toBeGreaterThan(2);
    await page.mouse.move(5, 5);
    await head.getByText('last').waitFor();
    const slider = page.getByRole('slider', { name: 'Moment that the readings are of' });
    expect(await slider.getAttribute('aria-valuetext')).toBe('latest');
    await slider.focus();
    await page.keyboard.press('Home');
    const first = await slider.getAttribute('aria-valuetext');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('PageUp');
    expect(await slider.getAttribute('aria-valuetext')).not.toBe(first);
    await head.getByText(/^\d\d:\d\d:\d\d$/).waitFor();
    await page.keyboard.press('Escape');
    await head.getByText('last').waitFor();
  });

  it('looks closer where one drags, and has its range in the address', async () => {
    const { page } = await open(kindsFleet(now()), { path: '/hosts/tower/?range=6h' });
    await drawn(page);
    await page.getByRole('button', { name: 'Time range: Last 6 h' }).waitFor();
    const plot = await charts(page).getByRole('img', { name: /^VRAM/ }).boundingBox();
    if (!plot) throw new Error('no plot');
    await page.mouse.move(plot.x + 200, plot.y + 40);
    await page.mouse.down();
    await page.mouse.move(plot.x + 400, plot.y + 50, { steps: 4 });
    await page.mouse.up();
    await page.waitForURL(/[?&]from=.*&to=/);
    await drawn(page);
    await page.goBack();
    await page.getByRole('button', { name: 'Time range: Last 6 h' }).waitFor();
  });

  it('with eight GPUs has their names beside the plot, switches them off and on, and draws dense swaps', async () => {
    const { page } = await open(kindsFleet(now()), { path: '/hosts/rack/' });
    await drawn(page);
    const vram = charts(page).getByRole('region', { name: 'VRAM', exact: true });
    expect(await vram.getByRole('button').count()).toBe(8);
    const colors = await vram
      .locator('button > i')
      .evaluateAll((marks) => marks.map((mark) => getComputedStyle(mark).backgroundColor));
    expect(new Set(colors).size).toBe(8);
    const [plot, legend] = await Promise.all([
      vram.getByRole('img').boundingBox(),
      vram.getByRole('button', { name: 'RTX 3090 #0' }).boundingBox(),
    ]);
    expect(legend?.x).toBeGreaterThanOrEqual((plot?.x ?? 0) + (plot?.width ?? 0));
    await vram.getByRole('button', { name: 'RTX 3090 #3' }).press('Enter');
    await vram.getByRole('button', { name: 'RTX 3090 #3', pressed: false }).waitFor();
    await charts(page).locator('[data-dense]').first().waitFor();
  });

  it('without a GPU shows no chart of one', async () => {
    const { page } = await open(kindsFleet(now()), { path: '/hosts/nuc/' });
    await drawn(page);
    expect(
      await charts(page)
        .getByRole('region', { name: /GPU|VRAM/ })
        .count(),
    ).toBe(0);
  });

  it('that is down says so and why', async () => {
    const { page } = await open(kindsFleet(now()), { path: '/hosts/nas/' });
    await page.getByText('down, last seen 4 min ago').waitFor();
    await page.getByText(/Set NAS_API_KEY where BooControl runs/).waitFor();
    await page.getByText('No readings in the last hour.').waitFor();
    const states = await charts(page).getByTestId('lane-state').allInnerTexts();
    expect(new Set(states.filter((text) => text !== ''))).toEqual(new Set(['unknown']));
    await page
      .getByText(/^Hatched: no data: host unreachable \S+ to now \(The host asks for an API key/)
      .waitFor();
  });

  it('that does not exist says so, with a way back', async () => {
    const { page } = await open(kindsFleet(now()), { path: '/hosts/towel/' });
    await page.getByRole('heading', { name: 'There is no host “towel”' }).waitFor();
    expect(await seriousViolations(page)).toEqual([]);
    await page.getByRole('link', { name: 'Back to the fleet' }).click();
    await page.getByRole('article', { name: 'Tower' }).waitFor();
  });

  it('is removed from its page, which then says so', async () => {
    const { page } = await open(kindsFleet(now()), { path: '/hosts/nuc/' });
    await page.getByRole('button', { name: 'Actions for NUC' }).press('Enter');
    await page.getByRole('menuitem', { name: 'Remove…' }).press('Enter');
    await page
      .getByRole('dialog', { name: 'Remove NUC?' })
      .getByRole('button', { name: 'Remove', exact: true })
      .press('Enter');
    await page.getByRole('heading', { name: 'There is no host “nuc”' }).waitFor();
  });

  it('is opened from the drawer with its range, and gone back from', async () => {
    const { page } = await open(kindsFleet(now()), { path: '/?host=tower&range=6h' });
    await page.getByRole('dialog', { name: 'Tower' }).getByRole('link', { name: 'Open page' }).click();
    await page.waitForURL(/\/hosts\/tower\/\?range=6h$/);
    await page.getByRole('heading', { level: 1, name: 'Tower' }).waitFor();
    await page.goBack();
    await page.getByRole('dialog', { name: 'Tower' }).waitFor();
  });

  it('dims and stands still when the connection is lost, in the drawer too', async () => {
    const { page, server } = await open(kindsFleet(now()), { path: '/?host=tower' });
    const drawer = page.getByRole('dialog', { name: 'Tower' });
    await drawn(page);
    await server.close();
    await drawer.getByText(/^The live connection is lost\. What is shown is from \d\d:\d\d\.$/).waitFor();
    expect(await charts(page).getAttribute('class')).toContain('stale');
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    const facts = await drawer.locator('dl').innerText();
    // What makes the charts ask again at once.
    await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
    expect(asked.filter((url) => url.includes('/api/'))).toEqual([]);
    expect(await drawer.locator('dl').innerText()).toBe(facts);
    expect(facts).not.toMatch(/connected for/);
  });

  it('asks one question a step, and two more when a model changes', async () => {
    const { page, server } = await open(kindsFleet(now()), { path: '/hosts/tower/?range=15m' });
    await drawn(page);
    const asked: string[] = [];
    page.on('request', (request) => {
      const { pathname } = new URL(request.url());
      if (pathname.startsWith('/api/') && !pathname.startsWith('/api/activity'))
        asked.push(pathname.slice(5));
    });
    // The figures of the models have a minute of their own, which may end at any moment.
    const ofCharts = (): string[] => asked.toSorted().filter((path) => path !== 'model-figures');
    await page.waitForRequest(/\/api\/perf/);
    expect(ofCharts()).toEqual(['perf']);
    server.push('model-changed', {
      providerId: 'tower',
      at: instantFromMs(now()),
      model: 'qwen3-32b-Q4_K_M',
      from: 'ready',
      to: 'stopping',
      observed: 'live',
      failed: false,
    });
    await page.waitForRequest(/\/api\/model-events/);
    expect(ofCharts()).toEqual(['gaps', 'model-events', 'perf', 'perf']);
    await charts(page).locator('[data-lane="qwen3-32b-Q4_K_M"]').getByText('unloading').last().waitFor();
  });

  it('sorts the figures of its models by their heads, and remembers it', async () => {
    const { page } = await open(kindsFleet(now()), { path: '/hosts/tower/?range=24h' });
    const figures = page.getByRole('region', { name: 'Figures of each model' });
    const models = (): Promise<(string | null)[]> =>
      figures.locator('tbody tr').evaluateAll((rows) => rows.map((each) => each.getAttribute('data-model')));
    const head = (name: string) => figures.getByRole('columnheader', { name, exact: true });
    await figures.locator('tbody tr').nth(1).waitFor();
    const asComes = await models();
    await head('Model').getByRole('button').press('Enter');
    expect(await head('Model').getAttribute('aria-sort')).toBe('ascending');
    const named = [...asComes].toSorted((a, b) => (a ?? '').localeCompare(b ?? '', 'en', { numeric: true }));
    expect(await models()).toEqual(named);
    await head('Model').getByRole('button').press('Enter');
    expect(await models()).toEqual(named.toReversed());
    await page.reload();
    await figures.locator('tbody tr').nth(1).waitFor();
    expect(await models()).toEqual(named.toReversed());
    await head('Model').getByRole('button').press('Enter');
    expect(await models()).toEqual(asComes);
  });

  it('has headings without a step left out, here and in the drawer', async () => {
    const { page, base } = await open(kindsFleet(now()), { path: '/hosts/tower/' });
    const levels = (root: string): Promise<number[]> =>
      page
        .locator(`${root} :is(h1, h2, h3, h4)`)
        .evaluateAll((all) => all.map(({ tagName }) => +tagName[1]!));
    const steps = (all: number[]): number[] => all.slice(1).map((level, i) => level - (all[i] ?? 0));
    await drawn(page);
    expect(Math.max(...steps(await levels('#content')))).toBeLessThanOrEqual(1);
    await page.goto(`${base}/?host=tower`);
    await drawn(page);
    expect(Math.max(...steps(await levels('[role=dialog]')))).toBeLessThanOrEqual(1);
  });

  it('is printed whole', async () => {
    const { page } = await open(kindsFleet(now()), { path: '/hosts/tower/' });
    await drawn(page);
    await page.emulateMedia({ media: 'print' });
    const { tall, held } = await page.evaluate(() => ({
      tall: document.documentElement.scrollHeight,
      held: document.getElementById('content')?.scrollHeight ?? Infinity,
    }));
    expect(tall).toBeGreaterThanOrEqual(held);
    expect(held).toBeGreaterThan(1200);
    const pdf = await page.pdf({ format: 'A4' });
    expect(pdf.toString('latin1').match(/\/Type\s*\/Page\b/g)?.length).toBeGreaterThan(1);
  });

  it.each(['dark', 'light'] as const)('has nothing serious for axe, %s', async (scheme) => {
    const { page } = await open(kindsFleet(now()), { path: '/hosts/rack/', scheme });
    await drawn(page);
    await page.getByRole('region', { name: 'Figures of each model' }).waitFor();
    expect(await seriousViolations(page)).toEqual([]);
  });

  it('does not shift while it loads', async () => {
    const { page, base } = await open(kindsFleet(now()), { path: '/activity/' });
    await page.addInitScript(() => {
      const seen = { shift: 0 };
      Object.assign(window, { seen });
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries() as (PerformanceEntry & { value: number })[])
          seen.shift += entry.value;
      }).observe({ type: 'layout-shift', buffered: true });
    });
    await page.goto(`${base}/hosts/rack/`);
    await drawn(page);
    await page.getByRole('region', { name: 'Figures of each model' }).waitFor();
    const shift = await page.evaluate(() => (window as unknown as { seen: { shift: number } }).seen.shift);
    expect(shift).toBeLessThanOrEqual(0.02);
  });

  it('fits a phone', async () => {
    const { page } = await open(kindsFleet(now()), { path: '/hosts/rack/', width: 390 });
    await drawn(page);
    expect(await page.evaluate(() => document.getElementById('content')?.scrollWidth)).toBeLessThanOrEqual(
      390,
    );
  });
});

describe('cards', () => {
  it('with eight GPUs are no taller than with two, and without one show no bar', async () => {
    const { page } = await open(kindsFleet(now()));
    const heightOf = async (name: string): Promise<number> =>
      (await page.getByRole('article', { name }).getByTestId('instruments').boundingBox())?.height ?? 0;
    await page
      .getByRole('article', { name: 'Rack' })
      .getByRole('img', { name: /^VRAM of 8 × RTX 3090/ })
      .waitFor();
    expect(await heightOf('Rack')).toBeLessThanOrEqual(await heightOf('Workstation'));
    expect(await page.getByRole('article', { name: 'NUC' }).getByRole('img', { name: /^VRAM/ }).count()).toBe(
      0,
    );
  });
});
