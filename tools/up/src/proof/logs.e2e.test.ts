import { readFile } from 'node:fs/promises';
import { LogLineSchema, subjects, type LogLine } from '@boocontrol/contracts';
import { createSimHost, type SimHost } from '@boocontrol/sim';
import { launchBrowser, startStack, waitFor, type Stack } from '@boocontrol/testing';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const HOSTS = 10;
/** What the gateway and the page keep of one log. */
const KEPT = 2_000;

/** The whole way of a line: a host's event stream, the bus, the gateway's socket, the page of a real browser. */
describe('a thousand log lines a second over ten hosts', () => {
  const ids = Array.from({ length: HOSTS }, (_, at) => `node-${at}`);
  const [loud = '', ...others] = ids;
  let stack: Stack;
  let browser: Browser;
  let nc: NatsConnection;
  let sims: SimHost[];
  /** All that went over the bus, by log. */
  const told = new Map<string, LogLine[]>();
  const of = (id: string, source: LogLine['source'] = 'upstream'): LogLine[] =>
    told.get(`${id} ${source}`) ?? [];
  const ask = async (sim: SimHost, content: string): Promise<void> => {
    const answer = await fetch(`${sim.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', connection: 'close' },
      body: JSON.stringify({ model: 'm', max_tokens: 2, messages: [{ role: 'user', content }] }),
    });
    expect(answer.status, await answer.text()).toBe(200);
  };
  const opened = async (): Promise<Page> => {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    await page.goto(`${stack.url}/logs/`);
    await page.getByTestId('log-line').first().waitFor();
    return page;
  };
  /** What a page has, by log, each line with its model as in its file. */
  const shown = async (page: Page): Promise<Map<string, string[]>> => {
    const coming = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Download the lines shown' }).click();
    const lines = (await readFile(await (await coming).path(), 'utf8')).trimEnd().split('\n');
    const logs = new Map<string, string[]>();
    for (const line of lines) {
      const [, host, writer, text] = line.split('\t');
      const log = `${host} ${writer?.split(' ')[0]}`;
      logs.set(log, [...(logs.get(log) ?? []), `${writer}\t${text}`]);
    }
    return logs;
  };
  const asInFile = ({ source, model, line }: LogLine): string => {
    const name = model && ` ${model.id}${model.by === 'probable' ? '?' : ''}`;
    return `${source}${name ?? ''}\t${line}`;
  };
  const expected = (): Map<string, string[]> =>
    new Map([...told].map(([log, lines]) => [log, lines.slice(-KEPT).map(asInFile)]));

  beforeAll(async () => {
    [stack, browser, ...sims] = await Promise.all([
      startStack(),
      launchBrowser(),
      ...ids.map((id, at) =>
        createSimHost({
          id,
          generation: (['A', 'B', 'C'] as const)[at % 3] ?? 'C',
          models: [{ id: 'm', loadMs: 20 }],
        }),
      ),
    ]);
    nc = await connect({ ...stack.nats.connection, noAsyncTraces: true });
    nc.subscribe(subjects.allLogs, {
      callback: (_error, message) => {
        const line = LogLineSchema.parse(message.json());
        const log = `${line.providerId} ${line.source}`;
        told.set(log, [...(told.get(log) ?? []), line]);
      },
    });
    await Promise.all(sims.map(({ id, url }) => stack.addHost({ id, label: id, baseUrl: url })));
    await Promise.all(sims.map((sim) => ask(sim, 'hello')));
    await waitFor(() => ids.every((id) => of(id).length > 0), { what: 'the first lines of all hosts' });
  });
  afterAll(async () => {
    await browser?.close();
    await nc?.close();
    await stack?.stop();
    await Promise.all((sims ?? []).map((sim) => sim.close()));
  });

  test(
    'reach the page, each once and in order; what the tail has dropped is said',
    { timeout: 120_000 },
    async () => {
      const page = await opened();
      for (const [at, { faults }] of sims.entries())
        await faults.set({ logFlood: { linesPerS: at === 0 ? 400 : 66 } });
      await waitFor(() => of(loud).length > KEPT + 500 && others.every((id) => of(id).length > 100), {
        what: 'lines of all hosts',
        timeoutMs: 60_000,
      });
      await Promise.all(sims.map(({ faults }) => faults.clear()));
      // What a host writes now is behind all of that.
      const ended = (id: string): number =>
        of(id).filter(({ line }) => line.includes('stop processing')).length;
      await Promise.all(sims.map((sim) => ask(sim, 'that was all')));
      await waitFor(() => ids.every((id) => ended(id) === 2), { what: 'the last lines of all hosts' });

      const tasks = of(loud).flatMap(
        ({ line }) => /^slot update_slots: id 0 \| task (\d+) /.exec(line)?.[1] ?? [],
      );
      expect(tasks.map(Number)).toEqual(tasks.map((_, at) => at + 1));
      const all = [...told.values()].reduce((sum, lines) => sum + lines.length, 0);
      const kept = [...told.values()].reduce((sum, lines) => sum + Math.min(lines.length, KEPT), 0);
      const words = page.getByLabel('What is shown');
      await words.getByText(`${kept.toLocaleString('en')} lines`, { exact: true }).waitFor();
      await words.getByText(`; ${(all - kept).toLocaleString('en')} older ones have left`).waitFor();
      expect(await shown(page)).toEqual(expected());
      await page.close();
    },
  );

  test('are there for who comes late: 2,000 of each', async () => {
    const page = await opened();
    const kept = [...expected().values()].reduce((sum, lines) => sum + lines.length, 0);
    await page
      .getByLabel('What is shown')
      .getByText(`${kept.toLocaleString('en')} lines`, { exact: true })
      .waitFor();
    const lines = await shown(page);
    expect(lines.get(`${loud} upstream`)).toHaveLength(KEPT);
    expect(lines).toEqual(expected());
  });
});
