import { waitFor } from '@boocontrol/testing';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { homeFleet, largeFleet, noFleet } from '../../testing/fleet';
import { homeKeys } from '../../testing/keys';
import type { FixtureServer } from '../../testing/server';
import { seriousViolations, useBrowser } from './browser';

const open = useBrowser();
const now = (): number => Date.now();
const PATH = '/routing/?what=policies';
const list = (page: Page) => page.getByRole('list', { name: 'Policies' });
const editor = (page: Page, name: string) => page.getByRole('dialog', { name });
const pane = (page: Page) => page.getByRole('region', { name: 'What it would decide' });
const choice = (page: Page) => pane(page).getByTestId('choice');
/** What was saved; dry runs are asked for all the while. */
const changes = (server: FixtureServer) =>
  server.calls.filter(({ path }) => path.startsWith('/api/routing/policies'));

describe('the policies', () => {
  it('are listed with what they would choose now, each at its own address', async () => {
    const { page } = await open(homeFleet(now()), { path: PATH });
    await list(page).getByRole('listitem').nth(4).getByText('Only *70b*, *120b*').waitFor();
    await list(page).getByText('Would choose now:').first().waitFor();
    expect(await seriousViolations(page)).toEqual([]);
    await list(page).getByRole('button', { name: 'auto:night' }).press('Enter');
    await page.waitForURL('**/routing/?what=policies&edit=night');
    await editor(page, 'auto:night').getByRole('slider', { name: 'Quality' }).waitFor();
    await page.reload();
    await editor(page, 'auto:night').waitFor();
    await page.keyboard.press('Escape');
    await editor(page, 'auto:night').waitFor({ state: 'detached' });
  });

  it('are explained as they are edited, by keyboard, and saved', async () => {
    const { page, server } = await open(homeFleet(now()), { path: `${PATH}&edit=code` });
    await choice(page).getByText('would be asked first').waitFor();
    const slider = editor(page, 'auto:code').getByRole('slider', { name: 'Speed' });
    await slider.focus();
    await page.keyboard.press('End');
    await page.keyboard.press('ArrowLeft');
    expect(await slider.inputValue()).toBe('0.95');
    const weight = (): unknown =>
      (server.desk.explained.at(-1) as { draft: { weights: { speed: number } } }).draft.weights.speed;
    await waitFor(() => weight() === 0.95, { what: 'the dry run of what is edited' });
    await waitFor(
      async () => (await choice(page).locator('..').getAttribute('class'))?.includes('stale') === false,
      {
        what: 'the newest answer',
      },
    );
    expect(await seriousViolations(page)).toEqual([]);
    const models = editor(page, 'auto:code').getByLabel('Models');
    await models.fill('phi*, nothing-like-it');
    await page.getByText('fits no model that is there now.').waitFor();
    await page.getByRole('list', { name: 'What the patterns fit now' }).getByText('phi-4-Q8_0').waitFor();
    await choice(page).getByText('phi-4-Q8_0').waitFor();
    await pane(page).getByText('policy leaves it out').first().waitFor();
    await page.getByText('2 changes').waitFor();
    expect(changes(server)).toEqual([]);
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('auto:code is saved as version 2.').waitFor();
    await list(page).getByText('Only phi*, nothing-like-it').waitFor();
    expect(changes(server).at(-1)).toMatchObject({
      method: 'PUT',
      path: '/api/routing/policies/code?version=1',
      body: { weights: { speed: 0.95 }, models: ['phi*', 'nothing-like-it'] },
    });
  });

  it('are tried with a request: what it needs, its session, its key', async () => {
    const { page, server } = await open(homeFleet(now()), {});
    server.keys.list = homeKeys(now());
    await page.goto(`${page.url()}${PATH.slice(1)}&edit=fast`);
    await pane(page).getByText('For a request: auto:fast').click();
    await pane(page).getByLabel('Needs tools').check();
    await pane(page).getByLabel('Tokens at most').fill('200');
    await pane(page).getByLabel('Session').fill('chat-17');
    await pane(page).getByLabel('Key').selectOption('Laptop of Ada');
    const last = (): object => (server.desk.explained.at(-1) ?? {}) as object;
    await waitFor(() => 'session' in last() && 'keyId' in last(), { what: 'the dry run' });
    expect(last()).toMatchObject({
      session: 'chat-17',
      keyId: server.keys.list[0]?.id,
      body: { model: 'auto:fast', max_tokens: 200, tools: [{}] },
    });
    server.desk.explainFails = { code: 'validation', message: 'The body is not valid.' };
    await pane(page).getByLabel('Message').fill('Hello again');
    await pane(page).getByRole('alert').getByText('This could not be told.').waitFor();
    server.desk.explainFails = null;
    await pane(page).getByRole('button', { name: 'Try again' }).click();
    await pane(page).getByRole('alert').waitFor({ state: 'detached' });
  });

  it('say what somebody else changed meanwhile, and go on either way', async () => {
    const { page, server } = await open(homeFleet(now()), { path: `${PATH}&edit=night` });
    const drawer = editor(page, 'auto:night');
    await drawer.getByLabel('What it is for').fill('Mine');
    server.desk.change('night', { models: ['*120b*'] });
    await drawer.getByRole('button', { name: 'Save' }).click();
    const alert = drawer.getByRole('alert').filter({ hasText: 'Somebody else has changed this policy' });
    await alert.getByText('models *70b*, *120b* → *120b*').waitFor();
    expect(await seriousViolations(page)).toEqual([]);
    await alert.getByRole('button', { name: 'Keep mine' }).click();
    await drawer.getByRole('button', { name: 'Save' }).click();
    await page.getByText('auto:night is saved as version 5.').waitFor();
    await list(page).getByRole('button', { name: 'auto:night' }).click();
    await drawer.getByText('Versions before').click();
    const versions = drawer.getByRole('list', { name: 'Versions, newest first' });
    await versions.getByText('models *70b*, *120b* → *120b*').waitFor();
    await versions.getByRole('button', { name: 'Take it back: version 4' }).click();
    await drawer.getByText('2 changes').waitFor();
    await page.keyboard.press('Escape');
    await page
      .getByRole('dialog', { name: 'Leave auto:night as it was?' })
      .getByRole('button', { name: 'Leave it' })
      .click();
    await drawer.waitFor({ state: 'detached' });
  });

  it('are added, and own ones removed', async () => {
    const { page, server } = await open(homeFleet(now()), { path: `${PATH}&ask=new` });
    const drawer = editor(page, 'A new policy');
    await drawer.getByLabel('Name').fill('direct');
    await drawer.getByRole('button', { name: 'Add the policy' }).click();
    await drawer.getByText('The name is reserved; use another name.').waitFor();
    await drawer.getByLabel('Name').fill('night');
    await drawer.getByRole('button', { name: 'Add the policy' }).click();
    await drawer.getByText('There is a policy "night" already.').waitFor();
    await drawer.getByLabel('Name').fill('weekend');
    await drawer.getByLabel('Tower').check();
    await drawer.getByRole('button', { name: 'Add the policy' }).press('Enter');
    await page.getByText('auto:weekend is saved as version 1.').waitFor();
    expect(changes(server).at(-1)?.body).toMatchObject({ name: 'weekend', providers: ['tower'] });
    await list(page).getByRole('button', { name: 'auto:weekend' }).click();
    await editor(page, 'auto:weekend').getByRole('button', { name: 'Remove' }).click();
    await page
      .getByRole('dialog', { name: 'Remove auto:weekend?' })
      .getByRole('button', { name: 'Remove' })
      .click();
    await page.getByText('auto:weekend is removed.').waitFor();
    await list(page).getByRole('button', { name: 'auto:weekend' }).waitFor({ state: 'detached' });
    await list(page).getByRole('button', { name: 'auto:code' }).click();
    await editor(page, 'auto:code').getByRole('button', { name: 'Save' }).waitFor();
    expect(await editor(page, 'auto:code').getByRole('button', { name: 'Remove' }).count()).toBe(0);
  });

  it.each([
    [1440, 'light'],
    [390, 'dark'],
  ] as const)('%i px, %s: nothing is wider than the screen', async (width, scheme) => {
    const { page, base } = await open(largeFleet(60, now()), { width, scheme, touch: width === 390 });
    for (const path of [PATH, `${PATH}&edit=night`]) {
      await page.goto(base + path);
      await list(page).getByText('Would choose').first().waitFor();
      if (path !== PATH) await pane(page).getByTestId('choice').waitFor();
      expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBe(0);
      expect(await seriousViolations(page)).toEqual([]);
    }
  });

  it('say that nothing would be chosen where there is no host', async () => {
    const { page } = await open(noFleet(), { path: PATH });
    await list(page).getByText('Would choose nothing now.').first().waitFor();
  });
});

describe('badges of models', () => {
  it('are in the palette, the dialog of an action and the table of a host, with their reasons, from one request', async () => {
    const { page, server, base } = await open(homeFleet(now()), { path: '/hosts/tower/' });
    const row = page.locator('tr[data-model="qwen3-32b-Q4_K_M"]');
    await row.getByTestId('badges').getByText('loaded', { exact: true }).waitFor();
    await page.getByRole('heading', { name: 'Tower' }).waitFor();
    await row.getByTestId('badges').focus();
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Tab');
    await page.getByTestId('full-text').getByText('Loaded now on Tower.').waitFor();
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: 'Command palette' }).fill('qwen3-32b');
    const palette = page.getByRole('dialog', { name: 'Command palette' });
    await palette.getByRole('option').first().getByTestId('badges').waitFor();
    await palette.getByRole('status').getByText('Loaded now on Tower.').waitFor();
    expect(await seriousViolations(page)).toEqual([]);
    await page.keyboard.press('Escape');
    const asked = server.answered.filter(({ url }) => url.pathname === '/api/routing/choices');
    expect(asked).toHaveLength(1);
    await page.goto(`${base}/hosts/tower/`);
    await page.getByRole('button', { name: 'Actions for qwen3-32b-Q4_K_M' }).first().click();
    await page.getByRole('menuitem', { name: 'Unload…' }).click();
    await page.getByRole('dialog').getByTestId('badges').getByText('loaded', { exact: true }).waitFor();
  });
});
