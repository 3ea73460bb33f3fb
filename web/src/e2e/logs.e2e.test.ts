import { readFile } from 'node:fs/promises';
import { waitFor } from '@boocontrol/testing';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { homeFleet, largeFleet, noFleet } from '../../testing/fleet';
import { homeLogs } from '../../testing/logs';
import { seriousViolations, useBrowser } from './browser';

const open = useBrowser();
const now = (): number => Date.now();
const lines = (page: Page) => page.getByTestId('log-line');
const last = (page: Page) => lines(page).last();

/** The page of logs of a made-up home, whose hosts have written for a quarter of an hour. */
async function atHome(path = '/logs/', options: Parameters<typeof open>[1] = {}) {
  const made = homeFleet(now());
  const opened = await open(made, options);
  homeLogs(opened.server.logs, made, now());
  await opened.page.goto(opened.base + path);
  return opened;
}

describe('the page of logs', () => {
  it('shows what was written before, and what is written now, whoever comes late', async () => {
    const { page, server } = await atHome();
    await last(page).waitFor();
    await page.getByText('Not connected, so without new lines: Laptop, NAS').waitFor();
    server.logs.add('tower', 'proxy', ['[INFO] <qwen3-32b-Q4_K_M> Health check passed'], now());
    await last(page).getByText('[INFO] <qwen3-32b-Q4_K_M> Health check passed').waitFor();
    await last(page).getByText('qwen3-32b-Q4_K_M', { exact: true }).waitFor();
    const model = 'llama-3.3-70b-IQ2_XXS';
    const idle = 'srv  update_slots: all slots are idle';
    server.logs.add('mac-studio', 'upstream', [idle], now(), { id: model, by: 'matched' });
    await last(page).getByText(model, { exact: true }).waitFor();
    server.logs.add('mac-studio', 'upstream', [idle], now(), { id: model, by: 'probable' });
    await last(page).getByText(`${model}?`).waitFor();
    server.logs.add('mac-studio', 'upstream', [idle], now());
    await last(page).getByText('upstream', { exact: true }).waitFor();
    await page.getByLabel('Model').selectOption(model);
    await last(page).getByText(`${model}?`).waitFor();
    await last(page).click();
    await page.getByText('probably; the line may be another model’s').waitFor();
  });

  it('is filtered by host, source, level and text, in the address', async () => {
    const { page, server } = await atHome();
    await last(page).waitFor();
    await page.getByLabel('Host').selectOption('Tower');
    await page.getByLabel('Level').selectOption('Errors');
    expect(new URL(page.url()).search).toBe('?host=tower&level=error');
    server.logs.add('tower', 'upstream', ['[ERROR] first', '[INFO] none'], now());
    server.logs.add('workstation', 'upstream', ['[ERROR] elsewhere'], now());
    await last(page).getByText('[ERROR] first').waitFor();
    await page.getByRole('button', { name: 'Clear' }).click();
    await page.keyboard.press('/');
    await page.keyboard.type('^.error. (f|e)');
    await page.getByRole('heading', { name: 'No line matches' }).waitFor();
    await page.getByRole('button', { name: 'Regular expression' }).click();
    await expect.poll(() => lines(page).count()).toBe(2);
    await page.getByLabel('Text').fill('(');
    await page.getByText('The text is not used as a regular expression: missing closing )').waitFor();
    await page.getByLabel('Text').fill('^(\\w+\\s?)*\\$');
    await page.getByRole('heading', { name: 'No line matches' }).waitFor();
  });

  it('holds still while one reads, says how much came, and follows again', async () => {
    const { page, server } = await atHome();
    await last(page).waitFor();
    await page.keyboard.press('k');
    await page.getByRole('button', { name: 'Follow' }).waitFor();
    server.logs.add('tower', 'proxy', ['one', 'two', 'three'], now());
    await page.getByRole('button', { name: '3 came since' }).waitFor();
    expect(await page.getByText('three', { exact: true }).count()).toBe(0);
    await page.keyboard.press('m');
    await page.keyboard.press('End');
    await last(page).getByText('three').waitFor();
    await page
      .getByTestId('log-mark')
      .getByText(/^Mark at /)
      .waitFor();
    await page.mouse.move(700, 600);
    await page.mouse.wheel(0, -400);
    await page.getByRole('button', { name: 'Follow' }).waitFor();
    await page.mouse.wheel(0, 4_000);
    await page.getByRole('button', { name: 'Pause' }).waitFor();
    await page.keyboard.press('Space');
    await page.getByRole('button', { name: 'Follow' }).waitFor();
  });

  it('opens a line, and leads to the requests of its moment', async () => {
    const { page } = await atHome('/logs/?host=tower');
    await last(page).click();
    const drawer = page.getByRole('dialog', { name: 'Line of Tower' });
    await drawer.getByText('Written by').waitFor();
    expect(await seriousViolations(page)).toEqual([]);
    await drawer.getByRole('link', { name: 'Requests of this host' }).click();
    await page.waitForURL(/\/activity\/\?host=tower&from=.*&to=/);
    await page.getByRole('button', { name: 'Remove filter host Tower' }).waitFor();
  });

  it('shows hostile lines as text', async () => {
    const { page, server } = await atHome('/logs/?host=tower');
    await last(page).waitFor();
    const hostile = [
      '<img src=x onerror="document.title=\'owned\'"><script>document.title="owned"</script>',
      '\u001b[31mred\u001b[0m \u001b]0;title\u0007\u001b[2J end',
      'bell\u0007 evil\u202egnp.exe \u0000\b\r over',
      'y'.repeat(1_000_000),
    ];
    server.logs.add('tower', 'proxy', hostile, now());
    await last(page)
      .getByText(/^y{1000}/)
      .waitFor();
    await page.getByText('<img src=x onerror=').waitFor();
    await page.getByText('bell␇ evil‹202E›gnp.exe ␀␈␍ over').waitFor();
    expect(await page.locator('.text-error', { hasText: /^red$/ }).count()).toBe(1);
    expect(await page.locator('#content img, #content script').count()).toBe(0);
    expect(await page.title()).not.toContain('owned');
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(overflow).toBeLessThanOrEqual(0);
    await last(page).click();
    await page.getByText('The line was longer: of each line the first 8 kB are kept.').waitFor();
  });

  it('takes 1,000 lines a second over 10 hosts, and loses only what the tail drops', async () => {
    const hosts = Array.from({ length: 10 }, (_, at) => `node-${at + 1}`);
    const { page, server } = await open(largeFleet(10, now()), { path: '/logs/' });
    await page.getByRole('heading', { name: 'Nothing has been written yet' }).waitFor();
    let written = 0;
    const write = (ids: readonly string[], each: number): void => {
      for (const id of ids) {
        const texts = Array.from({ length: each }, () => `task ${++written} of ${id}`);
        server.logs.add(id, 'upstream', texts, now());
      }
    };
    for (let turn = 0; turn < 120; turn++) {
      write(hosts, 5);
      await page.waitForTimeout(50);
    }
    await page.getByLabel('What is shown').getByText('6,000 lines').waitFor();
    await last(page).getByText('task 6000 of node-10').waitFor();
    expect(await lines(page).count()).toBeLessThan(100);
    // More of one host than the tail has.
    for (let turn = 0; turn < 12; turn++) write(['node-1'], 200);
    await page.getByText('the newest 2,000 of each log are kept; 1,000 older ones have left').waitFor();
    await last(page).getByText('task 8400 of node-1', { exact: true }).waitFor();
    const coming = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Download the lines shown' }).click();
    const file = await (await coming).path();
    const got = (await readFile(file, 'utf8'))
      .trim()
      .split('\n')
      .map((line) => line.split('\t')[3]);
    expect(got).toHaveLength(9 * 600 + 2_000);
    const numbers = got.map((text) => Number(text?.split(' ')[1]));
    expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
    expect(new Set(numbers).size).toBe(numbers.length);
    for (const id of hosts.slice(1))
      expect(
        got.filter((text) => text?.endsWith(` of ${id}`)),
        id,
      ).toHaveLength(600);
  });

  it('has its tail again after a lost connection, each line once', async () => {
    const { page, server } = await atHome('/logs/?host=tower&source=proxy');
    await last(page).waitFor();
    server.logs.add('tower', 'proxy', ['before'], now());
    await last(page).getByText('before').waitFor();
    server.dropSockets();
    server.logs.add('tower', 'proxy', ['meanwhile'], now());
    await last(page).getByText('meanwhile').waitFor();
    expect(await page.getByText('before', { exact: true }).count()).toBe(1);
  });

  it('says what is missing: no host, a host that is down, nothing written', async () => {
    const { page } = await open(noFleet(), { path: '/logs/' });
    await page.getByRole('heading', { name: 'No host whose log could be read' }).waitFor();
    expect(await seriousViolations(page)).toEqual([]);
    const { page: down } = await atHome('/logs/?host=nas');
    await down.getByText(/^NAS: down, last seen/).waitFor();
    await down.getByRole('heading', { name: 'Nothing from NAS so far' }).waitFor();
    await down.getByRole('button', { name: 'Show all hosts' }).click();
    await last(down).waitFor();
  });

  it('is reached from a host', async () => {
    const { page } = await open(homeFleet(now()), { path: '/hosts/tower/' });
    await page.getByRole('link', { name: 'Its log' }).click();
    await page.waitForURL('**/logs/?host=tower');
  });

  it('fits a phone, and axe finds nothing serious there or on the desktop', async () => {
    for (const [width, scheme] of [
      [1440, 'dark'],
      [1440, 'light'],
      [390, 'dark'],
    ] as const) {
      const { page } = await atHome('/logs/', { width, scheme });
      await last(page).waitFor();
      await waitFor(async () => (await lines(page).count()) > 10, { what: 'the lines' });
      expect(await seriousViolations(page)).toEqual([]);
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      expect(overflow).toBeLessThanOrEqual(0);
    }
  });
});
