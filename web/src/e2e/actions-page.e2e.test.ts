import { instantFromMs } from '@boocontrol/fleet-model';
import { waitFor } from '@boocontrol/testing';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { homeFleet } from '../../testing/fleet';
import type { FixtureServer } from '../../testing/server';
import { seriousViolations, useBrowser } from './browser';

const open = useBrowser();
const now = (): number => Date.now();
const PATH = { path: '/actions/' };

/** So many actions that have ended, the newest a minute ago, every second one on Tower. */
function past(server: FixtureServer, number: number): void {
  for (let i = 0; i < number; i++) {
    const { id } = server.controls.add({
      kind: 'warm',
      providerId: i % 2 === 0 ? 'tower' : 'workstation',
      model: `m${number - i}`,
    });
    const endMs = now() - 60_000 * (i + 1);
    server.controls.change(id, {
      state: i % 5 === 4 ? 'failed' : 'succeeded',
      startedAt: instantFromMs(endMs - 41_000),
      endedAt: instantFromMs(endMs),
      reason: i % 5 === 4 ? { code: 'x', message: 'The model server ended with exit code 1.' } : null,
    });
  }
}
const grid = (page: Page) => page.getByRole('grid', { name: 'Actions that have ended, newest first' });
const firstRow = (page: Page) => grid(page).getByRole('row').nth(1);

describe('the page of actions', () => {
  it('shows the queues of all hosts now, and is filtered by host in its address', async () => {
    const { page, server } = await open(homeFleet(now()), PATH);
    await page.getByText('Nothing is under way, and nobody has a host to themselves.').waitFor();
    await page.getByRole('heading', { name: 'No actions yet' }).waitFor();
    expect(await seriousViolations(page)).toEqual([]);
    server.controls.start(server.controls.add({ kind: 'unload-all', providerId: 'tower' }).id);
    server.controls.add({ kind: 'warm', providerId: 'tower', model: 'phi-4-Q8_0' });
    server.controls.hold('workstation');
    await page.getByText('1 running, 1 waiting').waitFor();
    const section = page.getByRole('region', { name: 'Now' });
    await section.getByText('Unloading all models').waitFor();
    await section.getByText('Held by bench on tower-2').waitFor();
    await page.getByLabel('Host').selectOption('Tower');
    await section.getByText('Held by bench on tower-2').waitFor({ state: 'detached' });
    expect(new URL(page.url()).search).toBe('?host=tower');
    await section.getByRole('link', { name: 'Tower' }).click();
    await page.waitForURL('**/hosts/tower/');
  });

  it('has the history in pages, newest first, and what ends comes on top', async () => {
    const { page, server } = await open(homeFleet(now()));
    past(server, 230);
    await page.goto(page.url() + 'actions/');
    await firstRow(page).getByText('Load m230').waitFor();
    await firstRow(page).getByText('41.0 s').waitFor();
    await page.keyboard.press('End');
    await waitFor(
      async () => {
        await page.keyboard.press('End');
        return grid(page).getByText('Load m1', { exact: true }).isVisible();
      },
      { what: 'the oldest action' },
    );
    await page.keyboard.press('Home');
    const { id } = server.controls.add({ kind: 'unload-all', providerId: 'tower' });
    server.controls.end(id, 'succeeded');
    await firstRow(page).getByText('Unload all models').waitFor();
    expect(await seriousViolations(page)).toEqual([]);
  });

  it('tells all of an action by Enter, at its address', async () => {
    const { page, server } = await open(homeFleet(now()));
    past(server, 10);
    await page.goto(page.url() + 'actions/?host=tower');
    await firstRow(page).waitFor();
    expect(await grid(page).getByRole('row').count()).toBe(6);
    for (let i = 0; i < 3; i++) await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    const drawer = page.getByRole('dialog', { name: 'Load m6' });
    await drawer.getByText('The model server ended with exit code 1.').waitFor();
    expect(await seriousViolations(page)).toEqual([]);
    await page.reload();
    await drawer.getByText('failed').waitFor();
    await page.keyboard.press('Escape');
    await drawer.waitFor({ state: 'detached' });
  });

  it('opens one by its address that is older than what is loaded', async () => {
    const { page, server } = await open(homeFleet(now()));
    past(server, 130);
    const oldest = [...server.controls.actions.keys()].at(-1) ?? '';
    await page.goto(`${page.url()}actions/?open=${oldest}`);
    await page.getByRole('dialog', { name: 'Load m1' }).getByText('failed').waitFor();
  });

  it.each(['/actions/', '/actions/?what=leases'])(
    'has all of its columns in sight at 1024 px: %s',
    async (path) => {
      const { page, server } = await open(homeFleet(now()), { width: 1024 });
      past(server, 30);
      for (let i = 0; i < 30; i++)
        server.controls.changeLease(server.controls.hold('tower').id, {
          endedAt: instantFromMs(now() - 60_000 * i),
          end: 'released',
        });
      await page.goto(page.url().replace(/\/$/, '') + path);
      const table = page.getByRole('grid').first();
      await table.getByRole('row').nth(3).waitFor();
      expect(
        await table.evaluate(({ parentElement: box }) => (box ? box.scrollWidth - box.clientWidth : -1)),
      ).toBe(0);
    },
  );

  it('says when the history does not come, and asks again', async () => {
    const { page, server } = await open(homeFleet(now()));
    server.controls.listFails = { code: 'unavailable', message: 'The actions service is silent.' };
    await page.goto(page.url() + 'actions/');
    await page.getByText("Couldn't load the actions. The actions service is silent.").waitFor();
    server.controls.listFails = null;
    await page.getByRole('button', { name: 'Try again' }).press('Enter');
    await page.getByRole('heading', { name: 'No actions yet' }).waitFor();
  });

  it('has the leases that have ended, and a new one as soon as it has', async () => {
    const { page, server } = await open(homeFleet(now()), { path: '/actions/?what=leases' });
    await page.getByRole('heading', { name: 'No leases yet' }).waitFor();
    const { id } = server.controls.hold('tower');
    await page.getByText('Held by bench on tower-2').waitFor();
    server.controls.changeLease(id, {
      endedAt: instantFromMs(now()),
      end: 'taken_over',
      endedBy: 'anna',
      foreignRequests: 3,
    });
    const row = page
      .getByRole('grid', { name: 'Leases that have ended, newest first' })
      .getByRole('row')
      .nth(1);
    await row.getByText('taken over by anna').waitFor();
    await row.click();
    await page.getByRole('dialog', { name: 'bench on tower-2' }).getByText('3 meanwhile').waitFor();
    expect(await seriousViolations(page)).toEqual([]);
  });
});

describe('at every width, dark and light', () => {
  it.each([
    [1440, 'light'],
    [1024, 'dark'],
    [390, 'dark'],
    [390, 'light'],
  ] as const)(
    '%i px, %s: nothing is wider than the screen, and axe finds nothing serious',
    async (width, scheme) => {
      const { page, server, base } = await open(homeFleet(now()), { width, scheme });
      past(server, 30);
      const long = 'a-model-with-a-name-that-is-much-longer-than-any-column-can-be-235b-a22b-UD-Q4_K_XL';
      server.controls.start(server.controls.add({ kind: 'warm', providerId: 'tower', model: long }).id);
      for (let i = 0; i < 3; i++) server.controls.add({ kind: 'unload', providerId: 'tower', model: long });
      server.controls.hold('workstation', { purpose: `speed of ${long}` });
      for (const path of ['/', '/actions/', '/hosts/tower/', '/?host=tower']) {
        await page.goto(base + path);
        await page.getByRole('list', { name: 'Actions of Tower' }).last().waitFor();
        expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBe(0);
        expect(
          await page.evaluate(() => {
            const content = document.getElementById('content');
            return content ? content.scrollWidth - content.clientWidth : -1;
          }),
        ).toBe(0);
        expect(await seriousViolations(page)).toEqual([]);
      }
      await page
        .getByRole('button', { name: `Take back: Unload ${long}` })
        .last()
        .click();
      await page.getByRole('list', { name: 'Actions of Tower' }).last().getByText('taken back').waitFor();
    },
  );
});

it('a phone reaches the menu of a model and what it asks', async () => {
  const { page, server } = await open(homeFleet(now()), { width: 390, touch: true });
  await page.getByRole('button', { name: 'Actions for qwen3-32b-Q4_K_M' }).first().tap();
  await page.getByRole('menuitem', { name: 'Unload…' }).tap();
  await page.getByText('2 requests').waitFor();
  expect(await seriousViolations(page)).toEqual([]);
  await page.getByRole('button', { name: 'Unload qwen3-32b-Q4_K_M', exact: true }).tap();
  await page.getByText('Tower has it in its queue.').waitFor();
  expect(server.controls.open('tower')).toHaveLength(1);
});
