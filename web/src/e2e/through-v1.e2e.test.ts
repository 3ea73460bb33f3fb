import { instantFromMs } from '@boocontrol/fleet-model';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { homeFleet, type MadeFleet } from '../../testing/fleet';
import type { FixtureServer } from '../../testing/server';
import { seriousViolations, useBrowser } from './browser';

const open = useBrowser();
let nextEntry = 700_000;

/** A request that came through /v1, in the history from the start. */
function through(made: MadeFleet, dispatchId: string, model: string, hasCapture = true): void {
  const ts = instantFromMs(Date.now() - 500);
  const like = made.requests.find(
    ({ statusCode, providerId }) => statusCode === 200 && providerId === 'tower',
  );
  if (!like) throw new Error('the made-up fleet has no finished request on tower');
  // Every seventh of the made-up bodies is gone.
  nextEntry += nextEntry % 7 === 6 ? 2 : 1;
  made.requests.unshift({
    ...like,
    at: ts,
    ts,
    endedAt: ts,
    entryId: nextEntry,
    model,
    hasCapture,
    dispatchId,
  });
}
/** One whose first host broke off, and had come first. */
function failedOver(server: FixtureServer): string {
  const found = server.routing.dispatches.find(
    ({ attempts, policy }) => attempts.length > 1 && policy !== null,
  );
  const [first] = found?.attempts ?? [];
  const [best] = found?.candidates ?? [];
  if (!found || !first || !best) throw new Error('no made-up request failed over');
  found.candidates.unshift({ ...best, providerId: first.providerId, model: first.model, score: 0.95 });
  return found.id;
}
async function openRow(page: Page, model: string): Promise<void> {
  await page.getByRole('gridcell', { name: model, exact: true }).click();
}
/** What is drawn after the history was read again. */
const reload = (page: Page): Promise<unknown> => page.reload();

describe('a request that came through /v1', () => {
  it('is marked in the list, and its drawer says how it was decided', async () => {
    const made = homeFleet(Date.now());
    const { page, server } = await open(made, { path: '/activity/' });
    const id = failedOver(server);
    through(made, id, 'came-through-v1');
    await reload(page);
    const row = page.locator('[data-testid=feed-row]', { hasText: 'came-through-v1' });
    expect(await row.getByTestId('way').getAttribute('title')).toBe('Came through /v1, as attempt 2 of 2');
    await openRow(page, 'came-through-v1');
    const drawer = page.getByRole('dialog');
    await drawer.getByText('through /v1, as attempt 2 of 2').waitFor();
    await drawer.getByRole('button', { name: 'Routing' }).click();
    await drawer.getByRole('heading', { name: '2 attempts' }).waitFor();
    await drawer.getByText('The host broke the connection off.').waitFor();
    await drawer.getByRole('heading', { name: 'The choice' }).waitFor();
    await drawer.getByText('asked first').waitFor();
    await drawer.getByRole('heading', { name: 'Left out' }).waitFor();
    await drawer.getByText('nas is not connected.').waitFor();
    await drawer
      .getByRole('region', { name: 'In the activity' })
      .getByRole('link', { name: 'Tower: 200' })
      .waitFor();
    expect(await drawer.getByRole('link', { name: 'Show it on the Routing page' }).getAttribute('href')).toBe(
      `/routing/?dispatch=${id}`,
    );
    expect(await seriousViolations(page)).toEqual([]);
  });

  it('without bodies shows at once how it was decided, and says when that is no longer known', async () => {
    const made = homeFleet(Date.now());
    const { page } = await open(made, { path: '/activity/' });
    through(made, '00000000-0000-4000-9000-00000000ffff', 'long-forgotten', false);
    await reload(page);
    await openRow(page, 'long-forgotten');
    const drawer = page.getByRole('dialog');
    await drawer.getByText('How it was decided is not known').waitFor();
    await drawer.getByRole('button', { name: 'Conversation' }).click();
    await drawer.getByText('The host kept no capture of this request.').waitFor();
  });

  it('says so when the routing cannot be asked, and asks again', async () => {
    const made = homeFleet(Date.now());
    const { page, server } = await open(made, { path: '/activity/' });
    const id = failedOver(server);
    through(made, id, 'asked-twice', false);
    const address = `**/api/routing/dispatches/${id}`;
    await page.route(address, (route) => route.fulfill({ status: 503, body: '{}' }));
    await reload(page);
    await openRow(page, 'asked-twice');
    const drawer = page.getByRole('dialog');
    await drawer.getByText('Couldn’t load how it was decided').waitFor();
    await page.unroute(address);
    await drawer.getByRole('button', { name: 'Try again' }).click();
    await drawer.getByRole('heading', { name: '2 attempts' }).waitFor();
  });

  it('has no mark and no such view when it came straight to its host', async () => {
    const { page } = await open(homeFleet(Date.now()), { path: '/activity/' });
    await page.locator('[data-testid=feed-row][data-kind=row]').first().click();
    await page.getByRole('dialog').getByText('Ended').waitFor();
    expect(await page.getByRole('button', { name: 'Routing' }).count()).toBe(0);
    expect(await page.getByTestId('way').count()).toBe(0);
  });
});
