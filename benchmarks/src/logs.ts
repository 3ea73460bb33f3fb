import { setTimeout as delay } from 'node:timers/promises';
import { LogLineSchema, subjects } from '@boocontrol/contracts';
import { createSimHost, type SimHost } from '@boocontrol/sim';
import { waitFor, withStack, type Stack } from '@boocontrol/testing';
import type { Page } from 'playwright-core';
import { benchBus } from './facts.js';
import { cpuMsOf, expectCount, round, rssMbOf, table, type Row } from './measure.js';
import { smoothness, watched, withBrowser, type Smoothness } from './web/pages.js';

const HOSTS = 10;
const LINES_S = 100;
/** What the gateway and the page keep of one log. */
const KEPT = 2_000;
const LIMIT_S = 10;
const TASK = /^slot update_slots: id 0 \| task (\d+) /;

const ask = (sim: SimHost): Promise<string> =>
  fetch(`${sim.url}/v1/chat/completions`, {
    method: 'POST',
    body: JSON.stringify({ model: 'm', max_tokens: 2, messages: [{ role: 'user', content: 'hello' }] }),
  }).then((answer) => answer.text());

/** What went over the bus. */
class Bus {
  readonly lines = new Map<string, number>();
  /** Of each host, the last task that its model wrote of. */
  private readonly tasks = new Map<string, number>();
  /** Of what the models wrote: missing, or told again. */
  astray = 0;
  certain = 0;

  take(data: unknown): void {
    const { providerId, source, line, model } = LogLineSchema.parse(data);
    const log = `${providerId} ${source}`;
    this.lines.set(log, (this.lines.get(log) ?? 0) + 1);
    if (model?.by === 'matched') this.certain++;
    const task = TASK.exec(line)?.[1];
    if (task === undefined) return;
    if (Number(task) !== (this.tasks.get(providerId) ?? 0) + 1) this.astray++;
    this.tasks.set(providerId, Number(task));
  }

  get all(): number {
    return [...this.lines.values()].reduce((sum, lines) => sum + lines, 0);
  }
  get kept(): number {
    return [...this.lines.values()].reduce((sum, lines) => sum + Math.min(lines, KEPT), 0);
  }
}

/** In MB, after a collection. */
async function heapMb(page: Page): Promise<number> {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('HeapProfiler.collectGarbage');
  return (await devtools.send('Runtime.getHeapUsage')).usedSize / 1_000_000;
}

/** How many lines the page has once that is so many. */
const hasLines = (page: Page, lines: number): Promise<void> =>
  page
    .getByLabel('What is shown')
    .getByText(`${lines.toLocaleString('en')} lines`, { exact: true })
    .waitFor({ timeout: 60_000 });

interface Watched extends Smoothness {
  heapMb: [before: number, after: number];
}

/** The page, from when its tails are full. */
async function follow(page: Page, url: string, seconds: number): Promise<Watched> {
  await page.goto(`${url}/logs/`);
  await page.getByText('older ones have left').waitFor({ timeout: 60_000 });
  const before = await heapMb(page);
  const smooth = await smoothness(page, () => delay(seconds * 1000));
  return { ...smooth, heapMb: [before, await heapMb(page)] };
}

const cpuOf = (stack: Stack) => ({
  ingest: cpuMsOf(stack.service('ingest').pid),
  gateway: cpuMsOf(stack.service('gateway').pid),
});

/**
 * Ten simulated hosts whose models write a thousand lines a second together, read by ingest beside the logs of the models,
 * over the bus and the gateway's socket to the page of logs in a browser. The limit is an empty page in the same browser
 * under the same load.
 * @param seconds how long the page is watched, once its tails are full
 */
export async function logs(seconds: number): Promise<void> {
  await withStack(['fleet-state', 'ingest', 'gateway'], async (stack) => {
    const nc = await benchBus(stack.nats);
    const bus = new Bus();
    nc.subscribe(subjects.allLogs, { callback: (_, message) => bus.take(message.json()) });
    const sims = await Promise.all(
      Array.from({ length: HOSTS }, (_, at) =>
        createSimHost({ id: `node-${at}`, models: [{ id: 'm', loadMs: 20 }] }),
      ),
    );
    try {
      for (const { id, url } of sims) await stack.addHost({ id, label: id, baseUrl: url });
      await waitFor(() => bus.lines.size >= HOSTS, { what: 'all hosts to be followed' });
      await Promise.all(sims.map(ask));
      for (const { faults } of sims) await faults.set({ logFlood: { linesPerS: LINES_S } });
      await withBrowser((browser) =>
        watched(browser, async (page) => {
          await page.goto('about:blank');
          const limit = await smoothness(page, () => delay(LIMIT_S * 1000));
          const began = { cpu: cpuOf(stack), all: bus.all, certain: bus.certain, ms: performance.now() };
          const seen = await follow(page, stack.url, seconds);
          const ms = performance.now() - began.ms;
          const cpu = cpuOf(stack);
          const [lines, certain] = [bus.all - began.all, bus.certain - began.certain];
          const rss = rssMbOf(stack.service('ingest').pid);
          for (const { faults } of sims) await faults.clear();
          await delay(1_000);
          await hasLines(page, bus.kept);
          const left = bus.all - bus.kept;
          await page.getByText(`; ${left.toLocaleString('en')} older ones have left`).waitFor();
          const lateMs = await watched(browser, async (late) => {
            const from = performance.now();
            await late.goto(`${stack.url}/logs/`);
            await hasLines(late, bus.kept);
            return performance.now() - from;
          });
          expectCount('lines lost, or told twice', bus.astray, 0);
          const row = (what: string, measured: number, beside: string, unit = ''): Row => ({
            what,
            measured: `${round(measured)}${unit}`,
            beside,
          });
          table(`logs: ${HOSTS} hosts, the page followed for ${seconds} s`, [
            row('lines a second over the bus', lines / (ms / 1000), `${HOSTS * LINES_S}`),
            row('  of them with a certain model', (certain / lines) * 100, '100', ' %'),
            row('  lost or twice on the bus', bus.astray, '0'),
            row('frames a second, median', seen.framesPerS, `${limit.framesPerS} of an empty page`),
            row('time in long tasks', seen.longPct, `${round(limit.longPct)} % of an empty page`, ' %'),
            row('heap, tails full', seen.heapMb[0], '', ' MB'),
            row('heap at the end', seen.heapMb[1], `${round(seen.heapMb[0])} MB`, ' MB'),
            row('lines in the page at the end', bus.kept, `${KEPT} of each log`),
            row('  dropped by its tail, as it says', left, `${bus.all} came`),
            row('page opened late: all of them after', lateMs, '', ' ms'),
            row('CPU of ingest, of a core', ((cpu.ingest - began.cpu.ingest) / ms) * 100, '', ' %'),
            row('CPU of the gateway, of a core', ((cpu.gateway - began.cpu.gateway) / ms) * 100, '', ' %'),
            row('RSS of ingest', rss, '', ' MB'),
          ]);
        }),
      );
    } finally {
      await Promise.all(sims.map((sim) => sim.close()));
      await nc.close();
    }
  });
}
