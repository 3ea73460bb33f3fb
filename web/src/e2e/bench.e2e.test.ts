import { waitFor } from '@boocontrol/testing';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { endedRun, manyRuns, oneRun, runId, type MadeRun } from '../../testing/bench-runs';
import { PRESET_SUITES } from '../../testing/bench-cells';
import { homeFleet } from '../../testing/fleet';
import { seriousViolations, useBrowser } from './browser';

const open = useBrowser();
const now = (): number => Date.now();
const BUSY = {
  code: 'host_busy',
  message: 'opencode asked Tower 12 s ago, and open-webui has a request under way there.',
};
const TARGET = 'tower/qwen3-32b-Q4_K_M';
const quick = PRESET_SUITES.find(({ name }) => name === 'quick')!;

async function withRuns(runs: MadeRun[], options: Parameters<typeof open>[1] = {}) {
  const opened = await open(homeFleet(now()), options);
  opened.server.bench.runs = runs;
  const go = (path = '/bench/'): Promise<unknown> => opened.page.goto(opened.base + path);
  return { ...opened, bench: opened.server.bench, go };
}

const heading = (page: Page, name: string) => page.getByRole('heading', { name });
const cell = (page: Page, name: string) => page.locator(`[data-cell="${name}"]`);
const CELLS = ['pp128 tg64 d0 c1', 'pp128 tg64 d0 c4', 'pp1024 tg64 d0 c1', 'pp1024 tg64 d0 c4'] as const;
/** Nothing is wider than the screen. */
const overflow = (page: Page): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollWidth - innerWidth);

describe('a run from its launch to a regression', () => {
  it('asks who is disturbed, fills its grid, is measured again, and is held against a baseline', async () => {
    const { page, bench, go } = await withRuns([]);
    bench.objection = BUSY;
    await go();
    await heading(page, 'Nothing was measured yet').waitFor();
    await page.getByRole('button', { name: 'Measure', exact: true }).first().click();
    const launcher = page.getByRole('dialog', { name: 'Measure' });
    await launcher.getByLabel('Find a model').fill('tower qwen3-32b');
    await launcher.getByRole('checkbox', { name: /qwen3-32b-Q4_K_M/ }).check();
    const estimate = launcher.getByRole('region', { name: 'Estimate' });
    await estimate.getByText('about 84 s for 1 model').waitFor();
    await estimate.getByText(BUSY.message).waitFor();
    await launcher
      .getByText('npx boocontrol bench --url http://tower.lan:8080 --model qwen3-32b-Q4_K_M --preset quick')
      .waitFor();
    expect(await seriousViolations(page)).toEqual([]);
    await launcher.getByRole('button', { name: 'Start' }).click();
    const question = launcher.getByRole('alertdialog');
    await question.getByText(BUSY.message).waitFor();
    await question.getByText('marked as contaminated').waitFor();
    await question.getByRole('button', { name: 'Measure anyway' }).press('Enter');

    await page.waitForURL(/\/bench\/\?run=/);
    const { id } = bench.runs[0]!.run;
    await page.getByText('waiting for its turn').waitFor();
    bench.begin(id);
    await page.getByText('running', { exact: true }).first().waitFor();
    bench.work(id, 0, { genTps: 43.21, ttftMs: 88 });
    await page.getByTestId('now').getByText('43.2').waitFor();
    bench.endCell(id, 0);
    await cell(page, CELLS[0]).and(page.locator('[data-state=measured]')).waitFor();
    bench.work(id, 1, { genTps: 30 });
    bench.endCell(id, 1, 'opencode asked qwen3-32b-Q4_K_M');
    await cell(page, CELLS[1]).getByText('contaminated').waitFor();
    bench.endCell(id, 2);
    bench.endCell(id, 3);
    bench.end(id);
    await page.getByText('done', { exact: true }).waitFor();
    await cell(page, CELLS[1]).click();
    const drawer = page.getByRole('dialog', { name: '128 in, 64 out; 4 at once' });
    await drawer.getByText('somebody else’s request: opencode asked qwen3-32b-Q4_K_M').waitFor();
    expect(await seriousViolations(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await drawer.waitFor({ state: 'detached' });

    await page.getByRole('button', { name: 'Measure 1 contaminated cell again' }).click();
    await page.getByRole('alertdialog').getByText(BUSY.message).waitFor();
    await page.getByRole('button', { name: 'Measure anyway' }).click();
    await waitFor(() => bench.run(id).run.state === 'queued', { what: 'the run to be queued again' });
    bench.begin(id);
    bench.endCell(id, 1);
    bench.end(id);
    await page.getByText('clean', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Set as baseline' }).click();
    await page.getByRole('button', { name: 'No longer the baseline' }).waitFor();
    expect(bench.baselines.map(({ runId: held }) => held)).toEqual([id]);

    const later = endedRun({
      n: 2,
      suite: quick,
      providerId: 'tower',
      model: 'qwen3-32b-Q4_K_M',
      createdMs: now() + 60_000,
      speed: 30,
      build: 'b11702',
    });
    later.run = { ...later.run, regressed: 4 };
    bench.runs.unshift(later);
    await go();
    const rows = page.getByRole('grid', { name: 'Runs that have ended, newest first' });
    await rows.getByText('4 regressed').click();
    await page.getByText('engine build b11669 → b11702').waitFor();
    await page.getByText(/held against the baseline/).waitFor();
    await page.getByRole('group', { name: 'Verdicts' }).getByText('regressed').first().waitFor();
    expect(await seriousViolations(page)).toEqual([]);
  });

  it('says who has the host, and takes over', async () => {
    const { page, bench, go } = await withRuns([]);
    bench.objection = {
      code: 'host_leased',
      message: 'Anna has Tower.',
      details: { holder: 'Anna', purpose: 'fine-tuning', until: null },
    };
    await go(`/bench/?ask=new&target=${encodeURIComponent(TARGET)}`);
    const launcher = page.getByRole('dialog', { name: 'Measure' });
    await launcher.getByRole('button', { name: 'Start' }).click();
    await launcher.getByText('for “fine-tuning”, no end given').waitFor();
    await launcher.getByRole('button', { name: 'Take over and measure' }).click();
    await page.waitForURL(/\/bench\/\?run=/);
    expect(bench.runs).toHaveLength(1);
  });
});

describe('the list of runs', () => {
  it('shows those under way as they go on, and ends one', async () => {
    const { page, bench, server, go } = await withRuns(oneRun(now()));
    bench.answer('POST', '/bench/runs', new URLSearchParams(), {
      suite: 'quick',
      targets: [{ providerId: 'tower', model: 'phi-4-Q8_0' }],
    });
    const { id } = bench.runs[0]!.run;
    bench.begin(id);
    await go();
    const run = page.locator(`[data-run="${id}"]`);
    await run.getByText('0 of 4 cells done', { exact: true }).waitFor();
    bench.endCell(id, 0);
    bench.work(id, 1, { genTps: 43.21 });
    await run.getByText('1 of 4 cells done', { exact: true }).waitFor();
    await run.getByTestId('now').getByText('43.2').waitFor();
    await run.getByRole('img', { name: '1 of 4 cells done' }).last().waitFor();
    expect(await seriousViolations(page)).toEqual([]);
    await run.getByRole('button', { name: 'Cancel' }).click();
    await run.waitFor({ state: 'detached' });
    await page.getByRole('grid').getByText('cancelled').waitFor();
    expect(server.calls.at(-1)?.path).toBe(`/api/bench/runs/${id}/cancel`);
  });

  it('of 500 comes in pages, is filtered in the address, and opens one from the keyboard', async () => {
    const { page, server, go } = await withRuns(manyRuns(500, now()));
    await go();
    const rows = page.getByRole('grid').getByRole('row');
    await rows.nth(1).waitFor();
    await page.keyboard.press('End');
    await waitFor(() => server.answered.some(({ url }) => url.searchParams.has('cursor')), {
      what: 'the next page',
    });
    await page.getByLabel('Only this host').selectOption('Tower');
    await page.waitForURL(/host=tower/);
    await page.getByLabel('Only this suite').selectOption('chat');
    await page.waitForURL(/suite=chat/);
    await rows.nth(1).getByText('Tower').waitFor();
    await page.keyboard.press('Home');
    await page.locator('[role=row][aria-selected=true]').waitFor();
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/bench\/\?run=/);
    await page.getByRole('heading', { level: 1, name: /chat/ }).waitFor();
    await page.goBack();
    await page.waitForURL(/suite=chat/);
    await go('/bench/?host=nas');
    await heading(page, 'No run matches').waitFor();
  });

  it('says when it does not come, and asks again', async () => {
    const { page, bench, server, go } = await withRuns(oneRun(now()));
    bench.fails = { code: 'unavailable', message: 'The database is away.' };
    await go();
    await heading(page, 'Couldn’t load the runs').waitFor();
    const asked = (): number =>
      server.answered.filter(({ url }) => url.pathname === '/api/bench/runs').length;
    const before = asked();
    await page.getByRole('button', { name: 'Try again' }).click();
    await waitFor(() => asked() > before, { what: 'the runs to be asked for again' });
    await heading(page, 'Couldn’t load the runs').waitFor();
    bench.fails = null;
    // A snapshot that comes late asks again by itself, and takes the button away for a moment.
    const row = page.getByRole('grid').getByText('users');
    const press = async (): Promise<boolean> => {
      await page.evaluate(() =>
        [...document.querySelectorAll('button')].find((each) => each.textContent === 'Try again')?.click(),
      );
      return row.isVisible();
    };
    await waitFor(press, { what: 'the runs' });
    await go(`/bench/?run=${runId(77)}`);
    await heading(page, 'There is no such run').waitFor();
  });
});

describe('a run', () => {
  it('says what a figure is, holds two runs against each other, and is a file', async () => {
    const { page, go } = await withRuns(manyRuns(60, now()));
    await go(`/bench/?run=${runId(58)}`);
    await heading(page, 'Cells').waitFor();
    await page.getByRole('button', { name: 'What TTFT is' }).first().click();
    await page.getByText('From the intended send to the first token, be it reasoning or content.').waitFor();
    await page.keyboard.press('Escape');
    await page.getByLabel('Figure', { exact: true }).selectOption('Generation, tokens/s');
    await page.waitForURL(/figure=genTps/);
    await page.locator('canvas').first().waitFor();
    const other = await page.getByLabel('Compare with').locator('option').nth(1).getAttribute('value');
    await page.getByLabel('Compare with').selectOption(other);
    await page.waitForURL(/against=/);
    await page.getByText('held against the run').waitFor();
    await page
      .getByRole('button', { name: /^the other: / })
      .first()
      .waitFor();
    await page.getByRole('button', { name: 'Export' }).click();
    const href = await page.getByRole('link', { name: /^JSON/ }).getAttribute('href');
    expect(href).toBe(`/api/bench/runs/${runId(58)}/export?format=json`);
    expect(await seriousViolations(page)).toEqual([]);
  });

  it('that was ended before its end is measured to its end', async () => {
    const { page, bench, go } = await withRuns([]);
    bench.answer('POST', '/bench/runs', new URLSearchParams(), {
      suite: 'quick',
      targets: [{ providerId: 'tower', model: 'phi-4-Q8_0' }],
    });
    const { id } = bench.runs[0]!.run;
    bench.begin(id);
    bench.endCell(id, 0);
    await go(`/bench/?run=${id}`);
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('button', { name: 'Measure the 3 missing cells' }).click();
    await page.getByText('it will be measured to its end').waitFor();
    bench.begin(id);
    for (const index of [1, 2, 3]) bench.endCell(id, index);
    bench.end(id);
    await page.getByText('clean', { exact: true }).waitFor();
    expect(await page.getByRole('button', { name: /missing/ }).count()).toBe(0);
  });

  it('that was not measured has dashes and words, and no 0', async () => {
    const { page, bench, go } = await withRuns([]);
    bench.answer('POST', '/bench/runs', new URLSearchParams(), {
      suite: 'quick',
      targets: [{ providerId: 'tower', model: 'phi-4-Q8_0' }],
    });
    await go(`/bench/?run=${bench.runs[0]!.run.id}`);
    await cell(page, CELLS[0]).getByText('waiting').waitFor();
    expect(await page.getByTestId('grid').locator('tbody').innerText()).not.toMatch(/(^|\s)0(\s|$)/);
    await page.getByText('Curves need two loads').waitFor();
    await page.getByText('Of no request this was measured.').waitFor();
  });
});

describe('history, suites and schedules', () => {
  it('draws a figure over time and builds, and the fastest hosts', async () => {
    const { page, server, go } = await withRuns(manyRuns(500, now()));
    await go('/bench/?what=history');
    await page.locator('canvas').waitFor();
    await page.getByText('b11480').first().waitFor();
    await page.getByLabel('Only this model').selectOption('qwen3-32b-Q4_K_M');
    await page.waitForURL(/model=qwen3-32b/);
    await waitFor(
      () =>
        server.answered.some(({ url }) => url.pathname.endsWith('/history') && url.searchParams.has('model')),
      { what: 'the history of the model' },
    );
    const fastest = page.getByRole('region', { name: 'qwen3-32b-Q4_K_M' });
    expect(await fastest.getByRole('rowheader').allInnerTexts()).toEqual(['Tower', 'Mac Studio']);
    expect(await seriousViolations(page)).toEqual([]);
  });

  it('says that there is no history yet', async () => {
    const { page, go } = await withRuns([]);
    await go('/bench/?what=history');
    await heading(page, 'Nothing was measured in this time').waitFor();
    await page.getByText('No model has a clean run yet').waitFor();
  });

  it('copies a suite that came with the program, and saves it by its form and its JSON', async () => {
    const { page, server, go } = await withRuns([]);
    await go('/bench/?what=suites');
    await page.getByText('The file broken.yaml of the data folder is no suite').waitFor();
    await page.getByRole('button', { name: 'A quick look' }).click();
    await page.getByText('cannot be changed').waitFor();
    await page.getByRole('dialog').getByRole('button', { name: 'Copy as…' }).click();
    const editor = page.getByRole('dialog', { name: 'A new suite' });
    expect(await editor.getByLabel('Name', { exact: true }).inputValue()).toBe('quick-copy');
    await editor.getByLabel('Lengths of prompts').fill('256, 2048');
    const json = editor.getByLabel('All of it');
    expect(await json.inputValue()).toContain('2048');
    const whole = JSON.parse(await json.inputValue()) as { repetitions: number };
    await json.fill(JSON.stringify({ ...whole, repetitions: 0 }));
    expect(await editor.getByLabel('Repetitions', { exact: true }).inputValue()).toBe('0');
    await editor.getByRole('button', { name: 'Save' }).click();
    await editor.getByText('At least 1.').waitFor();
    await editor.getByLabel('Repetitions', { exact: true }).fill('7');
    expect(await seriousViolations(page)).toEqual([]);
    await editor.getByRole('button', { name: 'Save' }).click();
    await page.getByText('quick-copy is saved.').waitFor();
    expect(server.calls.at(-1)).toMatchObject({
      method: 'PUT',
      path: '/api/bench/suites/quick-copy',
      body: { ifHash: null, suite: { promptTokens: [256, 2_048], repetitions: 7 } },
    });
    await page.getByRole('button', { name: 'quick-copy', exact: true }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
    await page
      .getByRole('dialog', { name: 'Remove quick-copy?' })
      .getByRole('button', { name: 'Remove' })
      .click();
    await page.getByText('quick-copy is removed.').waitFor();
  });

  it('makes a suite of recorded traffic', async () => {
    const { page, server, go } = await withRuns([]);
    await go('/bench/?what=suites&ask=recorded');
    const dialog = page.getByRole('dialog', { name: 'From recorded traffic' });
    await dialog.getByLabel('Whose requests').selectOption({ index: 1 });
    await dialog.getByRole('button', { name: 'Make the suite' }).click();
    await page.getByText('3 requests had no lengths').waitFor();
    await page
      .getByRole('dialog', { name: 'A new suite' })
      .getByText('Its requests stand in the JSON.')
      .waitFor();
    expect(server.calls.at(-1)).toMatchObject({ method: 'POST', path: '/api/bench/recorded-traffic' });
    await page.getByRole('dialog', { name: 'A new suite' }).getByRole('button', { name: 'Save' }).click();
    await page.getByText(/^requests-of-[a-z0-9-]+ is saved\.$/).waitFor();
  });

  it('makes a schedule, switches it off, and says what was left out', async () => {
    const { page, bench, go } = await withRuns([]);
    await go('/bench/?what=schedules');
    await page.getByRole('button', { name: 'Make a schedule' }).click();
    const dialog = page.getByRole('dialog', { name: 'A new schedule' });
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.getByText('Choose a model: the suite names none by itself.').waitFor();
    await dialog.getByLabel('Find a model').fill('phi tower');
    await dialog.getByRole('checkbox', { name: /phi-4-Q8_0/ }).check();
    await dialog.getByLabel('Sun').uncheck();
    expect(await seriousViolations(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Mon to Sat at 04:00').waitFor();
    const [made] = bench.schedules;
    bench.schedules = [
      {
        ...made!,
        last: {
          at: made!.nextAt ?? '',
          runs: 0,
          skipped: [
            {
              providerId: 'tower',
              model: 'phi-4-Q8_0',
              reason: { code: 'host_busy', message: 'Tower was in use.' },
            },
          ],
        },
      },
    ];
    await go('/bench/?what=schedules');
    await page.getByText('Tower: phi-4-Q8_0 was left out. Tower was in use.').waitFor();
    await page.getByRole('button', { name: 'Switch off' }).click();
    await page.getByText('switched off').waitFor();
    expect(await seriousViolations(page)).toEqual([]);
  });
});

describe('leaving the page', () => {
  it('leaves nothing running: what is told of runs asks for nothing any more', async () => {
    const { page, bench, server, go } = await withRuns(manyRuns(5, now()));
    bench.answer('POST', '/bench/runs', new URLSearchParams(), {
      suite: 'quick',
      targets: [{ providerId: 'tower', model: 'phi-4-Q8_0' }],
    });
    const { id } = bench.runs[0]!.run;
    bench.begin(id);
    await go(`/bench/?run=${id}`);
    await cell(page, CELLS[0]).waitFor();
    // What is due at the moment of leaving is not asked for either.
    bench.endCell(id, 0);
    await page.getByRole('link', { name: 'Keys' }).click();
    await page.getByRole('heading', { name: 'Keys', exact: true }).waitFor();
    await waitFor(() => server.answered.some(({ url }) => url.pathname === '/api/keys'), {
      what: 'the keys',
    });
    const asked = (): number =>
      server.answered.filter(({ url }) => url.pathname.startsWith('/api/bench')).length;
    const before = asked();
    bench.work(id, 1, { genTps: 40 });
    bench.endCell(id, 1);
    server.dropSockets();
    await page.getByText('The live connection is lost').waitFor();
    await page.getByText('The live connection is lost').waitFor({ state: 'detached' });
    // A round trip of the page after all that could have asked.
    await page.getByRole('link', { name: 'Actions' }).click();
    await page.getByRole('heading', { name: 'Actions', exact: true }).waitFor();
    expect(asked()).toBe(before);
  });
});

describe('on a phone', () => {
  it.each([
    '/bench/',
    `/bench/?run=${runId(500)}`,
    '/bench/?what=history',
    '/bench/?what=suites',
    '/bench/?what=schedules',
  ])('%s is no wider than the screen, and axe finds nothing', async (path) => {
    const { page, go } = await withRuns(manyRuns(500, now()), { width: 390, touch: true });
    await go(path);
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.waitForLoadState('networkidle');
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    expect(await seriousViolations(page)).toEqual([]);
  });
});
