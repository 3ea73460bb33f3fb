import { waitFor } from '@boocontrol/testing';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { evalId, manyEvals, oneEval, type MadeEval } from '../../testing/eval-runs';
import { homeFleet } from '../../testing/fleet';
import { seriousViolations, useBrowser } from './browser';

const open = useBrowser();
const now = (): number => Date.now();
const BUSY = {
  code: 'host_busy',
  message: 'opencode asked Tower 12 s ago, and open-webui has a request under way there.',
};

async function withRuns(runs: MadeEval[], options: Parameters<typeof open>[1] = {}) {
  const opened = await open(homeFleet(now()), options);
  opened.server.evals.runs = runs;
  const go = (path = '/evals/'): Promise<unknown> => opened.page.goto(opened.base + path);
  return { ...opened, evals: opened.server.evals, go };
}

const heading = (page: Page, name: string) => page.getByRole('heading', { name });
const square = (page: Page, key: string) => page.locator(`[data-sample="${key}"]`);
/** Nothing is wider than the screen. */
const overflow = (page: Page): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollWidth - innerWidth);

describe('a run from its launch to the leaderboard', () => {
  it('asks who is disturbed, fills its grid, opens a failed sample, and is compared', async () => {
    const runs = manyEvals(now());
    const { page, evals, go } = await withRuns(runs.filter(({ run }) => run.model === 'phi-4-Q8_0'));
    evals.objection = BUSY;
    await go('/evals/?ask=new');
    const launcher = page.getByRole('dialog', { name: 'Ask a model' });
    await launcher.getByRole('radio', { name: /What our team asks/ }).check();
    await launcher.getByLabel('Find a model').fill('tower qwen3-32b');
    await launcher.getByRole('checkbox', { name: /qwen3-32b-Q4_K_M/ }).check();
    const estimate = launcher.getByRole('region', { name: 'Estimate' });
    await estimate.getByText('about 24 s', { exact: true }).waitFor();
    await estimate.getByText(BUSY.message).waitFor();
    await launcher.getByLabel('Tries of each item').fill('0');
    await launcher.getByText('From 1 to 100, a whole number.').waitFor();
    await launcher.getByLabel('Tries of each item').fill('2');
    await estimate.getByText('12 samples that are asked and graded').waitFor();
    expect(await seriousViolations(page)).toEqual([]);
    await launcher.getByRole('button', { name: 'Start' }).click();
    const question = launcher.getByRole('alertdialog');
    await question.getByText('samples that their requests touch are marked as contaminated').waitFor();
    await question.getByRole('button', { name: 'Measure anyway' }).press('Enter');

    await page.waitForURL(/\/evals\/\?run=/);
    const { id } = evals.runs[0]!.run;
    await page.getByText('waiting for its turn').waitFor();
    evals.begin(id);
    await page.getByText('running', { exact: true }).first().waitFor();
    evals.work(id, 'title-1', 0, 'asking');
    await page.locator('[data-state=asking]').waitFor();
    evals.settle(id, 'title-1', 0, 'passed');
    evals.settle(id, 'extract-1', 1, 'failed', true);
    await page.getByText('2 of 12 samples done', { exact: true }).first().waitFor();
    await square(page, 'title-1:0').and(page.locator('[data-outcome=passed]')).waitFor();
    await square(page, 'extract-1:1').and(page.locator('[data-outcome=failed]')).waitFor();
    expect(await square(page, 'extract-1:1').getAttribute('aria-label')).toBe(
      'extract-1, try 2: failed, contaminated',
    );
    expect(await seriousViolations(page)).toEqual([]);
    for (const { item, samples } of evals.run(id).items)
      for (const { sample, outcome } of samples) if (!outcome) evals.settle(id, item, sample, 'passed');
    evals.end(id);
    await page.getByText('done', { exact: true }).waitFor();
    await page.getByText('1 sample contaminated').waitFor();

    await square(page, 'extract-1:1').click();
    await page.waitForURL(/sample=extract-1/);
    const drawer = page.getByRole('dialog', { name: 'extract-1, try 2' });
    await drawer.getByTestId('outcome').getByText('failed').first().waitFor();
    await drawer.getByTestId('findings').getByText('at most 6 words').waitFor();
    await drawer.getByText('A report about something that was looked at').waitFor();
    expect(await seriousViolations(page)).toEqual([]);
    await page.keyboard.press('ArrowRight');
    await page.waitForURL(/sample=classify-1%3A0/);
    await page.keyboard.press('ArrowLeft');
    await page.waitForURL(/sample=extract-1%3A1/);
    await drawer.getByRole('button', { name: 'Grade again' }).click();
    await page.getByText('Graded again: it is still “failed”.').waitFor();
    await page.keyboard.press('Escape');
    await drawer.waitFor({ state: 'detached' });

    evals.runs = runs;
    await go();
    const rows = page.getByRole('grid', { name: 'Leaderboard' });
    await rows.getByRole('checkbox', { name: 'Compare qwen3-32b-Q4_K_M on Tower' }).check();
    await page.getByText('Choose another one to compare it with.').waitFor();
    await rows.getByRole('checkbox', { name: 'Compare phi-4-Q8_0 on Tower' }).check();
    await page.getByRole('button', { name: 'Compare', exact: true }).click();
    const pair = page.getByRole('dialog', { name: 'Two models, item by item' });
    await pair.getByTestId('verdict').waitFor();
    await pair.getByText('Holm').waitFor();
    expect(await seriousViolations(page)).toEqual([]);
    await pair
      .getByRole('link', { name: /^parse-duration|^lru-cache|^merge/ })
      .first()
      .click();
    await page.waitForURL(/\/evals\/\?run=.*sample=/);
    await page.getByRole('dialog', { name: /try 1/ }).waitFor();
  });

  it('is refused where no sandbox passed its trials, with the reason and what to do', async () => {
    const { page, evals, go } = await withRuns([]);
    evals.sandboxes = {
      usable: [],
      refused: [{ name: 'bubblewrap', reason: 'Namespaces are switched off.' }],
    };
    await go(`/evals/?ask=new&target=${encodeURIComponent('tower/qwen3-32b-Q4_K_M')}`);
    const launcher = page.getByRole('dialog', { name: 'Ask a model' });
    await launcher.getByText('Namespaces are switched off.').waitFor();
    await launcher.getByText('npm run canaries').waitFor();
    expect(await launcher.getByRole('button', { name: 'Start' }).isDisabled()).toBe(true);
    expect(await seriousViolations(page)).toEqual([]);
    await launcher.getByRole('radio', { name: /Small chores/ }).check();
    await launcher.getByText('Namespaces are switched off.').waitFor({ state: 'detached' });
    await launcher.getByLabel('Only this difficulty').selectOption('easy');
    await launcher.getByText('no place in the leaderboard').waitFor();
    await launcher.getByRole('button', { name: 'Start' }).click();
    await page.getByText('some items only: in no leaderboard').waitFor();
    expect(evals.runs[0]?.run.total).toBe(14);
  });
});

describe('the leaderboard', () => {
  it('of 20 models is filtered in the address, opens a row, and is a file', async () => {
    const { page, go } = await withRuns(manyEvals(now()));
    await go();
    const rows = page.getByRole('grid', { name: 'Leaderboard' }).getByRole('row');
    await rows.nth(1).waitFor();
    await page.locator('canvas').waitFor();
    await page.getByText('As a table').click();
    const table = page.getByRole('group', { name: 'Speed and quality, as a table' });
    expect(await table.getByRole('row').count()).toBe(22);
    expect(await seriousViolations(page)).toEqual([]);
    await page.getByLabel('Only this category').selectOption('tool-calls');
    await page.waitForURL(/category=tool-calls/);
    await page.getByText('9 models').waitFor();
    await page.getByRole('button', { name: 'Export' }).click();
    expect(await page.getByRole('link', { name: /^CSV/ }).getAttribute('href')).toBe(
      '/api/evals/leaderboard/export?format=csv&category=tool-calls',
    );
    await page.keyboard.press('Escape');
    await page.getByRole('searchbox', { name: 'Find a model' }).fill('nothing like this');
    await heading(page, 'No model matches').waitFor();
    await page.getByRole('button', { name: 'Clear the filters' }).click();
    await page.getByText('21 models').waitFor();
    await rows.nth(1).waitFor();
    await page.keyboard.press('Home');
    await page.locator('[role=row][aria-selected=true]').waitFor();
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/evals\/\?run=/);
    await page.getByRole('heading', { level: 1, name: /Agent coding/ }).waitFor();
  });

  it('says what to do where there is none, and when it does not come', async () => {
    const { page, evals, go } = await withRuns([]);
    await go();
    await heading(page, 'No model has a score yet').waitFor();
    expect(await seriousViolations(page)).toEqual([]);
    evals.fails = { code: 'unavailable', message: 'The database is away.' };
    await go();
    await page.getByRole('alert').getByText('The database is away.').waitFor();
    await go('/evals/?what=runs');
    await heading(page, 'Couldn’t load the runs').waitFor();
    evals.fails = null;
    await go('/evals/?what=runs');
    await heading(page, 'No model was asked yet').waitFor();
    await go(`/evals/?run=${evalId(77)}`);
    await heading(page, 'There is no such run').waitFor();
  });
});

describe('a run', () => {
  it('that ended before its end goes on, and is removed', async () => {
    const { page, evals, go } = await withRuns(oneEval(now()));
    evals.answer('POST', '/evals/runs', new URLSearchParams(), {
      suite: 'utility',
      targets: [{ providerId: 'tower', model: 'phi-4-Q8_0' }],
    });
    const { id } = evals.runs[0]!.run;
    evals.begin(id);
    evals.settle(id, 'title-1', 0, 'passed');
    await go('/evals/?what=runs');
    const run = page.locator(`[data-run="${id}"]`);
    await run.getByText('1 of 40 samples done', { exact: true }).waitFor();
    expect(await seriousViolations(page)).toEqual([]);
    await run.getByRole('button', { name: 'Cancel' }).click();
    await run.waitFor({ state: 'detached' });
    await page.getByRole('grid').getByText('cancelled').click();
    await page.getByRole('button', { name: 'Go on: 39 left' }).click();
    await page.getByText('what is missing will be asked').waitFor();
    await waitFor(() => evals.run(id).run.state === 'queued', { what: 'the run to be queued again' });
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('button', { name: 'Remove' }).click();
    const asked = page.getByRole('dialog', { name: 'Remove this run?' });
    expect(await seriousViolations(page)).toEqual([]);
    await asked.getByRole('button', { name: 'Remove' }).click();
    await page.waitForURL(/what=runs/);
    expect(evals.runs).toHaveLength(1);
  });

  it('has its samples filtered by outcome, in the address', async () => {
    const { page, go } = await withRuns(manyEvals(now()));
    await go(`/evals/?run=${evalId(1)}`);
    await page.getByText('How many items all of 3 tries pass: what one can rely on.').waitFor();
    await page.getByLabel('Only this outcome').selectOption('failed');
    await page.waitForURL(/outcome=failed/);
    const rows = page.getByRole('grid', { name: /^Samples/ }).getByRole('row');
    await rows.nth(1).getByText('tests failed').waitFor();
    await rows.nth(1).click();
    await page.getByTestId('outcome').getByText('failed').first().waitFor();
    await page.getByText('What its tests printed').waitFor();
    await page.getByText('print("joined")').last().waitFor();
    await page.keyboard.press('Escape');
    await page.getByTestId('outcome').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Family' }).click();
    await page.waitForURL(/by=family/);
    expect(await seriousViolations(page)).toEqual([]);
  });
});

describe('suites', () => {
  it('are read, copied, mended, saved, retired from, and removed', async () => {
    const { page, server, go } = await withRuns([]);
    await go('/evals/?what=suites');
    await page.getByText('The file broken.yaml of the data folder is no suite').waitFor();
    await page.getByRole('button', { name: 'Small chores', exact: true }).click();
    const read = page.getByRole('dialog', { name: 'Small chores' });
    await read.getByLabel('Find an item').fill('title-1 boiler');
    await read.getByText('title-1', { exact: true }).click();
    await read.getByText('It has at most 6 words.').waitFor();
    expect(await seriousViolations(page)).toEqual([]);
    await read.getByRole('button', { name: 'Copy as…' }).click();
    const editor = page.getByRole('dialog', { name: 'A new suite' });
    expect(await editor.getByLabel('Name', { exact: true }).inputValue()).toBe('utility-copy');
    const items = editor.getByRole('textbox', { name: 'Items' });
    await items.fill('[{"kind": "text", "id": "one", "prompt": "Say yes."}]');
    await editor.getByText('Item “one”, checks: it is missing.').waitFor();
    expect(await seriousViolations(page)).toEqual([]);
    await items.fill(`- kind: text
  id: one
  prompt: Say yes.
  checks: [{ check: equals, values: ['yes'] }]
  reference: 'yes'
`);
    await editor.getByRole('button', { name: 'JSON', exact: true }).click();
    expect(JSON.parse(await items.inputValue())).toMatchObject([{ id: 'one', prompt: 'Say yes.' }]);
    await editor.getByRole('button', { name: 'YAML', exact: true }).click();
    expect(await items.inputValue()).toMatch(/^- kind: text\n/);
    await editor.getByLabel('Title').fill('');
    await editor.getByRole('button', { name: 'Save' }).click();
    await editor.getByText('Enter a title.').waitFor();
    await editor.getByLabel('Title').fill('Only yes');
    await editor.getByRole('button', { name: 'Save' }).click();
    await page.getByText('utility-copy is saved.').waitFor();
    expect(server.calls.at(-1)).toMatchObject({
      method: 'PUT',
      path: '/api/evals/suites/utility-copy',
      body: { ifHash: null, suite: { title: 'Only yes', items: [{ id: 'one' }] } },
    });
    await page.getByRole('button', { name: 'Only yes', exact: true }).click();
    const mine = page.getByRole('dialog', { name: 'Only yes' });
    await mine.getByText('1 solution tried: every reference passes').waitFor();
    await mine.getByText('one', { exact: true }).click();
    await mine.getByRole('button', { name: 'Retire it…' }).click();
    const why = page.getByRole('dialog', { name: 'Retire one?' });
    await why.getByRole('button', { name: 'Retire', exact: true }).click();
    await why.getByText('Enter a reason').waitFor();
    expect(await seriousViolations(page)).toEqual([]);
    await why.getByLabel('Why').fill('Too easy');
    await why.getByRole('button', { name: 'Retire', exact: true }).click();
    await mine.getByText('Asked no more, and in no score: Too easy').waitFor();
    await mine.getByRole('button', { name: 'Remove' }).click();
    await page
      .getByRole('dialog', { name: 'Remove utility-copy?' })
      .getByRole('button', { name: 'Remove' })
      .click();
    await page.getByText('utility-copy is removed.').waitFor();
  });

  it('are imported, and say which lines were left out and why', async () => {
    const { page, go } = await withRuns([]);
    await go('/evals/?what=suites&ask=import');
    const dialog = page.getByRole('dialog', { name: 'Import tasks' });
    await dialog.getByLabel('Format').selectOption('gsm8k');
    await dialog.getByRole('button', { name: 'Import' }).click();
    await dialog.getByText('Enter a title.').waitFor();
    expect(await seriousViolations(page)).toEqual([]);
    await dialog.getByLabel('Name').fill('sums');
    await dialog.getByLabel('Title').fill('Sums');
    await dialog.getByLabel('Licence').fill('MIT');
    await dialog.getByLabel('Its lines').fill('{"question":"1+1?","answer":"#### 2"}\nnonsense');
    await dialog.getByRole('button', { name: 'Import' }).click();
    await dialog.getByText('1 line is not in it').waitFor();
    await dialog.getByText('it is no JSON').waitFor();
    expect(await seriousViolations(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Read it' }).click();
    await page.getByRole('dialog', { name: 'Sums' }).getByText('q-1').waitFor();
  });
});

describe('badges', () => {
  it('say in the launcher which model is the best now, with the reason', async () => {
    const { page, go } = await withRuns(manyEvals(now()));
    await go('/evals/?ask=new');
    const best = page
      .getByTestId('badges')
      .filter({ hasText: /best .*agent-coding/ })
      .first();
    await best.waitFor();
    expect(await best.getAttribute('title')).toMatch(
      /of agent-coding.*: the best of all models that are there now\./,
    );
  });
});

describe('on a phone', () => {
  it.each([
    '/evals/',
    '/evals/?what=runs',
    '/evals/?what=suites',
    `/evals/?run=${evalId(1)}`,
    `/evals/?run=${evalId(1)}&sample=csv-reader-1%3A0`,
    '/evals/?ask=new',
  ])('%s is no wider than the screen, and axe finds nothing', async (path) => {
    const { page, go } = await withRuns(manyEvals(now()), { width: 390, touch: true });
    await go(path);
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.waitForLoadState('networkidle');
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    expect(await seriousViolations(page)).toEqual([]);
  });
});
