import { waitFor } from '@boocontrol/testing';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { homeFleet, noFleet } from '../../testing/fleet';
import { seriousViolations, useBrowser } from './browser';

const open = useBrowser();
const now = (): number => Date.now();
const editorAt = (name: string): string => `/routing/?what=policies&edit=${name}`;
const editor = (page: Page, name: string) => page.getByRole('dialog', { name });
const pane = (page: Page) => page.getByRole('region', { name: 'Against the last day' });
const sum = (page: Page) => pane(page).getByTestId('dry-run-sum');
const list = (page: Page) => pane(page).getByRole('list', { name: 'Chosen otherwise, newest first' });
const show = (page: Page) => page.getByRole('button', { name: 'Against the last day' }).click();

describe('a policy against the last day', () => {
  it('says how many requests would have gone elsewhere, which and why, by keyboard', async () => {
    const { page, server } = await open(homeFleet(now()), { path: editorAt('code') });
    const drawer = editor(page, 'auto:code');
    await drawer.getByRole('slider', { name: 'Affinity' }).focus();
    await page.keyboard.press('Home');
    await page.getByRole('button', { name: 'Against the last day' }).press('Enter');
    await pane(page)
      .getByText(/^It would have chosen otherwise in \d+ of \d+ requests, and the same in \d+\.$/)
      .waitFor();
    await pane(page)
      .getByText(/^In \d+ requests it cannot be told, because it would now let in what was left out/)
      .waitFor();
    expect(server.desk.held.at(-1)).toMatchObject({ draft: { name: 'code', weights: { affinity: 0 } } });
    expect(await seriousViolations(page)).toEqual([]);
    const row = list(page).getByRole('listitem').first();
    await row.getByText(/^More for \w+ \(\+/).waitFor();
    await row.getByRole('link').press('Enter');
    const request = editor(page, 'A request of the last day');
    await request.getByText('The choice').waitFor();
    expect(page.url()).toMatch(/edit=code&told=last-day&dispatch=/);
    expect(await seriousViolations(page)).toEqual([]);
    // Back to the editor, which still has what was not saved.
    await page.keyboard.press('Escape');
    await request.waitFor({ state: 'detached' });
    await drawer.getByText('one change').waitFor();
    expect(await drawer.getByRole('slider', { name: 'Affinity' }).inputValue()).toBe('0');
    const href = (await row.getByRole('link').getAttribute('href')) ?? '';
    await page.goto(new URL(href, page.url()).href);
    await page.getByRole('dialog').getByText('The choice').waitFor();
  });

  it('marks as old what was told of the policy before it was changed, and tells it anew', async () => {
    const { page, server } = await open(homeFleet(now()), {
      path: `${editorAt('code')}&told=last-day`,
    });
    await sum(page).waitFor();
    await editor(page, 'auto:code').getByLabel('Models').fill('phi*');
    await pane(page).getByText('The policy was changed since this was told.').waitFor();
    expect(server.desk.held).toHaveLength(1);
    await pane(page).getByRole('button', { name: 'Tell it anew' }).click();
    await list(page).getByText('nobody: refused').first().waitFor();
    await list(page).getByText('Nobody else could have taken it.').first().waitFor();
    await pane(page).getByText('The policy was changed since').waitFor({ state: 'detached' });
    await pane(page).getByRole('button', { name: 'Show 20 more of' }).click();
    await waitFor(async () => (await list(page).getByRole('listitem').count()) > 20, {
      what: 'more of them',
    });
  });

  it('says what is wrong while the policy has errors, and what failed', async () => {
    const { page, server } = await open(homeFleet(now()), { path: `${editorAt('code')}&told=last-day` });
    const field = editor(page, 'auto:code').getByLabel('Category', { exact: false });
    await sum(page).waitFor();
    await field.fill('Agent Coding');
    await pane(page)
      .getByText('This goes on when the policy is complete. Use up to 40 of a-z, 0-9 and hyphen.')
      .waitFor();
    await field.fill('math');
    server.desk.dryRunFails = { code: 'unavailable', message: 'The database cannot be used yet.' };
    await pane(page).getByRole('button', { name: 'Tell it anew' }).click();
    await pane(page)
      .getByRole('alert')
      .getByText('This could not be told. The database cannot be used yet.')
      .waitFor();
    server.desk.dryRunFails = null;
    await pane(page).getByRole('button', { name: 'Try again' }).click();
    await pane(page).getByRole('alert').waitFor({ state: 'detached' });
  });

  it('says what it is doing while that takes long, and can be stopped', async () => {
    const { page } = await open(homeFleet(now()), {
      path: editorAt('fast'),
      before: (of) => of.route('**/api/routing/dry-run', () => undefined),
    });
    await show(page);
    await pane(page).getByText('Going through the requests of the last day…').waitFor();
    const gone = page.waitForEvent('requestfailed', (request) => request.url().endsWith('/dry-run'));
    await pane(page).getByRole('button', { name: 'Stop' }).click();
    await gone;
    await pane(page).getByRole('button', { name: 'Hold it against the last day' }).waitFor();
  });

  it('says that there is nothing to hold it against where nobody has asked for it', async () => {
    const { page } = await open(noFleet(), { path: `${editorAt('auto')}&told=last-day` });
    await pane(page).getByText('Nobody has asked for auto in the last 24 hours').waitFor();
    await page.goto(`${page.url().split('?')[0]}?what=policies&ask=new&told=last-day`);
    await pane(page).getByText('This goes on when the policy is complete.').waitFor();
    await editor(page, 'A new policy').getByLabel('Name').fill('weekend');
    await pane(page).getByRole('button', { name: 'Hold it against the last day' }).click();
    await pane(page).getByText('Nobody has asked for auto:weekend').waitFor();
  });

  it.each([
    [1440, 'light'],
    [390, 'dark'],
  ] as const)('%i px, %s: nothing is wider than the screen', async (width, scheme) => {
    const path = `${editorAt('fast')}&told=last-day`;
    const { page } = await open(homeFleet(now()), { path, width, scheme, touch: width === 390 });
    await sum(page).waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBe(0);
    expect(await seriousViolations(page)).toEqual([]);
  });
});
