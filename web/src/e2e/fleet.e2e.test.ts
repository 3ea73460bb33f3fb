import { instantFromMs } from '@boocontrol/fleet-model';
import { describe, expect, it } from 'vitest';
import { homeFleet, largeFleet, noFleet } from '../../testing/fleet';
import { liveness } from '../../testing/hosts';
import { FixtureServer } from '../../testing/server';
import { seriousViolations, useBrowser } from './browser';

const open = useBrowser();
const now = (): number => Date.now();

describe('the fleet page', () => {
  it('shows a card for each host with its state in words', async () => {
    const { page } = await open(homeFleet(now()));
    await page.getByTestId('host-card').nth(6).waitFor();
    expect(await page.getByTestId('host-card').count()).toBe(7);
    const tower = page.getByRole('article', { name: 'Tower' });
    await tower.getByText('connected for 3 h').waitFor();
    await tower.getByText('qwen3-32b-Q4_K_M').waitFor();
    await tower.getByRole('img', { name: /^VRAM of RTX 5090: .* of 31\.8 GB$/ }).waitFor();
    await page.getByRole('article', { name: 'NAS' }).getByText('down, last seen 4 min ago').waitFor();
    await page
      .getByRole('article', { name: 'Laptop' })
      .getByText(/reconnecting, try 3 (in \d s|now)/)
      .waitFor();
    await page
      .getByRole('article', { name: 'Embedder' })
      .getByText('Monitoring is off on this host.')
      .waitFor();
    await page
      .getByRole('article', { name: 'Mac Studio' })
      .getByText(/^214 requests .* are missing$/)
      .waitFor();
  });

  it('follows a model from starting to ready, and a host down and back', async () => {
    const { page, server } = await open(homeFleet(now()));
    const row = page.locator('[data-provider=workstation] [data-model="qwen3-coder-30b-a3b-UD-Q4_K_XL"]');
    await row.getByText('starting').waitFor();
    server.push('model-changed', {
      providerId: 'workstation',
      at: instantFromMs(now()),
      model: 'qwen3-coder-30b-a3b-UD-Q4_K_XL',
      from: 'starting',
      to: 'ready',
      observed: 'live',
      failed: false,
    });
    await row.getByText('ready').waitFor();
    const tower = page.getByRole('article', { name: 'Tower' });
    const reason = { code: 'refused', message: 'The host refused the connection. Is llama-swap running?' };
    server.push('liveness', liveness('tower', now(), { state: 'down', reason }));
    await tower.getByText(/^down, last seen/).waitFor();
    await tower.getByText(reason.message).waitFor();
    await page.getByText(`Tower is down. ${reason.message}`).waitFor({ state: 'attached' });
    server.push('liveness', liveness('tower', now()));
    await tower.getByText(/^connected for/).waitFor();
  });

  it('adds a host: complaints beside their fields, then its card', async () => {
    const { page, server } = await open(noFleet());
    await page.getByRole('heading', { name: 'No hosts yet' }).waitFor();
    await page.getByRole('button', { name: 'Add a host' }).click();
    const dialog = page.getByRole('dialog', { name: 'Add a host' });
    await dialog.getByLabel('Address').fill('tower.lan:8080');
    expect(await dialog.getByLabel('Id').inputValue()).toBe('tower');
    await dialog.getByLabel('Id').fill('Not a slug');
    await dialog.getByRole('button', { name: 'Add host' }).click();
    await dialog.getByText('use 1 to 63 of a-z, 0-9 and hyphen').waitFor();
    expect(await dialog.getByLabel('Id').getAttribute('aria-invalid')).toBe('true');
    await dialog.getByLabel('Id').fill('tower');
    await dialog.getByLabel('Name').fill('Tower');
    await page.keyboard.press('Enter');
    await page.getByRole('article', { name: 'Tower' }).getByText('waiting for the first contact').waitFor();
    expect(server.calls.at(-1)).toMatchObject({
      method: 'POST',
      body: { id: 'tower', baseUrl: 'http://tower.lan:8080' },
    });
  });

  it('edits, disables and removes a host, each after the gateway said so', async () => {
    const { page, server } = await open(homeFleet(now()));
    const act = async (name: string): Promise<void> => {
      await page.getByRole('button', { name: 'Actions for NAS' }).click();
      await page.getByRole('menuitem', { name, exact: true }).click();
    };
    await act('Edit…');
    await page.getByRole('dialog').getByLabel('Tags').fill('disks');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('article', { name: 'NAS' }).getByText('disks').waitFor();
    expect(server.calls.at(-1)).toMatchObject({
      method: 'PATCH',
      path: '/api/providers/nas',
      body: { tags: ['disks'] },
    });
    await act('Reconnect now');
    await page.getByText('Connecting to NAS again.').waitFor();
    await act('Disable');
    await page.getByRole('article', { name: 'NAS' }).getByText('disabled, not followed').waitFor();
    await act('Remove…');
    await page
      .getByRole('dialog', { name: 'Remove NAS?' })
      .getByRole('button', { name: 'Remove', exact: true })
      .click();
    await page.getByRole('article', { name: 'NAS' }).waitFor({ state: 'detached' });
  });

  it('stars a model', async () => {
    const { page, server } = await open(homeFleet(now()));
    await page.getByRole('button', { name: 'Star qwen3-32b-Q4_K_M' }).click();
    await page.getByRole('button', { name: 'Unstar qwen3-32b-Q4_K_M' }).waitFor();
    expect(server.calls.at(-1)).toMatchObject({
      method: 'PUT',
      path: '/api/favorites/tower/qwen3-32b-Q4_K_M',
    });
  });

  it('says that the connection is lost, and is right again when it is back', async () => {
    const made = homeFleet(now());
    const { page, server, base } = await open(made);
    await page.getByRole('article', { name: 'Tower' }).waitFor();
    await server.close();
    await page
      .getByText(/The live connection is lost; retrying… What is shown here is from \d\d:\d\d\./)
      .waitFor();
    const back = new FixtureServer(made);
    try {
      back.push('liveness', liveness('nas', now()));
      await back.listen(Number(new URL(base).port));
      await page
        .getByRole('article', { name: 'NAS' })
        .getByText(/^connected for/)
        .waitFor();
      await page.getByText(/The live connection is lost/).waitFor({ state: 'detached' });
    } finally {
      await back.close();
    }
  });

  it('says that BooControl is shutting down when it said so', async () => {
    const { page, server } = await open(homeFleet(now()));
    await page.getByRole('article', { name: 'Tower' }).waitFor();
    server.sayGoodbye();
    await server.close();
    await page.getByText('BooControl is shutting down; retrying…').waitFor();
  });

  it('shows and counts nothing of a host that is no longer in the registry', async () => {
    const made = homeFleet(now());
    const providers = made.providers.filter(({ id }) => id !== 'tower');
    const { page, base } = await open({ ...made, providers });
    await page.getByRole('article', { name: 'Workstation' }).waitFor();
    expect(await page.getByRole('article', { name: 'Tower' }).count()).toBe(0);
    const strip = page.getByRole('banner', { name: 'Whole fleet' });
    await strip.getByText('of 5').waitFor();
    expect(await strip.innerText()).toMatch(/In flight\s+2\s/);
    await page.goto(`${base}/activity/`);
    await page.locator('[data-kind=running]').first().waitFor();
    expect(await page.locator('[data-kind=running]').count()).toBe(1);
  });

  it('keeps the height of a card when a host goes away and a gap is told', async () => {
    const { page, server } = await open(homeFleet(now()), { width: 390 });
    const tower = page.getByRole('article', { name: 'Tower' });
    await tower.getByText('connected for 3 h').waitFor();
    const height = async (): Promise<number | undefined> => (await tower.boundingBox())?.height;
    const before = await height();
    const at = instantFromMs(now());
    server.push('gap', {
      providerId: 'tower',
      at,
      model: '*',
      state: 'gap_suspected',
      fromTs: at,
      toTs: at,
      reason: 'host_restarted',
      missing: null,
    });
    await tower.getByText(/^Requests about .* may be missing$/).waitFor();
    expect(await height()).toBe(before);
    const reason = { code: 'refused', message: 'The host refused the connection. Is llama-swap running?' };
    server.push('liveness', liveness('tower', now(), { state: 'down', reason }));
    await tower.getByText(reason.message).waitFor();
    expect(await height()).toBe(before);
  });

  it('opens a host with its charts, and closes it with Escape', async () => {
    const { page } = await open(homeFleet(now()), { path: '/?host=tower' });
    const drawer = page.getByRole('dialog', { name: 'Tower' });
    await drawer.getByTestId('charts').locator('canvas').first().waitFor();
    await drawer.getByText(/no data: host unreachable \d\d:\d\d to \d\d:\d\d/).waitFor();
    await drawer.getByRole('button', { name: /^Time range/ }).click();
    await page.getByRole('dialog', { name: 'Time range' }).getByRole('button', { name: 'Last 24 h' }).click();
    await drawer.getByRole('button', { name: 'Time range: Last 24 h' }).waitFor();
    expect(new URL(page.url()).search).toBe('?host=tower&range=24h');
    await page.keyboard.press('Escape');
    await drawer.waitFor({ state: 'detached' });
    expect(new URL(page.url()).search).toBe('');
  });

  it('carries a thousand hosts: few in the page, all to be found', async () => {
    const { page } = await open(largeFleet(1000, now()));
    await page.getByTestId('host-card').first().waitFor();
    expect(await page.getByTestId('host-card').count()).toBeLessThan(200);
    await page.getByLabel('Filter hosts').fill('node 777');
    await page.getByText('1 of 1,000 hosts').waitFor();
    const node = page.getByRole('article', { name: 'Node 777' });
    await node.getByRole('button', { name: 'Actions for Node 777' }).press('Enter');
    await page.getByRole('menuitem', { name: 'Remove…' }).press('Enter');
    await page
      .getByRole('dialog', { name: 'Remove Node 777?' })
      .getByRole('button', { name: 'Remove', exact: true })
      .press('Enter');
    await page.getByText('No host matches').waitFor();
  });

  it.each([1440, 390])('past six hosts has small cards that say what is wrong, at %i px', async (width) => {
    const { page } = await open(homeFleet(now()), { width, view: null });
    const view = page.getByRole('group', { name: 'View' });
    await view.getByRole('button', { name: 'Compact', pressed: true }).waitFor();
    const nas = page.getByRole('article', { name: 'NAS' });
    await nas.getByText('down, last seen 4 min ago').waitFor();
    await nas.getByText(/^The host asks for an API key/).waitFor();
    // What nobody follows has no figures, which is not zero.
    expect(await nas.innerText()).toMatch(/–\s*tok\/s\s*–\s*in flight/);
    expect(await page.getByRole('article', { name: 'Attic' }).innerText()).toMatch(/–\s*tok\/s/);
    expect(await page.getByRole('article', { name: 'Tower' }).innerText()).toContain('5090 · windows');
    expect(await seriousViolations(page)).toEqual([]);
    await view.getByRole('button', { name: 'Cards' }).click();
    await page.getByText('Monitoring is off on this host.').waitFor();
    await page.reload();
    await page.getByText('Monitoring is off on this host.').waitFor();
  });

  it('with up to six hosts has large cards, and hiding one does not change the others', async () => {
    const made = homeFleet(now());
    const { page } = await open({ ...made, providers: made.providers.slice(0, 6) }, { view: null });
    const view = page.getByRole('group', { name: 'View' });
    await view.getByRole('button', { name: 'Cards', pressed: true }).waitFor();
    const { page: seven } = await open(made, { view: null });
    await seven.getByRole('button', { name: 'Actions for NAS' }).press('Enter');
    await seven.getByRole('menuitem', { name: 'Hide host' }).press('Enter');
    await seven.getByText('1 host hidden').waitFor();
    await seven.getByRole('button', { name: 'Compact', pressed: true }).waitFor();
  });

  it('asks for the token where one is needed, and forgets nothing', async () => {
    const { page } = await open(homeFleet(now()), { token: 'right' });
    await page.getByLabel('Admin token').fill('wrong');
    await page.keyboard.press('Enter');
    await page.getByText('This is not the admin token.').waitFor();
    await page.getByLabel('Admin token').fill('right');
    await page.keyboard.press('Enter');
    await page.getByRole('article', { name: 'Tower' }).waitFor();
  });
});

describe('access for everyone', () => {
  it.each(['dark', 'light'] as const)('axe finds nothing serious on the fleet page, %s', async (scheme) => {
    const { page } = await open(homeFleet(now()), { scheme });
    await page.getByTestId('host-card').nth(6).waitFor();
    expect(await seriousViolations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Tower', exact: true }).click();
    await page.getByTestId('charts').locator('canvas').first().waitFor();
    expect(await seriousViolations(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Add host' }).click();
    await page.getByRole('dialog').waitFor();
    expect(await seriousViolations(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    for (const item of ['Edit…', 'Remove…']) {
      await page.getByRole('button', { name: 'Actions for NAS' }).click();
      await page.getByRole('menu').waitFor();
      expect(await seriousViolations(page)).toEqual([]);
      await page.getByRole('menuitem', { name: item }).click();
      await page.getByRole('dialog').waitFor();
      expect(await seriousViolations(page)).toEqual([]);
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
    }
  });

  it('has the theme and the rail by keyboard, and remembers them', async () => {
    const { page } = await open(homeFleet(now()));
    await page.getByRole('button', { name: /^Theme: system/ }).press('Enter');
    await page.getByRole('button', { name: /^Theme: dark/ }).press('Enter');
    await page.getByRole('button', { name: 'Fold the rail to icons' }).press('Enter');
    await page.reload();
    await page.getByRole('button', { name: /^Theme: light/ }).waitFor();
    await page.getByRole('button', { name: 'Show names in the rail' }).waitFor();
    expect(await page.locator('html').getAttribute('data-theme')).toBe('light');
  });
});
