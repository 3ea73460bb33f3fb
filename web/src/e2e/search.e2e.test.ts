import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { homeFleet } from '../../testing/fleet';
import { seriousViolations, useBrowser } from './browser';

const open = useBrowser();
const field = (page: Page) => page.getByRole('searchbox', { name: 'Text in prompts and answers' });
const found = (page: Page) => page.getByTestId('found');

describe('a search in captured texts', () => {
  it('finds what was said, shows where, and is in the address', async () => {
    const { page } = await open(homeFleet(Date.now()), { path: '/activity/' });
    await field(page).fill('boocontrol.yaml');
    await found(page).first().waitFor();
    await expect.poll(() => page.url()).toContain('text=boocontrol.yaml');
    await expect.poll(() => found(page).first().innerText()).toMatch(/^prompt: .*boocontrol\.yaml/);
    expect(await found(page).first().locator('mark').innerText()).toBe('boocontrol.yaml');
    // What is under way says nothing yet.
    expect(await page.locator('[data-kind=running]').count()).toBe(0);
    await page.getByText(/Only captured requests can be found\. Captures reach back/).waitFor();
    await page.reload();
    await found(page).first().waitFor();
    expect(await field(page).inputValue()).toBe('boocontrol.yaml');
    expect(await seriousViolations(page)).toEqual([]);
    await found(page).first().click();
    await page.getByRole('dialog').getByText('Which port does the gateway listen on?').waitFor();
  });

  it('that finds nothing says what can be found, and is cleared by Esc', async () => {
    const { page } = await open(homeFleet(Date.now()), { path: '/activity/?text=nightingale' });
    await page.getByText(/^No requests .* match$/).waitFor();
    await page
      .getByText(/Only captured requests can be found\. Captures reach back less than a day/)
      .waitFor();
    await field(page).press('Escape');
    await page.locator('[data-kind=running]').first().waitFor();
    expect(page.url()).not.toContain('text=');
  });

  it('that names nothing to look for says so', async () => {
    const { page } = await open(homeFleet(Date.now()), { path: '/activity/' });
    await field(page).fill('-door');
    await field(page).press('Enter');
    await page.getByText('It says only what must not be there: name a word to look for as well.').waitFor();
  });

  it('fits a phone', async () => {
    const { page } = await open(homeFleet(Date.now()), {
      path: '/activity/?text=ring',
      width: 390,
      touch: true,
    });
    await found(page).first().waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
    const [first, second] = await page.getByTestId('feed-row').all();
    const boxes = await Promise.all([first?.boundingBox(), second?.boundingBox()]);
    expect((boxes[1]?.y ?? 0) - (boxes[0]?.y ?? 0)).toBeCloseTo(68, 0);
  });
});
