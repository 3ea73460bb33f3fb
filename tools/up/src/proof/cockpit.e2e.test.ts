import { createRequire } from 'node:module';
import { readFile } from 'node:fs/promises';
import { createSimHost, type SimHost } from '@boocontrol/sim';
import { launchBrowser, startStack, waitFor, type Stack } from '@boocontrol/testing';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

/** The whole way: a host over HTTP, the bus, the tables, the socket, the screen of a real browser. */
describe('the cockpit', () => {
  const model = { id: 'org/chat-model-Q4_K_M', name: 'Chat Model', loadMs: 1_500, ttlS: 120, genTps: 60 };
  let stack: Stack;
  let browser: Browser;
  let page: Page;
  let tower: SimHost;
  let mac: SimHost;
  const complaints: string[] = [];

  beforeAll(async () => {
    [stack, browser, tower, mac] = await Promise.all([
      startStack(),
      launchBrowser(),
      createSimHost({
        id: 'tower',
        generation: 'C',
        models: [model],
        gpus: [{ name: 'NVIDIA RTX 5090', totalMb: 32_000 }],
      }),
      createSimHost({ id: 'mac', generation: 'B', models: [{ id: 'small-model', loadMs: 200 }] }),
    ]);
    await stack.addHost({ id: 'tower', label: 'Tower', baseUrl: tower.url });
    page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error' && !/Failed to load resource|WebSocket connection/.test(message.text()))
        complaints.push(message.text());
    });
    await page.goto(stack.url);
  });
  afterAll(async () => {
    await browser?.close();
    await stack?.stop();
    await Promise.all([tower?.close(), mac?.close()]);
  });

  const card = (id: string): Locator => page.locator(`[data-testid=host-card][data-provider=${id}]`);
  const chat = (host: SimHost, id: string, prompt: string, source = 'boochat'): Promise<Response> =>
    fetch(`${host.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-boo-source': source },
      body: JSON.stringify({
        model: id,
        max_tokens: 24,
        stream: true,
        messages: [{ role: 'user', content: prompt }],
      }),
    });

  test('the fleet appears', async () => {
    await card('tower')
      .getByText(/connected/)
      .first()
      .waitFor();
    await card('tower').getByText('1 model not loaded').waitFor();
  });

  test('a model’s state changes on screen while it loads', async () => {
    const asked = chat(tower, model.id, 'How far is the moon?').then((response) => response.text());
    const row = card('tower').locator(`[data-model="${model.id}"]`);
    await row.getByText('starting').waitFor();
    await row.getByText('ready').waitFor();
    expect(await asked).toContain('[DONE]');
    await card('tower')
      .getByLabel(/Unloads in \d+ s/)
      .waitFor();
  });

  test('the request arrives in the feed and its capture opens', async () => {
    await page.getByRole('link', { name: 'Activity' }).first().click();
    const row = page.getByTestId('feed-row').filter({ hasText: model.id }).first();
    await row.getByText('boochat').waitFor();
    await row.click();
    const drawer = page.getByRole('dialog');
    await drawer.getByText('How far is the moon?').first().waitFor();
    expect(page.url()).toContain('open=');
    await page.keyboard.press('Escape');
    await drawer.waitFor({ state: 'hidden' });
  });

  test('a request that ends while the feed is open waits for one who aims at a row', async () => {
    await (await chat(tower, model.id, 'And the sun?', 'arena')).text();
    // The pointer still rests on the list, which therefore holds still.
    await page.getByRole('button', { name: /^\d+ new$/ }).click();
    await page.getByTestId('feed-row').filter({ hasText: 'arena' }).first().waitFor();
  });

  test('a host goes down and comes back', { timeout: 60_000 }, async () => {
    await page.getByRole('link', { name: 'Fleet' }).first().click();
    await card('tower')
      .getByText(/connected/)
      .first()
      .waitFor();
    await tower.faults.set({ refuse: true });
    await card('tower')
      .getByText(/reconnecting|down/)
      .first()
      .waitFor();
    await card('tower')
      .getByText(/Nothing answers at/)
      .waitFor();
    await tower.faults.clear();
    await card('tower')
      .getByText(/connected for|^connected/)
      .first()
      .waitFor({ timeout: 40_000 });
  });

  test('a host is added in the browser and connects', async () => {
    await page.getByRole('button', { name: 'Add host' }).first().click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Address').fill('ftp://nowhere');
    await dialog.getByLabel('Id').fill('mac');
    await dialog.getByRole('button', { name: 'Add host' }).click();
    await dialog.getByText(/Use an http/).waitFor();
    await dialog.getByLabel('Address').fill(mac.url);
    await dialog.getByLabel('Name').fill('Mac Studio');
    await dialog.getByRole('button', { name: 'Add host' }).click();
    await card('mac')
      .getByText(/connected/)
      .first()
      .waitFor();
    await card('mac').getByText('Mac Studio').waitFor();
  });

  test('a gateway that is killed is followed again, and the page says so meanwhile', async () => {
    await stack.service('gateway').kill9();
    await page
      .getByText(/live connection is lost/)
      .first()
      .waitFor();
    await stack.killAndRestart('gateway');
    await waitFor(async () => (await fetch(`${stack.url}/api/health`)).ok, { what: 'the gateway' });
    await (await chat(mac, 'small-model', 'Are you there?')).text();
    await card('mac').locator('[data-model="small-model"]').getByText('ready').waitFor({ timeout: 20_000 });
  });

  test('no serious accessibility violation on either page, and nothing complained in the console', async () => {
    const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
    for (const name of ['Fleet', 'Activity']) {
      await page.getByRole('link', { name }).first().click();
      await page.getByRole('heading', { name, level: 1 }).waitFor();
      await page.evaluate(axe);
      const found = await page.evaluate(async () => {
        const { axe: checker } = globalThis as unknown as {
          axe: {
            run(): Promise<{ violations: { id: string; impact: string; nodes: { html: string }[] }[] }>;
          };
        };
        return (await checker.run()).violations
          .filter(({ impact }) => impact === 'serious' || impact === 'critical')
          .map(
            ({ id, nodes }) =>
              `${id}: ${nodes
                .map(({ html }) => html)
                .slice(0, 3)
                .join(' ')}`,
          );
      });
      expect(found, name).toEqual([]);
    }
    expect(complaints).toEqual([]);
  });
});
