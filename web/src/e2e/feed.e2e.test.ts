import type { ActivityEntry } from '@boocontrol/contracts';
import { instantFromMs, toActivityRow } from '@boocontrol/fleet-model';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { homeFleet, type MadeFleet } from '../../testing/fleet';
import type { FixtureServer } from '../../testing/server';
import { seriousViolations, useBrowser } from './browser';

const open = useBrowser();
const now = (): number => Date.now();
const rows = (page: Page) => page.locator('[data-testid=feed-row][data-kind=row]');
/** Nothing has ended within the last minute. */
const quietFleet = (): MadeFleet => homeFleet(now() - 60_000);

/** Requests that end on tower, so many a second; returns what stops them. */
function busy(server: FixtureServer, made: MadeFleet, perSecond: number): () => void {
  const like = made.requests.find(({ statusCode }) => statusCode === 200);
  if (!like) throw new Error('the made-up fleet has no finished request');
  let entryId = 600_000;
  const timer = setInterval(() => {
    const ts = instantFromMs(now());
    server.push('request', { ...like, at: ts, ts, endedAt: ts, entryId: entryId++ });
  }, 1000 / perSecond);
  return () => clearInterval(timer);
}

const keyAt = (page: Page, x: number, y: number): Promise<string | null> =>
  page.evaluate(
    ([left, top]) =>
      document.elementFromPoint(left, top)?.closest('[data-kind=row]')?.getAttribute('data-key') ?? null,
    [x, y] as const,
  );

describe('on load', () => {
  it('the activity page asks for its requests once, over the range that it shows', async () => {
    const asked: URL[] = [];
    const { page } = await open(quietFleet(), {
      path: '/activity/?host=tower',
      before: (fresh) => fresh.on('request', (request) => asked.push(new URL(request.url()))),
    });
    await rows(page).first().waitFor();
    await page.getByLabel('Totals of this filter').waitFor();
    // Longer than the feed waits before it asks again for what the table may have been behind with.
    await page.waitForTimeout(3500);
    const pages = asked.filter(({ pathname }) => pathname === '/api/activity');
    expect(pages.map(({ search }) => new URLSearchParams(search).getAll('providerId'))).toEqual([['tower']]);
    const ranges = asked.flatMap(({ searchParams }) => searchParams.getAll('from'));
    expect(ranges.length).toBeGreaterThan(2);
    for (const from of ranges) expect(now() - Date.parse(from)).toBeLessThan(9 * 86_400_000);
  });

  it.each(['/', '/?view=compact', '/activity/'])('%s does not shift', async (path) => {
    const { page } = await open(quietFleet(), {
      path,
      before: (fresh) =>
        fresh.addInitScript(() => {
          const shifts: string[] = [];
          Object.assign(window, { shifts });
          new PerformanceObserver((list) => {
            for (const entry of list.getEntries() as (PerformanceEntry & {
              value: number;
              sources: { node: Node | null }[];
            })[]) {
              const moved = entry.sources.map(({ node }) =>
                (node instanceof Element ? node.outerHTML : '').slice(0, 120),
              );
              shifts.push(`${entry.value} ${moved.join(' ')}`);
            }
          }).observe({ type: 'layout-shift', buffered: true });
        }),
    });
    const shown = path === '/activity/' ? rows(page) : page.getByTestId('host-card');
    await shown.nth(5).waitFor();
    await page.waitForTimeout(1500);
    const shifts = await page.evaluate(() => (window as unknown as { shifts: string[] }).shifts);
    const score = shifts.reduce((sum, shift) => sum + Number.parseFloat(shift), 0);
    expect(score, shifts.join('\n')).toBeLessThanOrEqual(0.02);
  });
});

describe('a row that is aimed at', () => {
  it('is hit at fifty requests a second, by pointer', async () => {
    const made = quietFleet();
    const { page, server } = await open(made, { path: '/activity/' });
    await rows(page).first().waitFor();
    const stop = busy(server, made, 50);
    try {
      await page
        .getByRole('gridcell', { name: /^(now|\d s ago)$/ })
        .first()
        .waitFor();
      await page.mouse.move(500, 400);
      const drawer = page.getByRole('dialog');
      let aims = 0;
      for (let y = 330; aims < 24; y += 17) {
        const x = 300 + aims * 20;
        await page.mouse.move(x, y);
        const aimed = await keyAt(page, x, y);
        // One of the lines between the rows.
        if (aimed === null) continue;
        aims += 1;
        await page.waitForTimeout(150);
        await page.mouse.click(x, y);
        await drawer.waitFor();
        expect(new URL(page.url()).searchParams.get('open')).toBe(aimed);
        await drawer.getByRole('button', { name: 'Close' }).click();
        await drawer.waitFor({ state: 'detached' });
      }
      const waiting = page.getByRole('button', { name: /^[\d,]+ new$/ });
      // What the drawer leaves behind as it fades may still be under the pointer.
      const isHeld = async (): Promise<boolean> => {
        await page.mouse.move(700, 20);
        await page.mouse.move(500, 400);
        return waiting.waitFor({ timeout: 10_000 }).then(
          () => true,
          () => false,
        );
      };
      await expect.poll(isHeld).toBe(true);
      await page.mouse.move(700, 20);
      await waiting.waitFor({ state: 'detached' });
    } finally {
      stop();
    }
  });

  it('is opened by keyboard, while others come', async () => {
    const made = quietFleet();
    const { page, server } = await open(made, { path: '/activity/' });
    await rows(page).first().waitFor();
    const stop = busy(server, made, 50);
    try {
      const focused = page.locator('[data-kind=row]:focus');
      // Past the running ones and the line below them.
      for (let step = 0; step < 6; step++) await page.keyboard.press('j');
      await focused.waitFor();
      const aimed = await focused.getAttribute('data-key');
      const place = await focused.boundingBox();
      await page.getByRole('button', { name: /^[\d,]+ new$/ }).waitFor();
      expect(await focused.boundingBox()).toEqual(place);
      await page.keyboard.press('Enter');
      await page.getByRole('dialog').waitFor();
      expect(new URL(page.url()).searchParams.get('open')).toBe(aimed);
    } finally {
      stop();
    }
  });
});

describe('a lost connection', () => {
  it('stops what counts, and is told within a drawer that covers the page', async () => {
    const made = quietFleet();
    const { page, server } = await open(made, { path: '/activity/' });
    const running = page.locator('[data-kind=running]');
    await running.first().waitFor();
    await rows(page).first().waitFor();
    await server.close();
    await page.getByText('The live connection is lost; retrying…').waitFor();
    const before = await running.allInnerTexts();
    await page.waitForTimeout(2200);
    expect(await running.allInnerTexts()).toEqual(before);
    expect(await running.first().getAttribute('class')).toContain('stale');
  });

  it('leaves no green claim in the drawer of a host on a phone', async () => {
    const { page, server } = await open(homeFleet(now()), { path: '/?host=tower', width: 390 });
    const drawer = page.getByRole('dialog', { name: 'Tower' });
    await drawer.getByText(/^connected for/).waitFor();
    await server.close();
    await drawer.getByText(/The live connection is lost\. What is shown is from/).waitFor();
    await drawer.getByText('last known: connected').waitFor();
    expect(await drawer.getByText(/connected for/).count()).toBe(0);
  });
});

describe('a lost connection in the table of hosts', () => {
  it('dims its lines, and they are bright again when it is back', async () => {
    const { page, server } = await open(homeFleet(now()), { path: '/?view=table' });
    const line = page.getByRole('grid', { name: 'Hosts' }).getByRole('row', { name: /Tower/ });
    await line.getByText(/^connected for/).waitFor();
    await page.context().setOffline(true);
    server.dropSockets();
    await line.getByText('last known: connected').waitFor();
    expect(await line.locator('.stale').count()).toBeGreaterThan(0);
    await page.context().setOffline(false);
    await line.getByText(/^connected for/).waitFor();
    expect(await line.locator('.stale').count()).toBe(0);
  });
});

describe('what does not work is said', () => {
  it('totals that do not come have a way to try again', async () => {
    const { page } = await open(quietFleet(), {
      path: '/activity/',
      before: (fresh) =>
        fresh.route('**/api/activity/totals?*status*', (route) => route.fulfill({ status: 500 })),
    });
    await rows(page).first().waitFor();
    await page.goto(`${page.url()}?status=5xx`);
    await page.getByText("Last 24 h: couldn't add up the requests.").waitFor();
    await page.unroute('**/api/activity/totals?*status*');
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByLabel('Totals of this filter').waitFor();
  });

  it('a host that is not there is named, with the way out', async () => {
    const { page } = await open(quietFleet(), { path: '/activity/?host=towr' });
    await page.getByText('No host called “towr”.').waitFor();
    await page.getByRole('button', { name: 'Remove this filter' }).click();
    await rows(page).first().waitFor();
    expect(new URL(page.url()).search).toBe('');
  });

  it('so is one that a link to its drawer names', async () => {
    const { page } = await open(quietFleet(), { path: '/?host=towr' });
    await page.getByText('No host called “towr”.').waitFor();
    await page.getByRole('button', { name: 'Show the fleet' }).click();
    await page.getByText('No host called').waitFor({ state: 'detached' });
    expect(new URL(page.url()).search).toBe('');
  });

  it('the suggestions go away when one is chosen, and the results are free', async () => {
    const { page } = await open(quietFleet(), { path: '/activity/' });
    await rows(page).first().waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('host tow');
    await page.keyboard.press('Enter');
    await page.getByRole('listbox').waitFor({ state: 'hidden' });
    await page.getByRole('button', { name: 'Remove filter host Tower' }).waitFor();
    // Whoever speaks to the browser says what stands on the chip.
    expect(await seriousViolations(page, ['label-content-name-mismatch'])).toEqual([]);
    await page.keyboard.type('n');
    await page.getByRole('listbox').waitFor();
  });
});

describe('type', () => {
  it.each(['/', '/activity/', '/?host=tower'])(
    '%s has no instrument numerals below 18 px, no ligatures in code',
    async (path) => {
      const { page } = await open(homeFleet(now()), { path });
      const shown = path === '/activity/' ? rows(page) : page.getByTestId('host-card');
      await shown.nth(5).waitFor();
      const found = await page.evaluate(() => {
        const own = [...document.querySelectorAll('body *')].filter((element) =>
          [...element.childNodes].some(
            (node) => node.nodeType === Node.TEXT_NODE && node.textContent?.trim(),
          ),
        );
        return own.flatMap((element) => {
          const { fontFamily, fontSize, fontVariantLigatures } = getComputedStyle(element);
          const small = fontFamily.includes('Boo Numerals') && Number.parseFloat(fontSize) < 18;
          const joined = fontFamily.startsWith('"JetBrains') && fontVariantLigatures !== 'none';
          return small || joined ? [element.outerHTML] : [];
        });
      });
      expect(found).toEqual([]);
    },
  );
});

describe('on paper', () => {
  it('has every request that is loaded, on as many pages as it takes', async () => {
    const { page } = await open(quietFleet(), { path: '/activity/' });
    await rows(page).first().waitFor();
    const pdf = await page.pdf({ format: 'A4', landscape: true });
    expect([...pdf.toString('latin1').matchAll(/\/Type\s*\/Page\b/g)].length).toBeGreaterThan(2);
    await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
    expect(await page.getByTestId('printed-feed').locator('tbody tr').count()).toBeGreaterThanOrEqual(100);
    expect(await page.locator('html').getAttribute('data-theme')).toBe('light');
    await page.evaluate(() => dispatchEvent(new Event('afterprint')));
    await page.getByTestId('printed-feed').waitFor({ state: 'detached' });
    expect(await page.locator('html').getAttribute('data-theme')).toBe('dark');
  });
});

const HOSTILE = [
  '# A plan\n\nUse **bold**, `a => b` and [a link](https://example.org/x).',
  '<script>window.hacked = 1</script><img src=x onerror="window.hacked = 2">',
  '[click me](javascript:window.hacked=3)',
  '![pixel](https://tracker.invalid/pixel.png)',
].join('\n\n');

describe('a conversation', () => {
  const chatOf = (made: MadeFleet) => {
    const chat = made.requests.find(
      ({ hasCapture, entryId, reqPath }) =>
        hasCapture && entryId % 7 !== 0 && reqPath === '/v1/chat/completions',
    );
    if (!chat) throw new Error('the made-up fleet has no chat');
    return toActivityRow(chat).key;
  };

  it('is Markdown that can do nothing and asks nobody, long prompts folded', async () => {
    const made = quietFleet();
    const key = chatOf(made);
    const strangers: string[] = [];
    const { page } = await open(made, {
      path: `/activity/?open=${key}`,
      before: async (fresh) => {
        fresh.on('request', (request) => {
          if (new URL(request.url()).hostname !== '127.0.0.1') strangers.push(request.url());
        });
        await fresh.route(`**/api/activity/${key}`, async (route) => {
          const response = await route.fetch();
          const entry = (await response.json()) as ActivityEntry;
          const messages = [
            { role: 'system', content: 'Be brief.\n'.repeat(400) },
            { role: 'user', content: HOSTILE },
            { role: 'assistant', content: `${'>'.repeat(1200)} deep` },
          ];
          const data = JSON.stringify({ model: 'm', messages });
          if (entry.capture?.reqBody) entry.capture.reqBody.data = data;
          await route.fulfill({ response, json: entry });
        });
      },
    });
    const drawer = page.getByRole('dialog');
    await drawer.locator('strong', { hasText: 'bold' }).waitFor();
    expect(await drawer.getByRole('link', { name: 'a link' }).getAttribute('rel')).toContain('noopener');
    expect(await drawer.getByRole('link', { name: 'click me' }).count()).toBe(0);
    await drawer.getByText('[picture: pixel]').waitFor();
    expect(await drawer.locator('img, script, iframe').count()).toBe(0);
    await drawer.getByText(/> deep$/).waitFor();
    await drawer.getByText('<script>window.hacked = 1</script>').waitFor();
    expect(await page.evaluate(() => 'hacked' in window)).toBe(false);
    expect(strangers).toEqual([]);
    const unfold = drawer.getByRole('button', { name: 'Show all 4,000 characters' });
    await unfold.click();
    await drawer.getByRole('button', { name: 'Show less' }).waitFor();
    expect(await seriousViolations(page)).toEqual([]);
  });

  it('brings the parser only when a conversation is opened', async () => {
    const made = quietFleet();
    const parsers: string[] = [];
    const { page } = await open(made, {
      path: '/activity/',
      before: (fresh) =>
        fresh.on('response', (response) => {
          if (!response.url().endsWith('.js')) return;
          const note = (text: string): boolean =>
            text.includes('list_item_open') && parsers.push(response.url()) > 0;
          // What is still on its way when the page goes is of no interest.
          response.text().then(note, () => false);
        }),
    });
    await rows(page).first().waitFor();
    await page.waitForLoadState('networkidle');
    expect(parsers).toEqual([]);
    await page.goto(`${page.url()}?open=${chatOf(made)}`);
    await expect.poll(() => parsers.length).toBeGreaterThan(0);
  });
});
