import { createRequire } from 'node:module';
import { readFile } from 'node:fs/promises';
import {
  BenchRunDetailSchema,
  type BenchRunDetail,
  type HeldLeaseReply,
  type SuiteInput,
} from '@boocontrol/contracts';
import { createSimHost, type SimHost } from '@boocontrol/sim';
import { launchBrowser, startStack, waitFor, type Stack } from '@boocontrol/testing';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

/** A run from its launch to a regression: the real services, a simulated host, a real browser. */
describe('a benchmark', { timeout: 90_000 }, () => {
  /** Answers are short and slow, so that a machine that is busy otherwise pollutes no figure. */
  const MODEL = { id: 'small', loadMs: 50, ctx: 8_192, pace: { firstMs: 20, tokenMs: 50 } };
  /** Two cells of some seconds each, so that something can happen meanwhile. */
  const SUITE: SuiteInput = {
    name: 'proof',
    description: 'Two small cells',
    promptTokens: [32, 64],
    outputTokens: [15],
    load: { kind: 'closed', concurrency: [1] },
    repetitions: 5,
    warmup: { requests: 1, until: 'count' },
    sampling: {},
  };
  const [FIRST, SECOND] = ['pp32 tg15 d0 c1', 'pp64 tg15 d0 c1'] as const;

  let stack: Stack;
  let browser: Browser;
  let page: Page;
  let tower: SimHost;
  let first = '';
  const complaints: string[] = [];

  beforeAll(async () => {
    [stack, browser, tower] = await Promise.all([
      startStack(),
      launchBrowser(),
      createSimHost({ id: 'tower', generation: 'C', models: [MODEL] }),
    ]);
    await stack.addHost({ id: 'tower', label: 'Tower', baseUrl: tower.url });
    await ask('PUT', '/bench/suites/proof', { suite: SUITE, ifHash: null });
    page = await browser.newPage({
      viewport: { width: 1440, height: 900 },
      reducedMotion: 'reduce',
    });
    page.setDefaultTimeout(15_000);
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error' && !/Failed to load resource/.test(message.text()))
        complaints.push(message.text());
    });
    await page.goto(stack.url);
  });
  afterAll(async () => {
    await browser?.close();
    await stack?.stop();
    await tower?.close();
  });

  async function ask<T>(method: string, path: string, body?: object): Promise<T> {
    const answer = await fetch(`${stack.url}/api${path}`, {
      method,
      headers: { 'content-type': 'application/json', 'x-boo-source': 'anna' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return JSON.parse(text) as T;
  }
  const detail = async (id: string): Promise<BenchRunDetail> =>
    BenchRunDetailSchema.parse(await ask('GET', `/bench/runs/${id}`));

  /** A request of somebody else. Resolves when its answer has ended. */
  async function chat(source: string, tokens: number): Promise<void> {
    const answer = await fetch(`${tower.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-boo-source': source },
      body: JSON.stringify({
        model: MODEL.id,
        messages: [{ role: 'user', content: 'How far is the moon?' }],
        max_tokens: tokens,
        ignore_eos: true,
        stream: true,
      }),
    });
    expect(await answer.text()).toContain('[DONE]');
  }

  const isAsking = async (who: string): Promise<boolean> => {
    const host = (await stack.fleet()).hosts.find(({ providerId }) => providerId === 'tower');
    return host?.inflight?.requests.some(({ source }) => source === who) ?? false;
  };

  const cell = (name: string, state: string): Locator =>
    page.locator(`[data-cell="${name}"][data-state=${state}]`);
  const question = (): Locator => page.getByRole('alertdialog');

  /** Chooses suite and model, and asks for a run. */
  async function launch(): Promise<Locator> {
    await page.getByRole('link', { name: 'Bench' }).first().click();
    await page.getByRole('button', { name: 'Measure', exact: true }).first().click();
    const launcher = page.getByRole('dialog', { name: 'Measure' });
    await launcher.getByRole('radio', { name: /proof/ }).check();
    await launcher.getByRole('checkbox', { name: MODEL.id }).check();
    await launcher.getByRole('button', { name: 'Start' }).click();
    return launcher;
  }
  const shownRun = async (): Promise<string> => {
    await page.waitForURL(/\/bench\/\?run=/);
    return new URL(page.url()).searchParams.get('run') ?? '';
  };

  async function seriousViolations(): Promise<string[]> {
    await page.evaluate(
      await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8'),
    );
    return page.evaluate(async () => {
      const { axe } = globalThis as unknown as {
        axe: {
          run(): Promise<{
            violations: { id: string; impact: string; nodes: { failureSummary: string; html: string }[] }[];
          }>;
        };
      };
      return (await axe.run()).violations
        .filter(({ impact }) => impact === 'serious' || impact === 'critical')
        .map(
          ({ id, nodes }) => `${id}: ${nodes.map((node) => `${node.html} ${node.failureSummary}`).join(' ')}`,
        );
    });
  }

  test('is not begun on a host that somebody uses, and says who that is', async () => {
    await tower.faults.set({ freeze: true });
    const asked = chat('opencode', 20);
    await waitFor(() => isAsking('opencode'), { what: 'the request of opencode to be known' });
    await launch();
    await question().getByText('Tower is in use: opencode is using small.').waitFor();
    expect(await seriousViolations()).toEqual([]);
    await tower.faults.clear();
    await asked;
    await question().getByRole('button', { name: 'Not now' }).click();
    await question().waitFor({ state: 'detached' });
    expect(await ask('GET', '/bench/runs')).toMatchObject({ open: [], ended: [] });
  });

  test('takes a host over from its holder, who is told', async () => {
    const lease = await ask<HeldLeaseReply>('POST', '/leases', {
      ...{ providerId: 'tower', holder: 'Anna', purpose: 'fine-tuning' },
    });
    const launcher = page.getByRole('dialog', { name: 'Measure' });
    await launcher.getByRole('button', { name: 'Start' }).click();
    await question().getByText('Anna has the host for “fine-tuning”, no end given.').waitFor();
    await question().getByRole('button', { name: 'Take over and measure' }).click();
    first = await shownRun();
    const { fencingToken } = lease;
    const heartbeat = (): Promise<string | undefined> =>
      ask('PUT', `/leases/${lease.leaseId}`, { fencingToken }).then(
        () => undefined,
        (error: Error) => error.message,
      );
    expect(await waitFor(heartbeat, { what: 'Anna to be told' })).toContain('"code":"taken_over"');
  });

  test('fills its grid cell by cell, and a request of somebody else marks the cell that it touches', async () => {
    await waitFor(async () => (await detail(first)).cells[0]?.state === 'measured', {
      what: 'the first cell',
    });
    // The second one stands still until it was seen.
    await tower.faults.set({ freeze: true });
    await cell(FIRST, 'measured').waitFor();
    await cell(SECOND, 'running').waitFor();
    await page.getByText('1 of 2 cells done', { exact: true }).waitFor();
    // A host tells whole seconds, so that what begins too soon may have touched the first cell as well.
    const endedMs = Date.parse((await detail(first)).cells[0]?.endedAt ?? '');
    await waitFor(() => Date.now() > endedMs + 4_000, { what: 'the first cell to be some seconds ago' });
    // Longer than the warm-up, shorter than the cell.
    const foreign = chat('arena', 40);
    await waitFor(() => isAsking('arena'), { what: 'the foreign request to be known' });
    await tower.faults.clear();
    await foreign;
    await page.getByText('done', { exact: true }).waitFor();
    await page.getByText('1 cell contaminated', { exact: true }).waitFor();
    await cell(SECOND, 'measured').getByText('contaminated').click();
    const drawer = page.getByRole('dialog');
    await drawer.getByText(/somebody else’s request: arena asked small/).waitFor();
    expect(await seriousViolations()).toEqual([]);
    await page.keyboard.press('Escape');
    await drawer.waitFor({ state: 'detached' });
    expect(await cell(FIRST, 'measured').getByText('contaminated').count()).toBe(0);
  });

  test('measures the marked cell again, is clean then, and becomes the baseline', async () => {
    const before = await detail(first);
    await page.getByRole('button', { name: 'Measure 1 contaminated cell again' }).click();
    await question()
      .getByText(/arena used small \d+ s ago/)
      .waitFor();
    await question().getByRole('button', { name: 'Measure anyway' }).click();
    await page.getByText('1 cell contaminated', { exact: true }).waitFor({ state: 'detached' });
    await page.getByText('done', { exact: true }).waitFor();
    expect(await cell(SECOND, 'measured').getByText('contaminated').count()).toBe(0);
    const after = await detail(first);
    expect(after.run).toMatchObject({ state: 'succeeded', contaminated: 0, cellsDone: 2 });
    expect(after.cells[0]).toEqual(before.cells[0]);
    await page.getByRole('button', { name: 'Set as baseline' }).click();
    await page.getByRole('button', { name: 'No longer the baseline' }).waitFor();
  });

  test('shows that the host has become slower', async () => {
    await tower.faults.set({ slowTokens: { factor: 2 } });
    await launch();
    await question().getByRole('button', { name: 'Measure anyway' }).click();
    const second = await shownRun();
    await page.getByText('done', { exact: true }).waitFor({ timeout: 60_000 });
    await page
      .getByText(/^[1-4] regressed$/)
      .first()
      .waitFor();
    await page.getByText(/held against the baseline/).waitFor();
    const verdicts = page.getByRole('group', { name: 'Verdicts' }).first();
    await verdicts
      .getByRole('row')
      .filter({ hasText: 'Generation' })
      .getByText('regressed')
      .first()
      .waitFor();
    await cell(FIRST, 'measured').getByText('contaminated').waitFor({ state: 'detached' });
    const { comparison } = await detail(second);
    expect(comparison).toMatchObject({ baseline: { runId: first }, chosen: true });
    expect(await seriousViolations()).toEqual([]);
    await page.getByRole('link', { name: 'Bench' }).first().click();
    const runs = page.getByRole('grid', { name: 'Runs that have ended, newest first' });
    await runs
      .getByRole('row')
      .nth(1)
      .getByText(/^[1-4] regressed$/)
      .waitFor();
    expect(complaints).toEqual([]);
  });
});
