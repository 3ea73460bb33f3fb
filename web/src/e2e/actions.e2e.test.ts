import { instantFromMs } from '@boocontrol/fleet-model';
import { waitFor } from '@boocontrol/testing';
import type { Locator, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { homeFleet } from '../../testing/fleet';
import { liveness } from '../../testing/hosts';
import type { FixtureServer } from '../../testing/server';
import { seriousViolations, useBrowser } from './browser';

const open = useBrowser();
const now = (): number => Date.now();
const MODEL = 'qwen3-32b-Q4_K_M';
const card = (page: Page, name: string): Locator => page.getByRole('article', { name, exact: true });

async function act(page: Page, name: string, item: string): Promise<void> {
  await page
    .getByRole('button', { name: `Actions for ${name}`, exact: true })
    .first()
    .press('Enter');
  await page.getByRole('menuitem', { name: item, exact: true }).press('Enter');
}

const posts = (server: FixtureServer): FixtureServer['calls'] =>
  server.calls.filter(({ method, path }) => method === 'POST' && path.startsWith('/api/actions'));

describe('an action', () => {
  it('is asked about with its dry run, moves as a chip, and is told when it has ended', async () => {
    const { page, server } = await open(homeFleet(now()));
    const tower = card(page, 'Tower');
    await act(page, MODEL, 'Unload…');
    const dialog = page.getByRole('dialog', { name: `Unload ${MODEL} on Tower?` });
    await dialog.getByText(`Stops ${MODEL}. 2 under way would be cut off.`).waitFor();
    await dialog.getByText('2 requests').waitFor();
    expect(await seriousViolations(page)).toEqual([]);
    await dialog.getByRole('button', { name: `Unload ${MODEL}`, exact: true }).press('Enter');
    await dialog.waitFor({ state: 'detached' });
    await page.getByText(`Unload ${MODEL}: Tower has it in its queue.`).waitFor();
    expect(posts(server)).toMatchObject([
      { path: '/api/actions', body: { kind: 'unload', providerId: 'tower', model: MODEL } },
    ]);
    const queue = tower.getByRole('list', { name: 'Actions of Tower' });
    const [action] = server.controls.open('tower');
    await queue.getByText(`Unload ${MODEL}`).waitFor();
    server.controls.start(action!.id);
    await queue.getByText(`Unloading ${MODEL}`).waitFor();
    // What has started is not taken back.
    expect(await queue.getByRole('button').count()).toBe(0);
    server.controls.end(action!.id, 'failed', { code: 'host_error', message: 'The host answered 500.' });
    await page.getByText(`${MODEL} was not unloaded on Tower. The host answered 500.`).waitFor();
    await queue.getByText('failed').waitFor();
    // The same copy again is no news.
    server.controls.change(action!.id, {});
    await page.getByText(`Unload ${MODEL}: Tower has it in its queue.`).waitFor({ state: 'detached' });
    expect(await page.getByText('The host answered 500.').count()).toBe(1);
  });

  it('shows nothing before the fact has come', async () => {
    const { page, server } = await open(homeFleet(now()));
    server.controls.holdsFacts = true;
    await act(page, MODEL, 'Unload…');
    await page.getByRole('button', { name: `Unload ${MODEL}`, exact: true }).press('Enter');
    await page.getByText(`Unload ${MODEL}: Tower has it in its queue.`).waitFor();
    const queue = page.getByRole('list', { name: 'Actions of Tower' });
    expect(await queue.count()).toBe(0);
    await page.locator(`[data-provider=tower] [data-model="${MODEL}"]`).getByText('ready').waitFor();
    server.controls.holdsFacts = false;
    server.controls.tellAll();
    await queue.waitFor();
  });

  it('is done once, however often the button is pressed and whatever becomes of the answer', async () => {
    const { page, server } = await open(homeFleet(now()));
    await act(page, MODEL, 'Unload…');
    const button = page.getByRole('button', { name: `Unload ${MODEL}`, exact: true });
    await page.getByText('2 requests').waitFor();
    server.controls.lostAnswers = 1;
    await button.dblclick();
    await page
      .getByText('The actions service did not answer in time. Asking again does nothing twice.')
      .waitFor();
    await button.click();
    await page.getByText(`Unload ${MODEL}: Tower has it in its queue.`).waitFor();
    const keys = posts(server).map(({ key }) => key);
    expect(keys).toHaveLength(2);
    expect(keys[0]).toMatch(/^[0-9a-f]{32}$/);
    expect(keys[1]).toBe(keys[0]);
    expect(server.controls.open('tower')).toHaveLength(1);
  });

  it('can be asked for although the dry run failed, which is said', async () => {
    const { page, server } = await open(homeFleet(now()));
    server.controls.previewFails = { code: 'unavailable', message: 'The actions service is silent.' };
    await act(page, MODEL, 'Unload…');
    await page
      .getByText('What this would do could not be found out. The actions service is silent.')
      .waitFor();
    server.controls.previewFails = null;
    await page.getByRole('button', { name: 'Look again' }).press('Enter');
    await page.getByText(`Stops ${MODEL}.`).waitFor();
  });

  it('that ends while the page is loaded again is told, too', async () => {
    const { page, server } = await open(homeFleet(now()));
    await act(page, 'Tower', 'Unload all…');
    await page.getByRole('button', { name: 'Unload all models' }).press('Enter');
    await page.getByRole('list', { name: 'Actions of Tower' }).waitFor();
    await page.goto('about:blank');
    const [action] = server.controls.open('tower');
    server.controls.start(action!.id);
    server.controls.end(action!.id, 'succeeded');
    await page.goBack();
    await page.getByText('All models are unloaded on Tower.').waitFor();
  });
});

describe('what stands against an action', () => {
  it('is a lease: who, for what, until when, and the way out takes over', async () => {
    const { page, server } = await open(homeFleet(now()));
    const until = new Date(now() + 1_200_000);
    server.controls.hold('tower', { expectedUntil: instantFromMs(until.getTime()), foreignRequests: 3 });
    const banner = card(page, 'Tower').getByTestId('lease');
    await banner.getByText('Held by bench on tower-2').waitFor();
    await banner.getByText('3 requests of others meanwhile').waitFor();
    expect(await seriousViolations(page)).toEqual([]);
    await act(page, MODEL, 'Unload…');
    const dialog = page.getByRole('dialog');
    await dialog
      .getByText(/bench on tower-2 has Tower for “bench: speed of qwen3-30b”, until (.* )?\d\d:\d\d\./)
      .waitFor();
    expect(await seriousViolations(page)).toEqual([]);
    await dialog.getByRole('button', { name: `Take over and unload ${MODEL}` }).press('Enter');
    await page.getByText(`Unload ${MODEL}: Tower has it in its queue.`).waitFor();
    expect(posts(server)).toMatchObject([{ path: '/api/actions?confirm=true' }]);
    expect(posts(server)[0]?.key).toMatch(/-confirmed$/);
    await banner.waitFor({ state: 'detached' });
  });

  it('and one that comes while one reads is told, and asked about', async () => {
    const { page, server } = await open(homeFleet(now()));
    await act(page, 'Tower', 'Unload all…');
    await page.getByRole('button', { name: 'Unload all models', exact: true }).waitFor();
    const { id } = server.controls.hold('tower', { holder: 'anna', purpose: 'a crash' });
    await page.getByText('anna has Tower for “a crash”, no end given.').waitFor();
    await page.getByRole('button', { name: 'Take over and unload all models' }).waitFor();
    server.controls.changeLease(id, { endedAt: instantFromMs(now()), end: 'released' });
    await page.getByRole('button', { name: 'Unload all models', exact: true }).waitFor();
    expect(posts(server)).toEqual([]);
  });

  it('the second press of a double one does not confirm what the first was refused', async () => {
    const { page, server } = await open(homeFleet(now()));
    await act(page, 'Tower', 'Unload all…');
    const button = page.getByRole('button', { name: 'Unload all models' });
    await page.getByText(/^Stops /).waitFor();
    server.controls.holdsFacts = true;
    server.controls.hold('tower', { holder: 'anna', purpose: 'a crash' });
    await button.click();
    const takeOver = page.getByRole('button', { name: 'Take over and unload all models' });
    await takeOver.click();
    expect(posts(server).map(({ path }) => path)).toEqual(['/api/actions']);
    // Whoever has read it presses again.
    await waitFor(
      async () => {
        if (await takeOver.isVisible()) await takeOver.click();
        return posts(server).length === 2;
      },
      { what: 'the action that is confirmed' },
    );
    expect(posts(server)[1]?.path).toBe('/api/actions?confirm=true');
    await page.getByText('Unload all models: Tower has it in its queue.').waitFor();
  });

  it('is a protected model', async () => {
    const { page, server } = await open(homeFleet(now()));
    await act(page, MODEL, 'Protect');
    await page.getByText(`${MODEL} is protected: BooControl unloads it only`).waitFor();
    await card(page, 'Tower').getByText('protected', { exact: true }).waitFor({ state: 'attached' });
    expect(server.calls.at(-1)).toMatchObject({
      method: 'PUT',
      path: `/api/providers/tower/protected/${MODEL}`,
    });
    await act(page, MODEL, 'Unload…');
    await page.getByText(`${MODEL} is protected on Tower.`).waitFor();
    await page.getByRole('button', { name: `Unload ${MODEL} anyway` }).press('Enter');
    await page.getByText(`Unload ${MODEL}: Tower has it in its queue.`).waitFor();
    expect(posts(server)).toMatchObject([{ path: '/api/actions?confirm=true' }]);
    await page.getByRole('button', { name: 'Undo' }).press('Enter');
    await page.getByText(`${MODEL} is no longer protected.`).waitFor();
  });

  it('is a full queue, which is shown, and from which something can be taken back there', async () => {
    const { page, server } = await open(homeFleet(now()));
    const others = ['phi-4-Q8_0', 'a', 'b', 'c'].map((model) =>
      server.controls.add({ kind: 'warm', providerId: 'tower', model }),
    );
    server.controls.start(others[0]!.id);
    await act(page, MODEL, 'Unload…');
    const dialog = page.getByRole('dialog');
    await dialog.getByText('The queue of Tower is full.').waitFor();
    await dialog.getByText('Loading phi-4-Q8_0').waitFor();
    expect(await dialog.getByRole('button', { name: `Unload ${MODEL}` }).count()).toBe(0);
    await dialog.getByRole('button', { name: 'Take back: Load b' }).press('Enter');
    await dialog.getByRole('button', { name: 'Take back: Load b' }).waitFor({ state: 'detached' });
    // There is room again: the dry run is asked for anew by itself.
    await dialog.getByRole('button', { name: `Unload ${MODEL}` }).waitFor();
    await waitFor(
      async () => {
        const button = dialog.getByRole('button', { name: `Unload ${MODEL}` });
        if (await button.isVisible()) await button.press('Enter');
        return posts(server).length === 1;
      },
      { what: 'the action' },
    );
    await page.getByText(`Unload ${MODEL}: Tower has it in its queue. 3 actions first.`).waitFor();
  });

  it('is a host that is away', async () => {
    const { page, server } = await open(homeFleet(now()));
    await act(page, 'NAS', 'Unload all…');
    const dialog = page.getByRole('dialog');
    await dialog.getByText('NAS cannot be reached.').waitFor();
    expect(await dialog.getByRole('button', { name: 'Unload all models' }).count()).toBe(0);
    server.push('liveness', liveness('nas', now()));
    await dialog.getByRole('button', { name: 'Unload all models' }).waitFor();
  });
});

describe('the queue', () => {
  it('moves with the facts: in every browser, in order, and what waits is taken back', async () => {
    const { page, server, base } = await open(homeFleet(now()));
    const other = await page.context().newPage();
    await other.goto(base);
    const list = (each: Page): Locator => card(each, 'Tower').getByRole('list', { name: 'Actions of Tower' });
    const texts = async (each: Page): Promise<string[]> =>
      (await list(each).locator('[data-action]').allInnerTexts()).map((text) =>
        text.replaceAll(/\s+/g, ' ').replace(/ \d+ s.*/, ''),
      );
    const shows = async (...wanted: string[]): Promise<void> => {
      for (const each of [page, other])
        await waitFor(async () => JSON.stringify(await texts(each)) === JSON.stringify(wanted), {
          what: `the queue ${wanted.join(', ')}`,
        });
    };
    const [a, b, c] = ['a', 'b', 'c'].map((model) =>
      server.controls.add({ kind: 'warm', providerId: 'tower', model }),
    );
    await shows('1. Load a', '2. Load b', '3. Load c');
    server.controls.start(a!.id);
    await shows('Loading a', '2. Load b', '3. Load c');
    server.controls.change(a!.id, {
      progress: { at: instantFromMs(now()), modelState: 'starting', note: 'loading tensors' },
    });
    await list(page).getByText('starting: loading tensors').waitFor();
    await list(other).getByRole('button', { name: 'Take back: Load b' }).press('Enter');
    await shows('Load b taken back', 'Loading a', '2. Load c');
    expect(server.calls.at(-1)).toMatchObject({ method: 'DELETE', path: `/api/actions/${b!.id}` });
    server.controls.end(a!.id, 'succeeded');
    await shows('Load a done', '1. Load c');
    server.controls.end(c!.id, 'skipped');
    // What has just ended goes by itself.
    await list(page).waitFor({ state: 'detached', timeout: 20_000 });
  });

  it('says that it is old when it cannot be followed', async () => {
    const { page, server } = await open(homeFleet(now()), { path: '/actions/' });
    server.controls.add({ kind: 'unload-all', providerId: 'tower' });
    server.controls.setTrouble('The bus cannot be reached.');
    await page.getByText('What is shown here may be old. The bus cannot be reached.').waitFor();
    await page.getByRole('list', { name: 'Actions of Tower' }).waitFor();
    expect(await seriousViolations(page)).toEqual([]);
    server.controls.setTrouble(null);
    await page.getByText('What is shown here may be old.').waitFor({ state: 'detached' });
  });
});

describe('a request in flight', () => {
  it('is cancelled from the list of its host', async () => {
    const { page, server } = await open(homeFleet(now()), { path: '/hosts/tower/' });
    const list = page.getByRole('list', { name: 'Requests in flight' });
    await list.getByText('boochat').waitFor();
    await list.getByRole('button', { name: 'Cancel…' }).first().press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Cancel the request on Tower?' });
    await dialog.getByText('Cancels a request.').waitFor();
    await dialog.getByRole('button', { name: 'Cancel the request' }).press('Enter');
    await page.getByText('The request was cancelled on Tower.').waitFor();
    expect(posts(server)).toMatchObject([{ body: { kind: 'cancel', inflightId: 'a1' } }]);
    expect(await page.getByText('has it in its queue').count()).toBe(0);
  });

  it('and from Activity: by its button, and by x on its row', async () => {
    const { page, server } = await open(homeFleet(now()), { path: '/activity/' });
    await page.getByTestId('feed-row').nth(5).waitFor();
    await page
      .getByRole('button', { name: `Cancel the request of ${MODEL}` })
      .first()
      .click();
    const dialog = page.getByRole('dialog', { name: 'Cancel the request on Tower?' });
    await dialog.getByRole('button', { name: 'Leave it' }).press('Enter');
    await page.keyboard.press('j');
    await page.locator('[data-kind=running][aria-selected=true]').waitFor();
    expect(await seriousViolations(page)).toEqual([]);
    await page.keyboard.press('x');
    await dialog.getByRole('button', { name: 'Cancel the request' }).press('Enter');
    await page.getByText('The request was cancelled on Tower.').waitFor();
    expect(posts(server)).toHaveLength(1);
  });
});

describe('a host', () => {
  it('is put in maintenance with a note, which is drawn in every view, and is taken out of it', async () => {
    const { page, server, base } = await open(homeFleet(now()));
    await act(page, 'Tower', 'Begin maintenance…');
    const dialog = page.getByRole('dialog', { name: 'Begin maintenance of Tower?' });
    expect(await seriousViolations(page)).toEqual([]);
    await dialog.getByLabel('Note').fill('new fan');
    await page.keyboard.press('Enter');
    await page.getByText('Tower is in maintenance.').waitFor();
    expect(server.calls.at(-1)).toMatchObject({
      method: 'PUT',
      path: '/api/providers/tower/maintenance',
      body: { note: 'new fan' },
    });
    await card(page, 'Tower').getByTestId('maintenance').getByText('new fan').waitFor();
    await act(page, MODEL, 'Unload…');
    await page.getByText('Tower is in maintenance: nothing is asked of it.').waitFor();
    await page.getByRole('button', { name: 'Leave it' }).press('Enter');
    for (const view of ['compact', 'table']) {
      await page.goto(`${base}/?view=${view}`);
      await page.getByTestId('control-line').getByText('In maintenance: new fan').waitFor();
      expect(await seriousViolations(page)).toEqual([]);
    }
    await page.goto(`${base}/hosts/tower/`);
    await page.getByRole('button', { name: 'End maintenance of Tower' }).press('Enter');
    await page.getByText('Tower is out of maintenance').waitFor();
    await page.getByTestId('maintenance').waitFor({ state: 'detached' });
  });

  it('is taken over from its banner, by whoever says a name', async () => {
    const { page, server } = await open(homeFleet(now()), { path: '/?host=tower' });
    server.controls.hold('tower');
    const drawer = page.getByRole('dialog', { name: 'Tower' });
    await drawer.getByRole('button', { name: 'Take over… from bench on tower-2' }).press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Take over Tower?' });
    await dialog.getByLabel('Your name').fill('anna');
    expect(await seriousViolations(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Take over', exact: true }).press('Enter');
    await page.getByText('Tower is free. bench on tower-2 is told.').waitFor();
    expect([...server.controls.leases.values()]).toMatchObject([{ end: 'taken_over', endedBy: 'anna' }]);
    await drawer.getByTestId('lease').waitFor({ state: 'detached' });
  });

  it('that is free again while one asks is not taken over', async () => {
    const { page, server } = await open(homeFleet(now()), { path: '/hosts/tower/' });
    const { id } = server.controls.hold('tower');
    await page.getByRole('button', { name: 'Take over…' }).press('Enter');
    await page.getByRole('dialog').getByText('They lose it and are told.').waitFor();
    server.controls.changeLease(id, { endedAt: instantFromMs(now()), end: 'released' });
    await page.getByText('bench on tower-2 no longer has Tower. It is free.').waitFor();
    expect(server.calls).toEqual([]);
  });

  it('has its profile switched', async () => {
    const { page, server } = await open(homeFleet(now()));
    await act(page, 'Tower', 'Switch profile…');
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('radio', { name: 'day', checked: true }).waitFor();
    await dialog.getByText('active now').waitFor();
    await dialog.getByText('Small models for many').waitFor();
    await dialog.getByRole('radio', { name: 'coding' }).check();
    expect(await seriousViolations(page)).toEqual([]);
    await page.keyboard.press('Enter');
    await page.getByText('Makes coding the active profile;').waitFor();
    await page.getByRole('button', { name: 'Switch to profile coding' }).press('Enter');
    await page.getByText('Switch to profile coding: Tower has it in its queue.').waitFor();
    expect(posts(server)).toMatchObject([{ body: { kind: 'profile', profile: 'coding' } }]);
    // Older generations have none.
    await page.getByRole('button', { name: 'Actions for Workstation', exact: true }).press('Enter');
    await page.getByRole('menuitem', { name: 'Unload all…' }).waitFor();
    expect(await page.getByRole('menuitem', { name: 'Switch profile…' }).count()).toBe(0);
  });
});

describe('with the keyboard alone', () => {
  it('a model is loaded from the palette', async () => {
    const { page, server } = await open(homeFleet(now()));
    await card(page, 'Tower').waitFor();
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: 'Command palette' }).fill('load phi tower');
    await page.getByRole('option', { name: 'Load phi-4-Q8_0 on Tower' }).waitFor();
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Load phi-4-Q8_0 on Tower?' });
    await dialog.getByText('likely, in 4 of 5 loads').first().waitFor();
    await dialog.getByText('41.5 s').waitFor();
    const verb = dialog.getByRole('button', { name: 'Load phi-4-Q8_0' });
    for (let i = 0; i < 5 && !(await verb.evaluate((each) => each === document.activeElement)); i++)
      await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByText('Load phi-4-Q8_0: Tower has it in its queue.').waitFor();
    expect(posts(server)).toHaveLength(1);
  });

  it('the focus is back on the menu when nothing is done', async () => {
    const { page } = await open(homeFleet(now()));
    await act(page, MODEL, 'Unload…');
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await waitFor(
      () =>
        page.evaluate(
          (name) => document.activeElement?.getAttribute('aria-label') === `Actions for ${name}`,
          MODEL,
        ),
      { what: 'the focus on the menu' },
    );
  });
});
