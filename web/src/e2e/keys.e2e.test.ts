import { waitFor } from '@boocontrol/testing';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { homeFleet, noFleet } from '../../testing/fleet';
import { apiKey, homeKeys } from '../../testing/keys';
import { seriousViolations, useBrowser } from './browser';

const open = useBrowser();
const now = (): number => Date.now();
const table = (page: Page) => page.getByRole('grid', { name: 'Keys' });
const first = (page: Page) => table(page).getByRole('row').nth(1);
const SECRET = /boo_[A-Za-z0-9_-]{43}/;

async function withKeys(options: Parameters<typeof open>[1] = {}, keys = homeKeys(now())) {
  const opened = await open(homeFleet(now()), options);
  opened.server.keys.list = keys;
  const go = (path = '/keys/'): Promise<unknown> => opened.page.goto(opened.base + path);
  return { ...opened, go };
}

/** Everywhere that the page could keep a text: what it shows, fields, storage, address, history and the state of React. */
const keptTexts = (page: Page): Promise<string> =>
  page.evaluate(() => {
    const seen = new Set<unknown>();
    const texts: string[] = [
      document.documentElement.outerHTML,
      ...[...document.querySelectorAll('input, textarea')].map((field) => (field as HTMLInputElement).value),
      ...Object.values(localStorage).map(String),
      ...Object.values(sessionStorage).map(String),
      document.cookie,
      location.href,
      JSON.stringify(history.state),
    ];
    const walk = (value: unknown): void => {
      const stack = [value];
      while (stack.length > 0 && seen.size < 400_000) {
        const each = stack.pop();
        if (typeof each === 'string') texts.push(each);
        if (typeof each !== 'object' || each === null || seen.has(each) || each instanceof Node) continue;
        seen.add(each);
        for (const name of Object.keys(each)) stack.push((each as Record<string, unknown>)[name]);
      }
    };
    for (const node of [document, ...document.querySelectorAll('*')])
      for (const name of Object.keys(node))
        if (name.startsWith('__react')) walk((node as unknown as Record<string, unknown>)[name]);
    return texts.join('\n');
  });

describe('the page of keys', () => {
  it('says when one needs keys at all, where there is none', async () => {
    const { page, server, base } = await open(noFleet(), { path: '/keys/' });
    await page.getByRole('heading', { name: 'No keys, and none is needed' }).waitFor();
    expect(await seriousViolations(page)).toEqual([]);
    server.keys.isNeeded = true;
    await page.goto(`${base}/keys/`);
    await page.getByRole('heading', { name: 'No keys yet, so nobody can use /v1' }).waitFor();
  });

  it('lists them, sorts and filters in the address, and opens one at its own', async () => {
    const { page, go } = await withKeys();
    await go();
    await first(page).getByText('Laptop of Ada').waitFor();
    await page.getByText('6 keys').waitFor();
    await table(page)
      .getByRole('img', { name: 'This month: 21,480,112 of 50,000,000 tokens, 42%' })
      .waitFor();
    await table(page).getByRole('button', { name: 'Tokens this month' }).click();
    await page.waitForURL('**/keys/?sort=-month');
    await page.keyboard.press('/');
    await page.keyboard.type('code');
    await page.getByText('1 of 6 keys').waitFor();
    await page.getByLabel('State').selectOption('Expired');
    await page.getByRole('heading', { name: 'No key matches' }).waitFor();
    await page.getByRole('button', { name: 'Show all keys' }).click();
    expect(new URL(page.url()).search).toBe('?sort=-month');
    await page.mouse.move(0, 0);
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    const drawer = page.getByRole('dialog', { name: 'Laptop of Ada' });
    await drawer.getByText('own hosts only').waitFor();
    expect(await seriousViolations(page)).toEqual([]);
    await page.reload();
    await drawer.waitFor();
    await page.keyboard.press('Escape');
    await drawer.waitFor({ state: 'detached' });
    await go('/keys/?key=0199f7a1-6f0e-4c3a-9d2b-999999999999');
    await page.getByText('There is no key with the id').waitFor();
  });

  it('says when they do not come, asks again, and dims what is old', async () => {
    const { page, server, go } = await withKeys();
    server.keys.listFails = { code: 'unavailable', message: 'The database is away.' };
    await go();
    await page.getByText('Couldn’t load the keys. The database is away.').waitFor();
    server.keys.listFails = null;
    await page.getByRole('button', { name: 'Try again' }).press('Enter');
    await first(page).waitFor();
    server.keys.listFails = { code: 'unavailable', message: 'The database is away.' };
    await page.getByRole('button', { name: 'Make a key' }).click();
    await page.getByLabel('Name', { exact: true }).fill('Any');
    await page.getByRole('button', { name: 'Make the key' }).click();
    await page.getByText('The keys are as they were told last.').waitFor();
    expect(await page.locator('#content .stale').count()).toBe(1);
  });

  it('makes one from the keyboard, beside each wrong field a sentence', async () => {
    const { page, server, go } = await withKeys();
    await go('/keys/?ask=new');
    const dialog = page.getByRole('dialog', { name: 'Make a key' });
    await dialog.getByLabel('Name', { exact: true }).waitFor();
    await dialog.getByLabel('Requests a minute').fill('lots');
    await dialog.getByRole('button', { name: 'Make the key' }).press('Enter');
    await dialog.getByText('Enter a name.').waitFor();
    await dialog.getByText('Enter a number.').waitFor();
    await waitFor(
      () => dialog.getByLabel('Name', { exact: true }).evaluate((field) => field === document.activeElement),
      {
        what: 'the focus on the first wrong field',
      },
    );
    expect(await seriousViolations(page)).toEqual([]);
    await dialog.getByLabel('Name', { exact: true }).fill('Laptop of Grace');
    expect(await dialog.getByLabel('Source').inputValue()).toBe('laptop-of-grace');
    await dialog.getByLabel('Models', { exact: true }).fill('qwen3*');
    await dialog.getByText('Fits 2 models now.').waitFor();
    await dialog.getByLabel('code', { exact: true }).check();
    await dialog.getByLabel('Requests a minute').fill('60');
    await dialog.getByLabel('Tokens a month').fill('50M');
    await dialog.getByLabel('Tokens a month').press('Enter');
    await page
      .getByRole('dialog', { name: 'The key of Laptop of Grace' })
      .getByText(SECRET)
      .first()
      .waitFor();
    expect(await seriousViolations(page)).toEqual([]);
    expect(server.calls.at(-1)?.body).toEqual({
      name: 'Laptop of Grace',
      label: 'laptop-of-grace',
      expiresAt: null,
      models: ['qwen3*'],
      policies: ['code'],
      requestsPerMinute: 60,
      tokensPerMinute: null,
      concurrentRequests: null,
      monthlyTokens: 50_000_000,
      frontier: false,
    });
  });

  it('changes one, revokes it, lets it in again, and removes it', async () => {
    const { page, server, go } = await withKeys();
    const [ada] = server.keys.list;
    await go(`/keys/?key=${ada?.id}`);
    const drawer = page.getByRole('dialog', { name: 'Laptop of Ada' });
    await drawer.getByRole('button', { name: 'Edit' }).click();
    const dialog = page.getByRole('dialog', { name: 'Edit Laptop of Ada' });
    await dialog.getByLabel('Tokens a month').fill('');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await drawer.getByText('no limit').first().waitFor();
    expect(server.calls.at(-1)).toMatchObject({ method: 'PATCH', body: { monthlyTokens: null } });
    await drawer.getByRole('button', { name: 'Revoke' }).click();
    const question = page.getByRole('dialog', { name: 'Revoke Laptop of Ada?' });
    await question.getByText('refused from their next request on').waitFor();
    await question.getByRole('button', { name: 'Revoke' }).click();
    await drawer.getByText('revoked', { exact: true }).waitFor();
    await drawer.getByRole('button', { name: 'Let in again' }).click();
    await drawer.getByText('active').waitFor();
    await drawer.getByRole('button', { name: 'Remove' }).click();
    await page
      .getByRole('dialog', { name: 'Remove Laptop of Ada?' })
      .getByRole('button', { name: 'Remove' })
      .click();
    await page.getByText('Laptop of Ada is removed.').waitFor();
    await page.getByText('5 keys').waitFor();
    expect(new URL(page.url()).search).toBe('');
  });
});

describe('a key that was just made', () => {
  async function made() {
    const opened = await withKeys();
    await opened.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await opened.go();
    const { page } = opened;
    await page.getByRole('button', { name: 'Make a key' }).click();
    await page.getByLabel('Name', { exact: true }).fill('Phone');
    await page.getByRole('button', { name: 'Make the key' }).click();
    const dialog = page.getByRole('dialog', { name: 'The key of Phone' });
    const text = await dialog.getByText(SECRET).first().textContent();
    const secret = SECRET.exec(text ?? '')?.[0] ?? '';
    expect(secret).not.toBe('');
    return { ...opened, dialog, secret };
  }

  it('is copied, and then nowhere in the page any more', async () => {
    const { page, dialog, secret } = await made();
    expect(await keptTexts(page)).toContain(secret);
    await dialog.getByText('/v1/chat/completions').waitFor();
    await dialog.getByRole('button', { name: 'Copy the key' }).click();
    await dialog.getByText('Copied').waitFor();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(secret);
    await dialog.getByRole('button', { name: 'Done' }).click();
    await dialog.waitFor({ state: 'detached' });
    await table(page).getByText('Phone', { exact: true }).waitFor();
    await waitFor(async () => !(await keptTexts(page)).includes(secret), { what: 'the key to be forgotten' });
    await page.reload();
    await table(page).getByText('Phone', { exact: true }).waitFor();
    expect(await keptTexts(page)).not.toContain(secret);
  });

  it('is not lost by accident: Esc and a step back ask, or leave it there', async () => {
    const { page, dialog, secret } = await made();
    await page.keyboard.press('Escape');
    await dialog.getByText('The key has not been copied.').waitFor();
    expect(await seriousViolations(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Back to the key' }).click();
    await page.goBack();
    await dialog.getByText(secret).first().waitFor();
    await dialog.getByRole('button', { name: 'Done' }).click();
    await dialog.getByRole('button', { name: 'Close without it' }).click();
    await dialog.waitFor({ state: 'detached' });
    await waitFor(async () => !(await keptTexts(page)).includes(secret), { what: 'the key to be forgotten' });
  });
});

describe('at every width, dark and light', () => {
  it.each([
    [1440, 'light'],
    [390, 'dark'],
  ] as const)('%i px, %s: nothing is wider than the screen', async (width, scheme) => {
    const many = Array.from({ length: 200 }, (_, n) => apiKey(n + 10));
    const touch = width === 390;
    const { page, server, go } = await withKeys({ width, scheme, touch }, [...homeKeys(now()), ...many]);
    for (const path of ['/keys/', `/keys/?key=${server.keys.list[2]?.id}`, '/keys/?ask=new']) {
      await go(path);
      await page.getByText('206 keys').waitFor();
      if (path !== '/keys/') await page.getByRole('dialog').waitFor();
      expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBe(0);
      expect(await seriousViolations(page)).toEqual([]);
    }
  });
});
