import type { EvalRunsPage, Explain } from '@boocontrol/contracts';
import { createSimHost, type Answers, type SimHost } from '@boocontrol/sim';
import { launchBrowser, sandboxFolder, startStack, waitFor, type Stack } from '@boocontrol/testing';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

/** From a suite of one's own to a model that is chosen because of it: the real services, a real sandbox, a real browser. */
describe('an eval', { timeout: 90_000 }, () => {
  const ITEMS = [
    {
      kind: 'coding',
      id: 'clamp',
      difficulty: 'easy',
      language: 'python',
      prompt:
        'Write clamp(value, low, high) in range.py. It returns the nearest number between low and high.',
      target: 'range.py',
      tests: [
        {
          name: 'inside',
          module: 'range.py',
          steps: [{ do: 'call', name: 'clamp', args: [3, 1, 5], expect: 3 }],
        },
        {
          name: 'above',
          module: 'range.py',
          steps: [{ do: 'call', name: 'clamp', args: [9, 1, 5], expect: 5 }],
        },
      ],
    },
    ...[1, 2, 3, 4, 5].map((at) => ({
      kind: 'text',
      id: `colour-${at}`,
      prompt: `What colour is the kiln number ${at} on the plan? Answer with one word.`,
      checks: [{ check: 'equals', values: ['green'] }],
    })),
  ];
  const code = (body: string) =>
    `\`\`\`python range.py\ndef clamp(value, low, high):\n    return ${body}\n\`\`\`\n`;
  /** Knows all of it, or nothing but the first colour. */
  const knowing =
    (isGood: boolean): Answers =>
    ({ messages }) => {
      const asked = messages.at(-1)?.content ?? '';
      const say = (content: string) => ({ content, calls: [] });
      if (asked.includes('clamp'))
        return say(code(isGood ? 'max(low, min(value, high))' : 'max(low, value)'));
      return say(isGood || asked.includes('number 1 ') ? 'green' : 'plaid');
    };
  const model = (id: string, isGood: boolean) => ({
    ...{ id, loadMs: 50, ctx: 8_192, pace: { firstMs: 20, tokenMs: 5 } },
    answers: knowing(isGood),
  });

  let stack: Stack;
  let browser: Browser;
  let page: Page;
  const hosts: SimHost[] = [];
  const complaints: string[] = [];

  beforeAll(async () => {
    await sandboxFolder();
    const [started, launched, ...sims] = await Promise.all([
      startStack(),
      launchBrowser(),
      createSimHost({ id: 'clever', generation: 'C', models: [model('owl-8b', true)] }),
      createSimHost({ id: 'slow', generation: 'B', models: [model('newt-8b', false)] }),
    ]);
    [stack, browser] = [started, launched];
    hosts.push(...sims);
    for (const [at, id] of ['clever', 'slow'].entries())
      await stack.addHost({ id, label: id, baseUrl: sims[at]?.url ?? '' });
    page = await browser.newPage({ viewport: { width: 1440, height: 900 }, reducedMotion: 'reduce' });
    page.setDefaultTimeout(20_000);
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.goto(`${stack.url}/evals/?what=suites`);
  });
  afterAll(async () => {
    await browser?.close();
    await stack?.stop();
    for (const host of hosts) await host.close();
  });

  async function ask<T>(path: string, body?: object): Promise<T> {
    const answer = await fetch(`${stack.url}/api${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${text}`);
    return JSON.parse(text) as T;
  }
  const explained = (): Promise<Explain> =>
    ask('/routing/explain', {
      endpoint: '/chat/completions',
      body: { model: 'auto:code', messages: [{ role: 'user', content: 'Hello' }] },
    });

  test('begins with a suite that is made in the browser', async () => {
    await page.getByRole('button', { name: 'New suite' }).click();
    const editor = page.getByRole('dialog', { name: 'A new suite' });
    await editor.getByLabel('Name', { exact: true }).fill('kilns');
    await editor.getByLabel('Title').fill('What our kilns need');
    await editor.getByLabel('Category').fill('agent-coding');
    await editor.getByRole('textbox', { name: 'Items' }).fill('[{"kind": "text"}]');
    await editor.getByRole('button', { name: 'Save' }).click();
    // What is wrong is said beside it, and nothing is saved.
    await editor.getByRole('list', { name: 'What is wrong with the items' }).waitFor();
    await editor.getByRole('textbox', { name: 'Items' }).fill(JSON.stringify(ITEMS));
    await editor.getByRole('button', { name: 'Save' }).click();
    await editor.waitFor({ state: 'detached' });
    await page.getByRole('list', { name: 'Suites' }).getByText('What our kilns need').waitFor();
  });

  test('asks two models side by side, live, and shows why one failed', async () => {
    await page.getByRole('button', { name: 'Ask a model kilns' }).click();
    const launcher = page.getByRole('dialog', { name: 'Ask a model' });
    await launcher.getByRole('radio', { name: /What our kilns need/ }).check();
    for (const id of ['owl-8b', 'newt-8b']) await launcher.getByRole('checkbox', { name: id }).check();
    await launcher.getByRole('button', { name: 'Start' }).click();
    await page.waitForURL(/what=runs/);
    const ended = await waitFor(
      async () => {
        const { ended } = await ask<EvalRunsPage>('/evals/runs');
        return ended.length === 2 ? ended : undefined;
      },
      { what: 'both runs to end' },
    );
    const of = (id: string) => ended.find((run) => run.model === id);
    expect(of('owl-8b')).toMatchObject({
      state: 'succeeded',
      outcomes: { passed: 6 },
      score: { pass1: { mean: 1 } },
    });
    expect(of('newt-8b')).toMatchObject({ state: 'succeeded', outcomes: { passed: 1, failed: 5 } });
    await page.goto(`${stack.url}/evals/?run=${of('newt-8b')?.id}`);
    const square = (item: string) => page.locator(`[data-sample="${item}:0"]`);
    await square('colour-1').and(page.locator('[data-outcome=passed]')).waitFor();
    await square('clamp').and(page.locator('[data-outcome=failed]')).click();
    const sample = page.getByRole('dialog', { name: /clamp/ });
    await sample.getByText('What was checked: 1 of 2 held').waitFor();
    await sample.getByText('max(low, value)').first().waitFor();
    await page.keyboard.press('Escape');
    await sample.waitFor({ state: 'detached' });
  });

  test('puts them on the leaderboard, and tells routing', async () => {
    await page.goto(`${stack.url}/evals/`);
    await page.getByText('owl-8b').first().waitFor();
    await page.getByText('newt-8b').first().waitFor();
    const first = await waitFor(
      async () => {
        const { choice, candidates } = await explained();
        return choice?.model === 'owl-8b' && candidates[0]?.measured ? candidates[0] : undefined;
      },
      { what: 'routing to prefer the better one' },
    );
    expect(first).toMatchObject({
      ...{ providerId: 'clever', quality: 'measured' },
      measured: { category: 'agent-coding', mean: 1, n: 6, by: 'suite kilns' },
    });
    await page.goto(`${stack.url}/routing/?what=policies&edit=code`);
    await page
      .getByText(/Quality: measured, agent-coding/)
      .first()
      .waitFor();
    const answer = await fetch(`${stack.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'auto:code', messages: [{ role: 'user', content: 'number 2 ' }] }),
    });
    expect(await answer.text()).toContain('green');
    expect(complaints).toEqual([]);
  });
});
