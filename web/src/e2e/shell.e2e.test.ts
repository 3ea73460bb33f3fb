import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { homeFleet, largeFleet } from '../../testing/fleet';
import { kindsFleet } from '../../testing/kinds';
import { seriousViolations, useBrowser } from './browser';

const open = useBrowser();
const now = (): number => Date.now();
const search = (page: Page): string => new URL(page.url()).search;
/** The accessible name, or the text, of what has the focus. */
const focused = (page: Page): Promise<string> =>
  page.evaluate(() => {
    const { activeElement: element } = document;
    return element?.getAttribute('aria-label') ?? element?.textContent ?? '';
  });

describe('the focus', () => {
  it('moves in a menu by arrow keys and first letters, and goes back to its button', async () => {
    const { page } = await open(homeFleet(now()));
    const button = page.getByRole('button', { name: 'Actions for NAS' });
    await button.press('ArrowDown');
    await page.getByRole('menuitem', { name: 'Details and charts' }).waitFor();
    await expect.poll(() => focused(page)).toBe('Details and charts');
    await page.keyboard.press('ArrowDown');
    await expect.poll(() => focused(page)).toBe('Reconnect now');
    await page.keyboard.press('End');
    await expect.poll(() => focused(page)).toBe('Remove…');
    await page.keyboard.press('e');
    await expect.poll(() => focused(page)).toBe('Edit…');
    await page.keyboard.press('Escape');
    await page.getByRole('menu').waitFor({ state: 'detached' });
    await expect.poll(() => focused(page)).toBe('Actions for NAS');
  });

  it('goes back to what opened a dialog, after saving as after leaving it', async () => {
    const { page } = await open(homeFleet(now()));
    const act = async (name: string): Promise<void> => {
      await page.getByRole('button', { name: 'Actions for NAS' }).press('Enter');
      await page.getByRole('menuitem', { name, exact: true }).press('Enter');
      await page.getByRole('dialog').waitFor();
    };
    await act('Edit…');
    await page.getByRole('dialog').getByLabel('Tags').fill('disks');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await expect.poll(() => focused(page)).toBe('Actions for NAS');
    await act('Remove…');
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await expect.poll(() => focused(page)).toBe('Actions for NAS');
    await page.getByRole('button', { name: 'Actions for NAS' }).press('Enter');
    await page.getByRole('menuitem', { name: 'Reconnect now' }).press('Enter');
    await page.getByText('Connecting to NAS again.').waitFor();
    await expect.poll(() => focused(page)).toBe('Actions for NAS');
    await page.getByRole('button', { name: 'Add host' }).press('Enter');
    await page.getByRole('dialog').getByLabel('Address').fill('http://new.lan:8080');
    await page.keyboard.press('Enter');
    await page.getByRole('article', { name: 'new' }).waitFor();
    await expect.poll(() => focused(page)).toBe('Add host');
  });

  it('goes into what a menu opens, also when its script is there already', async () => {
    const { page } = await open(homeFleet(now()));
    const inDialog = () => page.evaluate(() => document.activeElement?.closest('[role=dialog]') !== null);
    for (const name of ['Edit…', 'Edit…', 'Remove…', 'Remove…', 'Details and charts', 'Details and charts']) {
      await page.getByRole('button', { name: 'Actions for NAS' }).press('Enter');
      await page.getByRole('menuitem', { name, exact: true }).press('Enter');
      await page.getByRole('dialog').waitFor();
      await page.getByRole('menu').waitFor({ state: 'detached' });
      await expect.poll(inDialog).toBe(true);
      await page.keyboard.press('Tab');
      expect(await inDialog(), name).toBe(true);
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
      await expect.poll(() => focused(page)).toBe('Actions for NAS');
    }
  });

  // Axe is told to leave these guards out: they are hidden from screen readers and take the Tab key.
  it('leaves a menu by Tab, and never rests on the invisible guards around what is open', async () => {
    const { page } = await open(homeFleet(now()), { path: '/activity/' });
    const isOnGuard = () =>
      page.evaluate(() => document.activeElement?.hasAttribute('data-base-ui-focus-guard'));
    let passed = 0;
    const walk = async (opener: string): Promise<void> => {
      for (const key of ['Tab', 'Shift+Tab', 'Shift+Tab', 'Tab', 'Tab', 'Tab', 'Tab', 'Tab', 'Tab']) {
        passed += await page.locator('[data-base-ui-focus-guard]').count();
        await page.keyboard.press(key);
        await expect.poll(isOnGuard, { message: `${opener}, ${key}` }).toBe(false);
      }
    };
    await page.getByRole('button', { name: /^Time range/ }).press('Enter');
    await page.getByRole('dialog', { name: 'Time range' }).waitFor();
    await walk('time range');
    await page.getByRole('link', { name: 'Fleet' }).first().click();
    await page.getByRole('button', { name: 'Actions for NAS' }).press('Enter');
    const menu = page.getByRole('menu');
    // It takes the focus a moment after it is there.
    await menu.and(page.locator(':focus-within, :focus')).waitFor();
    await page.keyboard.press('Tab');
    await menu.waitFor({ state: 'detached' });
    await expect.poll(() => focused(page)).toBe('Actions for NAS');
    await walk('after a menu');
    await page.getByRole('button', { name: 'Add host' }).press('Enter');
    await page.getByRole('dialog').waitFor();
    await walk('dialog');
    expect(passed).toBeGreaterThan(0);
  });

  it('does not fall out of the page when the host it was on is removed', async () => {
    const { page } = await open(homeFleet(now()));
    await page.getByRole('button', { name: 'Actions for NAS' }).press('Enter');
    await page.getByRole('menuitem', { name: 'Remove…' }).press('Enter');
    await page.getByRole('dialog').getByRole('button', { name: 'Remove', exact: true }).press('Enter');
    await page.getByRole('article', { name: 'NAS' }).waitFor({ state: 'detached' });
    await expect
      .poll(() => page.evaluate(() => document.activeElement?.closest('#content') !== null))
      .toBe(true);
  });
});

describe('a name that is cut off', () => {
  const NAME = 'a-model-with-a-name-that-is-much-longer-than-any-column-can-be-235b-a22b-UD-Q4_K_XL';

  it('is told in full while the keyboard is at it, and not for the pointer', async () => {
    const { page } = await open(kindsFleet(now()), { path: '/?view=cards' });
    const told = page.getByTestId('full-text');
    const rack = page.getByRole('article', { name: 'Rack' });
    await rack.getByText('2 models not loaded').click();
    await rack.getByText('2 models not loaded').focus();
    await page.keyboard.press('Tab');
    await told.getByText(NAME, { exact: true }).waitFor();
    const box = await told.boundingBox();
    expect((box?.x ?? -1) >= 0 && (box?.x ?? 0) + (box?.width ?? 0) <= 1440).toBe(true);
    expect(await seriousViolations(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await told.waitFor({ state: 'detached' });
    await rack.getByRole('button', { name: `Star ${NAME}` }).click();
    await rack.getByRole('button', { name: `Unstar ${NAME}` }).waitFor();
    expect(await told.count()).toBe(0);
  });

  it('is told of the row that the arrow keys are on', async () => {
    const { page } = await open(homeFleet(now()), { path: '/activity/?host=embedder', width: 1024 });
    await page.locator('[data-testid=feed-row]').first().waitFor();
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    await page.getByTestId('full-text').getByText('Embedder in the cellar').waitFor();
  });
});

describe('a drawer', () => {
  it('has an address: back closes it, forward and a reload open it, closing leaves no step behind', async () => {
    const { page } = await open(homeFleet(now()));
    const drawer = page.getByRole('dialog', { name: 'Tower' });
    await page.getByRole('button', { name: 'Tower', exact: true }).press('Enter');
    await drawer.waitFor();
    expect(search(page)).toBe('?host=tower');
    await page.goBack();
    await drawer.waitFor({ state: 'detached' });
    await page.goForward();
    await drawer.waitFor();
    await page.reload();
    await drawer.waitFor();
    await page.keyboard.press('Escape');
    await drawer.waitFor({ state: 'detached' });
    await expect.poll(() => search(page)).toBe('');
    await page.getByRole('button', { name: 'Tower', exact: true }).press('Enter');
    await drawer.getByRole('button', { name: 'Close' }).press('Enter');
    await drawer.waitFor({ state: 'detached' });
    await expect.poll(() => focused(page)).toBe('Tower');
  });

  it('closes after its content changed the address, and takes what was its own along', async () => {
    const { page } = await open(homeFleet(now()), { path: '/?text=t' });
    await page.getByRole('button', { name: 'Tower', exact: true }).click();
    const drawer = page.getByRole('dialog', { name: 'Tower' });
    await drawer.getByRole('button', { name: /^Time range/ }).click();
    await page.getByRole('dialog', { name: 'Time range' }).getByRole('button', { name: 'Last 24 h' }).click();
    await expect.poll(() => search(page)).toBe('?text=t&host=tower&range=24h');
    await drawer.getByRole('button', { name: 'Close' }).click();
    await drawer.waitFor({ state: 'detached' });
    await expect.poll(() => search(page)).toBe('?text=t');
  });
});

describe('the pages', () => {
  it('are a bar below on a phone, with a sheet for the rest', async () => {
    const { page } = await open(homeFleet(now()), { width: 390 });
    const bar = page.getByRole('navigation', { name: 'Pages' });
    expect(await bar.getByRole('link').allInnerTexts()).toEqual([
      'Fleet',
      'Activity',
      'Playground',
      'Bench',
      'Routing',
    ]);
    await bar.getByRole('button', { name: 'More' }).click();
    const sheet = page.getByRole('dialog', { name: 'More' });
    await sheet.getByRole('link', { name: 'Keys' }).waitFor();
    await sheet.getByRole('link', { name: 'Actions' }).waitFor();
    await sheet.getByRole('button', { name: 'light' }).click();
    expect(await page.locator('html').getAttribute('data-theme')).toBe('light');
    expect(await seriousViolations(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await sheet.waitFor({ state: 'detached' });
    await expect.poll(() => focused(page)).toBe('More');
    await bar.getByRole('link', { name: 'Activity' }).click();
    await page.getByRole('heading', { name: 'Activity' }).waitFor();
  });

  it('are in groups in the rail', async () => {
    const { page } = await open(homeFleet(now()));
    const watch = page.getByRole('list', { name: 'Watch' });
    expect((await watch.getByRole('link').allInnerTexts()).slice(0, 4)).toEqual([
      'Fleet',
      'Activity',
      'Logs',
      'Consumers',
    ]);
    const operate = page.getByRole('list', { name: 'Operate' });
    expect(await operate.getByRole('link').allInnerTexts()).toEqual(['Actions']);
    await watch.getByRole('link', { name: 'Activity' }).click();
    await page.getByRole('heading', { name: 'Activity' }).waitFor();
    expect(await watch.getByRole('link', { name: 'Activity' }).getAttribute('aria-current')).toBe('page');
  });
});

describe('the shell', () => {
  it.each(['/', '/?view=compact', '/?view=table', '/activity/', '/hosts/tower/', '/hosts/rack/?range=24h'])(
    'has one place that scrolls, and nothing beside the screen: %s',
    async (path) => {
      for (const width of [1440, 1024, 390]) {
        const { page } = await open(kindsFleet(now()), { path, width });
        await page.getByRole('heading', { level: 1 }).waitFor();
        if (path.startsWith('/hosts/'))
          await page.getByRole('region', { name: 'Figures of each model' }).waitFor();
        const over = await page.evaluate(() => {
          const { scrollHeight, scrollWidth } = document.documentElement;
          const content = document.getElementById('content');
          return [
            scrollHeight - innerHeight,
            scrollWidth - innerWidth,
            content ? content.scrollWidth - content.clientWidth : NaN,
          ];
        });
        expect(over, `${width} px`).toEqual([0, 0, 0]);
      }
    },
  );
});

describe('a table', () => {
  it('of hosts and one of models fit a screen of 1024 px', async () => {
    const beyond = (page: Page, role: 'grid' | 'region', name: string): Promise<number> =>
      page.getByRole(role, { name }).evaluate((element) => {
        const box = element.scrollWidth > element.clientWidth ? element : (element.parentElement ?? element);
        return box.scrollWidth - box.clientWidth;
      });
    const { page } = await open(kindsFleet(now()), { path: '/?view=table', width: 1024 });
    await page.getByRole('row', { name: /Rack/ }).waitFor();
    expect(await beyond(page, 'grid', 'Hosts')).toBe(0);
    await page.goto(`${new URL(page.url()).origin}/hosts/rack/`);
    await page.locator('tr[data-model]').first().waitFor();
    expect(await beyond(page, 'region', 'Figures of each model')).toBe(0);
  });

  it.each(['dark', 'light'] as const)('has the fleet in lines, worked by keyboard, %s', async (scheme) => {
    const { page } = await open(homeFleet(now()), { scheme });
    await page.getByRole('button', { name: 'Table' }).click();
    const table = page.getByRole('grid', { name: 'Hosts' });
    await table.getByRole('row', { name: /Tower/ }).waitFor();
    expect(await seriousViolations(page)).toEqual([]);
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    await page.keyboard.press('k');
    await page.keyboard.press('ArrowDown');
    await expect.poll(() => table.getByRole('row', { selected: true }).count()).toBe(1);
    const second = (await table.getByRole('row').nth(2).getByRole('gridcell').first().innerText()).trim();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: second }).waitFor();
    await page.keyboard.press('Escape');
    await expect.poll(() => focused(page)).toContain(second);
  });

  it('is sorted by its heads and keeps order and columns over a reload', async () => {
    const { page } = await open(homeFleet(now()), { path: '/?view=table' });
    const table = page.getByRole('grid', { name: 'Hosts' });
    const names = async (): Promise<string[]> =>
      (
        await table
          .getByRole('row')
          .all()
          .then((rows) =>
            Promise.all(rows.slice(1).map((row) => row.getByRole('gridcell').first().innerText())),
          )
      ).map((name) => name.trim());
    await table.getByRole('row', { name: /Tower/ }).waitFor();
    await table.getByRole('button', { name: 'Host', exact: true }).click();
    await table.getByRole('button', { name: 'Host', exact: true }).click();
    await page.mouse.move(5, 5);
    await expect.poll(names).toSatisfy((all: string[]) => all[0] === 'Workstation');
    await page.getByRole('button', { name: 'Choose columns' }).click();
    await page.getByRole('dialog', { name: 'Columns' }).getByLabel('Address').check();
    expect(await seriousViolations(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.reload();
    await table.getByRole('columnheader', { name: 'Address' }).waitFor();
    await expect.poll(names).toSatisfy((all: string[]) => all[0] === 'Workstation');
  });

  it('carries a thousand hosts, and scrolls sideways on a phone without the page doing so', async () => {
    const { page } = await open(largeFleet(1000, now()), { path: '/?view=table', width: 390 });
    const table = page.getByRole('grid', { name: 'Hosts' });
    await table.getByRole('row').nth(5).waitFor();
    expect(await table.getByRole('row').count()).toBeLessThan(80);
    await page.keyboard.press('End');
    await table.getByRole('row', { name: /Node 1000/ }).waitFor();
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(overflow).toBeLessThanOrEqual(0);
  });
});

describe('the command palette', () => {
  it('finds hosts, models, pages and commands by keyboard, from any page', async () => {
    const { page } = await open(homeFleet(now()), { path: '/activity/' });
    await page.locator('[data-testid=feed-row]').first().waitFor();
    const palette = page.getByRole('dialog', { name: 'Command palette' });
    const choose = async (typed: string, option: string): Promise<void> => {
      await page.keyboard.press('Control+k');
      await palette.getByRole('combobox').fill(typed);
      await palette.getByRole('option', { name: option }).first().waitFor();
      await page.keyboard.press('Enter');
      await palette.waitFor({ state: 'detached' });
    };
    await choose('work', 'Workstation');
    await page.getByRole('heading', { name: 'Workstation', level: 1 }).waitFor();
    await choose('hosts nas', 'NAS');
    await page.getByRole('heading', { name: 'NAS', level: 1 }).waitFor();
    await choose('qwen3-32b', 'qwen3-32b-Q4_K_M');
    await page.getByRole('button', { name: 'Remove filter model qwen3-32b-Q4_K_M' }).waitFor();
    await choose('pages fleet', 'Fleet');
    await page.getByRole('heading', { name: 'Fleet' }).waitFor();
    await choose('light', 'Theme: light');
    await expect.poll(() => page.locator('html').getAttribute('data-theme')).toBe('light');
    await choose('add a', 'Add a host');
    await page.getByRole('dialog', { name: 'Add a host' }).getByLabel('Address').waitFor();
    await expect.poll(() => search(page)).toBe('?ask=add');
  });

  it.each(['dark', 'light'] as const)('and the map of keys give the focus back; axe, %s', async (scheme) => {
    const { page } = await open(homeFleet(now()), { scheme });
    const button = page.getByRole('button', { name: 'Actions for NAS' });
    await button.focus();
    await page.keyboard.press('Control+k');
    const palette = page.getByRole('dialog', { name: 'Command palette' });
    await palette.getByRole('option').first().waitFor();
    expect(await seriousViolations(page)).toEqual([]);
    await page.keyboard.type('zzz');
    await palette.getByText('Nothing matches “zzz”.').waitFor();
    await page.keyboard.press('Escape');
    await palette.waitFor({ state: 'detached' });
    await expect.poll(() => focused(page)).toBe('Actions for NAS');
    await page.keyboard.press('?');
    const map = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
    await map.getByText('Next row').waitFor();
    expect(await seriousViolations(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await expect.poll(() => focused(page)).toBe('Actions for NAS');
  });
});

describe('the form of a host', () => {
  it('says in plain sentences what is wrong, without asking, and goes to the first field', async () => {
    const { page, server } = await open(homeFleet(now()), { path: '/?ask=add' });
    const dialog = page.getByRole('dialog', { name: 'Add a host' });
    await dialog.getByLabel('Name').fill('x'.repeat(90));
    await dialog.getByLabel('Address').fill('ftp://tower');
    await page.keyboard.press('Enter');
    await dialog.getByText('Use an http:// or https:// address, e.g. http://192.168.1.20:8080.').waitFor();
    await dialog.getByText('A name has at most 80 characters.').waitFor();
    await dialog.getByRole('button', { name: 'Add host' }).press('Enter');
    await expect
      .poll(() => dialog.getByLabel('Address').evaluate((field) => field === document.activeElement))
      .toBe(true);
    expect(server.calls).toEqual([]);
    expect(await seriousViolations(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await expect.poll(() => search(page)).toBe('');
  });
});

describe('what an action led to', () => {
  it('can be taken back for a while', async () => {
    const { page, server } = await open(homeFleet(now()));
    await page.getByRole('button', { name: 'Actions for NAS' }).press('Enter');
    await page.getByRole('menuitem', { name: 'Disable' }).press('Enter');
    await page.getByRole('article', { name: 'NAS' }).getByText('disabled, not followed').waitFor();
    expect(await seriousViolations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Undo' }).press('Enter');
    await page.getByText('NAS is followed again.').waitFor();
    expect(server.calls.map(({ body }) => body)).toEqual([{ enabled: false }, { enabled: true }]);
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('content');
  });
});

describe('a panel', () => {
  it('fails alone, in words', async () => {
    const { page } = await open(homeFleet(now()));
    await page.getByRole('article', { name: 'Tower' }).waitFor();
    await page.route('**/_next/static/chunks/**', (route) => route.abort());
    await page.getByRole('button', { name: 'Tower', exact: true }).click();
    await page.getByRole('heading', { name: 'Couldn’t show the host' }).waitFor();
    await page.getByRole('button', { name: 'Reload the page' }).waitFor();
    expect(await page.getByTestId('host-card').count()).toBe(7);
  });
});
