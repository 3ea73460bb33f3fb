import { describe, expect, it } from 'vitest';
import { kindsFleet } from '../../testing/kinds';
import { seriousViolations, useBrowser } from './browser';

const open = useBrowser();
const now = (): number => Date.now();

describe('a service', () => {
  it('is a card without instruments, and its hundreds of models are folded and found', async () => {
    const { page } = await open(kindsFleet(now()));
    const card = page.getByRole('article', { name: 'OpenRouter' });
    await card.getByText('412 models, 3 left out').waitFor();
    await card.getByText('$0.28 in ($0.028 cached) · $0.42 out', { exact: false }).waitFor();
    expect(await card.getByTestId('instruments').count()).toBe(0);
    expect(await card.locator('[data-model]').count()).toBe(0);
    await card.getByText('412 models', { exact: true }).click();
    await expect.poll(() => card.locator('[data-model]').count()).toBe(100);
    await card.getByRole('searchbox').fill('model-411');
    await expect.poll(() => card.locator('[data-model]').count()).toBe(1);
    expect(await seriousViolations(page)).toEqual([]);
    await card.getByRole('button', { name: 'Actions for OpenRouter' }).click();
    await page.getByRole('menuitem', { name: 'Begin maintenance…' }).waitFor();
    expect(await page.getByRole('menuitem', { name: 'Unload all…' }).count()).toBe(0);
  });

  it('is added by its kind, with what it takes', async () => {
    const { page, server } = await open(kindsFleet(now()), { path: '/?ask=add' });
    const dialog = page.getByRole('dialog', { name: 'Add a host' });
    await dialog.getByRole('radio', { name: /^Service/ }).check();
    await dialog.getByLabel('Address').fill('api.mistral.ai');
    await dialog.getByText('Requests go to https://api.mistral.ai/v1.').waitFor();
    await dialog.getByLabel('Name', { exact: true }).fill('Mistral');
    await dialog.getByLabel('Prompt', { exact: true }).fill('cheap');
    await dialog.getByLabel('Answer', { exact: true }).fill('1,5');
    await dialog.getByRole('button', { name: 'Add host' }).click();
    await dialog.getByText('Enter a number.').waitFor();
    expect(await seriousViolations(page)).toEqual([]);
    await dialog.getByLabel('Prompt', { exact: true }).fill('0.5');
    await dialog.getByRole('button', { name: 'Add host' }).click();
    await page.getByText('Mistral is added.', { exact: false }).waitFor();
    expect(server.calls.at(-1)?.body).toEqual({
      id: 'mistral',
      kind: 'openai',
      baseUrl: 'https://api.mistral.ai',
      label: 'Mistral',
      tags: [],
      frontier: true,
      prices: { currency: 'USD', default: { input: 0.5, output: 1.5 } },
    });
  });
});
