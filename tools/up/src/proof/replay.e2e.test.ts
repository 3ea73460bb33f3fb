import { ActivityEntrySchema, type ActivityEntry } from '@boocontrol/contracts';
import { createSimHost, type SimHost } from '@boocontrol/sim';
import { launchBrowser, startStack, waitFor, type Stack } from '@boocontrol/testing';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';

/** A request that a host was asked directly, sent again from the screen to the same host and to another one. */
let stack: Stack;
let browser: Browser;
let hosts: SimHost[] = [];

/** A model that calls one tool, whatever it is asked. */
const caller = (id: string, city: string) => ({
  id,
  loadMs: 100,
  answers: () => ({ content: '', calls: [{ name: 'get_weather', arguments: { city, days: 2 } }] }),
});
const ASKED = {
  model: 'coder-Q4_K_M',
  stream: true,
  stream_options: { include_usage: true },
  temperature: 0.25,
  tool_choice: 'auto',
  tools: [{ type: 'function', function: { name: 'get_weather', parameters: { type: 'object' } } }],
  messages: [
    { role: 'system', content: 'Look things up.' },
    { role: 'user', content: 'How warm is it?' },
  ],
};

beforeAll(async () => {
  [stack, browser, ...hosts] = await Promise.all([
    startStack(),
    launchBrowser(),
    createSimHost({ id: 'tower', generation: 'C', models: [caller(ASKED.model, 'Oslo')] }),
    createSimHost({ id: 'mac', generation: 'B', models: [caller('other-Q8_0', 'Rome')] }),
  ]);
  for (const [n, id] of ['tower', 'mac'].entries())
    await stack.addHost({ id, label: id === 'mac' ? 'Mac' : 'Tower', baseUrl: hosts[n]?.url ?? '' });
});
afterAll(async () => {
  await browser?.close();
  await stack?.stop();
  await Promise.all(hosts.map((host) => host.close()));
});

/** The one request of a consumer on a host, once its bodies are kept. */
function kept(providerId: string, source: string): Promise<ActivityEntry> {
  return waitFor(
    async () => {
      const row = (await stack.allRows()).find(
        (each) => each.providerId === providerId && each.source === source,
      );
      if (!row) return undefined;
      const response = await fetch(`${stack.url}/api/activity/${encodeURIComponent(row.key)}`);
      const entry = ActivityEntrySchema.parse(await response.json());
      return entry.captureState === 'stored' ? entry : undefined;
    },
    { what: `the capture of ${source} on ${providerId}`, timeoutMs: 60_000 },
  );
}
const bodyOf = ({ capture }: ActivityEntry): unknown => JSON.parse(capture?.reqBody?.data ?? 'null');

test('a captured streaming tool-call request is replayed on its own host and on another one', async () => {
  const answered = await fetch(`${hosts[0]?.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-boo-source': 'boocoder' },
    body: JSON.stringify(ASKED),
  });
  expect(await answered.text()).toContain('[DONE]');
  const original = await kept('tower', 'boocoder');
  expect(bodyOf(original)).toEqual(ASKED);

  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await page.goto(`${stack.url}/activity/?open=${encodeURIComponent(original.row.key)}&show=replay`);
  const drawer = page.getByRole('dialog').first();
  await drawer.getByTestId('original').getByText('get_weather').waitFor();
  await drawer.getByRole('button', { name: 'Add a host and model' }).click();
  await page.getByPlaceholder('A model or a host').fill('other');
  await page.keyboard.press('Enter');
  await drawer.getByRole('button', { name: 'Send 2 requests' }).click();

  const again = drawer.getByRole('region', { name: 'Replay by coder-Q4_K_M on Tower' });
  await again.getByText('It calls the same tool with the same arguments: get_weather.').waitFor();
  const other = drawer.getByRole('region', { name: 'Replay by other-Q8_0 on Mac' });
  await other.getByText('It calls get_weather with city "Rome" instead of "Oslo".').waitFor();
  // What the other host got is what the first one had got, but for the model.
  expect(bodyOf(await kept('mac', 'replay'))).toEqual({ ...ASKED, model: 'other-Q8_0' });
  expect(bodyOf(await kept('tower', 'replay'))).toEqual(ASKED);
});
