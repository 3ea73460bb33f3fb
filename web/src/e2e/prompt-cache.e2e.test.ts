import { waitFor } from '@boocontrol/testing';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { homeFleet, noFleet } from '../../testing/fleet';
import { seriousViolations, useBrowser } from './browser';

const open = useBrowser();
const now = (): number => Date.now();
const PATH = '/prompt-cache/';
const drawer = (page: Page) => page.getByRole('dialog');
const causes = (page: Page) => page.getByRole('region', { name: 'What it cost, by cause' });
const drifts = (page: Page) => page.getByRole('grid', { name: /^Drifts and misses/ });
const sessions = (page: Page) => page.getByRole('grid', { name: /^Sessions/ });
/** The last question of its kind. */
const asked = (server: { answered: { url: URL }[] }, what: string): URLSearchParams | undefined =>
  server.answered.findLast(({ url }) => url.pathname === `/api/prompt-cache/${what}`)?.url.searchParams;

describe('the prompt cache', () => {
  it('is told with its rate over time, what it cost by cause, and who it was', async () => {
    const { page, server } = await open(homeFleet(now()), { path: PATH });
    await page.getByText(/^\d+ changed, \d+ missed$/).waitFor();
    await page.getByRole('img', { name: 'From the cache over time' }).waitFor();
    await page.getByRole('region', { name: 'What cost most' }).getByRole('button').nth(4).waitFor();
    expect(await seriousViolations(page)).toEqual([]);
    await page
      .getByRole('region', { name: 'By consumer and model' })
      .getByRole('link')
      .filter({ hasText: 'opencode' })
      .first()
      .press('Enter');
    await waitFor(() => asked(server, 'totals')?.get('source') === 'opencode', { what: 'its own figures' });
    expect(await page.getByLabel('Only this consumer').inputValue()).toBe('opencode');
    expect(page.url()).toMatch(/\?consumer=opencode&model=/);
    await page.getByLabel('Only this model').selectOption('');
    await causes(page).getByRole('link').filter({ hasText: 'time in the system prompt' }).click();
    await drifts(page).waitFor();
    expect(page.url()).toMatch(/what=drifts&consumer=opencode&cause=system_timestamp$/);
    expect(Object.fromEntries(asked(server, 'drifts') ?? [])).toMatchObject({
      source: 'opencode',
      cause: 'system_timestamp',
      order: 'newest',
    });
  });

  it('explains a drift in words: what changed, what it cost, what to do; by keyboard', async () => {
    const { page } = await open(homeFleet(now()), {
      path: `${PATH}?what=drifts&cause=system_timestamp&order=cost`,
    });
    await drifts(page).getByRole('row').nth(1).waitFor();
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    const sheet = drawer(page);
    await sheet.getByRole('heading', { name: 'Time in the system prompt' }).waitFor();
    await sheet
      .getByRole('region', { name: 'What changed' })
      .getByText('The system prompt differs in a date')
      .waitFor();
    await sheet.getByText('timestamp in system').waitFor();
    await sheet
      .getByRole('region', { name: 'What it cost' })
      .getByText(/were read again that the cache would have had\. That took \d/)
      .waitFor();
    await sheet
      .getByRole('region', { name: 'What to do' })
      .getByText('Take the time out of the system prompt')
      .waitFor();
    expect(await seriousViolations(page)).toEqual([]);
    expect(page.url()).toMatch(/drift=/);
    await page.reload();
    await sheet.getByRole('region', { name: 'What to do' }).waitFor();
    await sheet.getByRole('link', { name: /: all its requests$/ }).click();
    await page.getByRole('dialog', { name: /^Session / }).waitFor();
    await page.keyboard.press('Escape');
    await sheet.waitFor({ state: 'detached' });
    await drifts(page).waitFor();
  });

  it('says of what a host had kept that it did not come through the gateway', async () => {
    const { page } = await open(homeFleet(now()), { path: `${PATH}?what=drifts&consumer=boocode` });
    await drifts(page).getByText('capture').first().waitFor();
    await drifts(page).getByRole('row').nth(1).getByText('ago').click();
    await drawer(page).getByText('seen in a capture').waitFor();
    await drawer(page).getByText('This request did not come through BooControl.').waitFor();
    await drawer(page).getByText('not through /v1').waitFor();
  });

  it('shows a session turn by turn, and comes back to it from a drift', async () => {
    const { page } = await open(homeFleet(now()), { path: `${PATH}?what=sessions` });
    await sessions(page).getByRole('row').nth(1).waitFor();
    expect(await seriousViolations(page)).toEqual([]);
    await sessions(page).getByRole('columnheader', { name: 'Changed' }).getByRole('button').click();
    await sessions(page).getByRole('row').nth(1).click();
    const sheet = page.getByRole('dialog', { name: /^Session / });
    await sheet.getByText('begins a conversation').first().waitFor();
    expect(await seriousViolations(page)).toEqual([]);
    await sheet
      .getByRole('button')
      .filter({ hasText: /^changed: / })
      .first()
      .press('Enter');
    await page.getByTestId('drift').waitFor();
    await page.keyboard.press('Escape');
    await sheet.waitFor();
    await page.keyboard.press('Escape');
    await sheet.waitFor({ state: 'detached' });
    expect(page.url()).toMatch(/\?what=sessions/);
  });

  it('stands in the record of a request, with a way to its drift and its session', async () => {
    const { page, server, base } = await open(homeFleet(now()), { path: '/routing/' });
    const { drift } = server.cache.made.turns.find((turn) =>
      server.routing.dispatches.some(({ id }) => id === turn.drift?.id),
    )!;
    await page.goto(`${base}/routing/?dispatch=${drift?.id}`);
    const part = page.getByRole('region', { name: 'The prompt cache' });
    await part.getByText(/were read again that the cache would have had/).waitFor();
    await part.getByRole('link').first().click();
    await page.waitForURL(`**/prompt-cache/?drift=${drift?.id}`);
    await page.getByTestId('drift').getByText('how it was decided').click();
    await page.waitForURL(`**/routing/?dispatch=${drift?.id}`);
    await part.getByRole('link', { name: 'All requests of its session' }).click();
    await page.getByRole('dialog', { name: /^Session / }).waitFor();
  });
});

describe('where there is little to tell', () => {
  it('says that all is well where nothing changed and nothing was missed', async () => {
    const { page, server } = await open(homeFleet(now()), { path: '/keys/' });
    server.cache.calm();
    await page.goto(new URL(PATH, page.url()).href);
    await causes(page).getByText('There is nothing to do.').waitFor();
    await page.getByText('every prompt went on from the one before').waitFor();
    expect(await page.getByRole('region', { name: 'What cost most' }).count()).toBe(0);
    expect(await seriousViolations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Drifts' }).click();
    await page.getByText('Nothing was lost in the last 24 h').waitFor();
    await page.getByLabel('Only this cause').selectOption('evicted');
    await page.getByRole('button', { name: 'Clear the filters' }).click();
    await page.getByText('Every prompt began with the whole of the one before it').waitFor();
  });

  it('says what the page is for and how to get there where nothing came through', async () => {
    const { page, base } = await open(noFleet(), { path: PATH });
    await page.getByRole('heading', { name: 'No prompts were seen in the last 24 h' }).waitFor();
    await page.getByText(`${base}/v1`).waitFor();
    expect(await seriousViolations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Look at the last 30 days' }).click();
    await page.getByRole('heading', { name: 'No prompts were seen in the last 30 days' }).waitFor();
    await page.goto(`${base}${PATH}?consumer=nobody`);
    await page.getByRole('button', { name: 'Clear the filters' }).click();
    await page.getByRole('heading', { name: 'No prompts were seen' }).waitFor();
    await page.goto(`${base}${PATH}?drift=00000000-0000-4000-b000-000000000001`);
    await drawer(page).getByText('Nothing is known of it').waitFor();
  });

  it('says what failed, and tries again', async () => {
    const { page, server } = await open(homeFleet(now()), { path: '/keys/' });
    server.cache.fails = { code: 'unavailable', message: 'The database cannot be used yet.' };
    await page.goto(new URL(PATH, page.url()).href);
    await page.getByRole('heading', { name: 'Couldn’t load the prompt cache' }).waitFor();
    server.cache.fails = null;
    await page.getByRole('button', { name: 'Try again' }).click();
    await causes(page).waitFor();
  });
});

describe.each([
  [1440, 'light'],
  [390, 'dark'],
] as const)('at %i px, %s', (width, scheme) => {
  it.each(['', '?what=drifts', '?what=sessions', '?drift=', '?session='])(
    'nothing is wider than the screen: %s',
    async (query) => {
      const { page, server, base } = await open(homeFleet(now()), {
        path: '/keys/',
        width,
        scheme,
        touch: width === 390,
      });
      const [first] = server.cache.made.drifts;
      const of = query === '?drift=' ? first?.id : query === '?session=' ? first?.session : '';
      await page.goto(`${base}${PATH}${query}${of}`);
      await (
        query === ''
          ? causes(page)
          : query.startsWith('?what')
            ? page.getByRole('row').nth(1)
            : drawer(page)
                .getByText(/^(What to do|begins a conversation)$/)
                .first()
      ).waitFor();
      expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBe(0);
      expect(await seriousViolations(page)).toEqual([]);
    },
  );
});
