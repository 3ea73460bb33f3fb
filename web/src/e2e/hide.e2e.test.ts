import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { homeFleet, largeFleet } from '../../testing/fleet';
import { liveness } from '../../testing/hosts';
import { seriousViolations, useBrowser } from './browser';

const open = useBrowser();
const now = (): number => Date.now();
const card = (page: Page, name: string) => page.getByRole('article', { name, exact: true });

async function act(page: Page, name: string, item: string): Promise<void> {
  await page.getByRole('button', { name: `Actions for ${name}`, exact: true }).press('Enter');
  await page.getByRole('menuitem', { name: item, exact: true }).press('Enter');
}

/** The label of what holds the focus. */
const focusedIn = (page: Page, selector: string): Promise<string | null> =>
  page.evaluate(
    (each) => document.activeElement?.closest(each)?.getAttribute('aria-label') ?? null,
    selector,
  );

describe('a hidden host', () => {
  it('leaves every browser at once, and comes back with Undo', async () => {
    const { page, server, base } = await open(homeFleet(now()));
    const other = await page.context().newPage();
    await other.goto(base);
    await card(other, 'NAS').waitFor();
    await act(page, 'NAS', 'Hide host');
    await page.getByText('NAS is hidden. Its history stays.').waitFor();
    for (const each of [page, other]) {
      await card(each, 'NAS').waitFor({ state: 'detached' });
      await each.getByRole('button', { name: '1 host hidden · Show' }).waitFor();
      await each.getByText('6 hosts').waitFor();
    }
    expect(server.calls.at(-1)).toMatchObject({ method: 'PUT', path: '/api/hidden/nas' });
    await page.getByRole('button', { name: 'Undo' }).click();
    for (const each of [page, other]) await card(each, 'NAS').waitFor();
    expect(await other.getByText('1 host hidden').count()).toBe(0);
  });

  it('is behind a quiet line that stays open, and is shown again there, with the keyboard alone', async () => {
    const { page } = await open(homeFleet(now()));
    await act(page, 'NAS', 'Hide host');
    await card(page, 'NAS').waitFor({ state: 'detached' });
    // The card took its button with it: the focus is on the card beside it, not lost.
    expect(await focusedIn(page, 'article')).toBe('Tower');
    await page.getByRole('button', { name: '1 host hidden · Show' }).press('Enter');
    await page.reload();
    const section = page.getByRole('region', { name: 'Hidden hosts' });
    await section.getByText('down, last seen').waitFor();
    expect(await seriousViolations(page)).toEqual([]);
    await section.getByRole('button', { name: 'NAS', exact: true }).press('Enter');
    const drawer = page.getByRole('dialog', { name: 'NAS' });
    await drawer.getByText('This host is hidden from lists and pickers.').waitFor();
    await page.keyboard.press('Escape');
    await drawer.waitFor({ state: 'detached' });
    await section.getByRole('button', { name: 'Show again NAS' }).press('Enter');
    await card(page, 'NAS').waitFor();
    await section.waitFor({ state: 'detached' });
    expect(await focusedIn(page, 'article')).not.toBeNull();
  });

  it('raises no alarm, and its requests still count', async () => {
    const { page, server } = await open(homeFleet(now()));
    const strip = page.getByRole('banner', { name: 'Whole fleet' });
    await strip.getByText('of 6').waitFor();
    const flight = (await strip.innerText()).match(/In flight\s+(\d+)/)?.[1];
    await act(page, 'Tower', 'Hide host');
    await strip.getByText('of 5').waitFor();
    await strip.getByTitle('1 hidden host not counted; requests and tokens are those of all hosts').waitFor();
    expect((await strip.innerText()).match(/In flight\s+(\d+)/)?.[1]).toBe(flight);
    const reason = { code: 'refused', message: 'The host refused the connection. Is llama-swap running?' };
    server.push('liveness', liveness('tower', now(), { state: 'down', reason }));
    server.push('liveness', liveness('workstation', now(), { state: 'down', reason }));
    await page.locator('#announcer').getByText(`Workstation is down. ${reason.message}`).waitFor();
    await strip.getByText('of 5').waitFor();
  });

  it('opens by its address, says that it is hidden, and is shown again there', async () => {
    const { page, base } = await open(homeFleet(now()));
    await act(page, 'Tower', 'Hide host');
    await card(page, 'Tower').waitFor({ state: 'detached' });
    await page.goto(`${base}/?host=tower`);
    const drawer = page.getByRole('dialog', { name: 'Tower' });
    await drawer.getByText('This host is hidden from lists and pickers.').waitFor();
    // Its models are not hidden here: whoever looks at it wants to see them.
    await drawer.getByRole('region', { name: 'Models now' }).getByText('qwen3-32b-Q4_K_M').first().waitFor();
    expect(await seriousViolations(page)).toEqual([]);
    await drawer.getByRole('button', { name: 'Show again', exact: true }).press('Enter');
    await drawer.getByText('This host is hidden from lists and pickers.').waitFor({ state: 'detached' });
    await page.keyboard.press('Escape');
    await card(page, 'Tower').waitFor();
  });

  it('has its page, which says that it is hidden', async () => {
    const { page, base } = await open(homeFleet(now()), { path: '/hosts/tower/' });
    await act(page, 'Tower', 'Hide host');
    const note = page.getByText('This host is hidden from lists and pickers.');
    await note.waitFor();
    expect(await seriousViolations(page)).toEqual([]);
    await page.reload();
    await note.waitFor();
    await act(page, 'Tower', 'Show again');
    await note.waitFor({ state: 'detached' });
    await page.goto(base);
    await card(page, 'Tower').waitFor();
  });

  it('is shown when it was removed and is added again', async () => {
    const { page } = await open(homeFleet(now()));
    await act(page, 'NAS', 'Hide host');
    await page.getByRole('button', { name: '1 host hidden · Show' }).press('Enter');
    await page
      .getByRole('region', { name: 'Hidden hosts' })
      .getByRole('button', { name: 'NAS', exact: true })
      .press('Enter');
    await act(page, 'NAS', 'Remove…');
    await page
      .getByRole('dialog', { name: 'Remove NAS?' })
      .getByRole('button', { name: 'Remove', exact: true })
      .press('Enter');
    await page.getByText('NAS is removed.').waitFor();
    await page.getByRole('button', { name: 'Add host' }).press('Enter');
    const form = page.getByRole('dialog', { name: 'Add a host' });
    await form.getByLabel('Address').fill('nas.lan:8080');
    await form.getByLabel('Name').fill('NAS');
    await page.keyboard.press('Enter');
    await card(page, 'NAS').waitFor();
  });

  it.each(['compact', 'table'])('is left out of the %s view, too', async (view) => {
    const { page } = await open(homeFleet(now()), { path: `/?view=${view}` });
    await page.getByText('Tower', { exact: true }).first().waitFor();
    await act(page, 'Tower', 'Hide host');
    await page.getByRole('button', { name: '1 host hidden · Show' }).press('Enter');
    const section = page.getByRole('region', { name: 'Hidden hosts' });
    await section.getByRole('button', { name: 'Tower', exact: true }).waitFor();
    // There twice: its name, and what the button beside it is for.
    expect(await page.getByText('Tower', { exact: true }).count()).toBe(2);
    expect(await seriousViolations(page)).toEqual([]);
  });

  it('is found by the filter among many, and said to be hidden', async () => {
    const { page } = await open(largeFleet(65, now()));
    await page.getByLabel('Filter hosts').fill('node 17');
    await card(page, 'Node 17').waitFor();
    await act(page, 'Node 17', 'Hide host');
    await page.getByText('No host matches').waitFor();
    await page.getByRole('button', { name: '1 hidden host matches · Show' }).waitFor();
  });

  it('is no filter to add in Activity, but its requests stay', async () => {
    const { page, base } = await open(homeFleet(now()));
    await act(page, 'Tower', 'Hide host');
    await card(page, 'Tower').waitFor({ state: 'detached' });
    await page.goto(`${base}/activity/`);
    await page.getByRole('gridcell', { name: 'Tower', exact: true }).first().waitFor();
    const field = page.getByRole('combobox', { name: 'Add a filter' });
    await field.fill('host');
    await page.getByRole('option', { name: 'host Workstation' }).waitFor();
    expect(await page.getByRole('option', { name: 'host Tower' }).count()).toBe(0);
    await field.fill('host tower');
    await page.getByText('Only hidden hosts or models match “host tower”.').waitFor();
    await page.goto(`${base}/activity/?host=tower`);
    await page.getByRole('button', { name: 'Remove filter host Tower' }).waitFor();
  });
});

describe('a hidden model', () => {
  it('leaves the card of every browser at once, and is shown again, with the keyboard alone', async () => {
    const { page, server, base } = await open(homeFleet(now()));
    const other = await page.context().newPage();
    await other.goto(base);
    const towers = [page, other].map((each) => card(each, 'Tower'));
    for (const tower of towers) await tower.getByText('qwen3-32b-Q4_K_M').waitFor();
    await towers[0]!.getByRole('button', { name: 'Actions for qwen3-32b-Q4_K_M' }).press('Enter');
    await page.getByRole('menuitem', { name: 'Hide model' }).press('Enter');
    await page.getByText('qwen3-32b-Q4_K_M is hidden. Its history stays.').waitFor();
    expect(server.calls.at(-1)).toMatchObject({ method: 'PUT', path: '/api/hidden/tower/qwen3-32b-Q4_K_M' });
    for (const tower of towers) {
      const line = tower.getByText('1 model hidden, 1 of them loaded');
      await line.waitFor();
      await tower.getByRole('list', { name: 'Loaded models' }).getByText('qwen3-32b-Q4_K_M').waitFor({
        state: 'detached',
      });
    }
    expect(await focusedIn(page, 'article')).toBe('Tower');
    await towers[0]!.getByText('1 model hidden').press('Enter');
    expect(await seriousViolations(page)).toEqual([]);
    await towers[0]!.getByRole('button', { name: 'Show again qwen3-32b-Q4_K_M' }).press('Enter');
    for (const tower of towers)
      await tower.getByRole('list', { name: 'Loaded models' }).getByText('qwen3-32b-Q4_K_M').waitFor();
  });

  it('is left out of what Activity offers when no other host shows it', async () => {
    const { page, base } = await open(homeFleet(now()));
    await act(page, 'bge-m3-Q8_0', 'Hide model');
    await page.getByText('Only hidden models are loaded.').waitFor();
    await page.goto(`${base}/activity/?range=all`);
    const field = page.getByRole('combobox', { name: 'Add a filter' });
    await field.fill('model gpt');
    await page.getByRole('option', { name: 'model gpt-oss-20b-mxfp4' }).waitFor();
    await field.fill('model bge');
    await page.getByText('Only hidden hosts or models match “model bge”.').waitFor();
  });
});

describe('a favourite', () => {
  it('comes first in every browser at once: on the card, and in what Activity offers', async () => {
    const { page, base } = await open(homeFleet(now()));
    const other = await page.context().newPage();
    await other.goto(base);
    const first = (each: Page) =>
      card(each, 'Tower').getByRole('list', { name: 'Loaded models' }).locator('[data-model]').first();
    await page.getByRole('button', { name: 'Star nomic-embed-text-v2-F16' }).press('Enter');
    for (const each of [page, other])
      await first(each).getByRole('button', { name: 'Unstar nomic-embed-text-v2-F16' }).waitFor();
    await other.goto(`${base}/activity/`);
    await other.getByRole('gridcell', { name: 'Tower', exact: true }).first().waitFor();
    await other.getByRole('combobox', { name: 'Add a filter' }).fill('model');
    expect(await other.getByRole('option').first().innerText()).toContain('nomic-embed-text-v2-F16');
  });
});
