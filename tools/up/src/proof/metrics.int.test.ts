import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SERVICES } from '@boocontrol/contracts';
import { createSimHost, type SimHost } from '@boocontrol/sim';
import {
  projectRoot,
  prometheusPrograms,
  promtool,
  startPrometheus,
  startStack,
  waitFor,
  type RunningPrometheus,
  type Stack,
} from '@boocontrol/testing';
import { parse, stringify } from 'yaml';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

/**
 * Prometheus, as Debian has it, scrapes the running product by the shipped configuration; the shipped rules and every
 * query of the shipped dashboard are asked of it.
 */
const programs = await prometheusPrograms();
if ('missing' in programs) console.warn(`The tests with Prometheus are left out: ${programs.missing}`);

const read = (path: string): string => readFileSync(join(projectRoot(), 'deploy', path), 'utf8');
const CONFIG = 'prometheus/prometheus.yml';
const RULES = 'prometheus/boocontrol.rules.yml';

interface ScrapeConfig {
  global: Record<string, string>;
  scrape_configs: { static_configs: { targets: string[] }[] }[];
}
interface Panel {
  title: string;
  targets?: { expr: string }[];
}
interface Dashboard {
  panels: Panel[];
  templating: { list: { type: string; query: string | { query: string } }[] };
}

describe.skipIf('missing' in programs)('Prometheus and the product', { timeout: 240_000 }, () => {
  if ('missing' in programs) return;
  const models = [
    { id: 'org/model-a', loadMs: 100 },
    { id: 'org/model-b', loadMs: 100 },
  ];
  const hosts: SimHost[] = [];
  let stack: Stack;
  let prometheus: RunningPrometheus;
  const sent = { through: 0, direct: 0 };

  beforeAll(async () => {
    stack = await startStack();
    const gpus = [{ name: 'RTX 5090', totalMb: 32_768 }];
    const options = { models, gpus, timeScale: 10, performance: { everyMs: 1_000 } };
    for (const [id, generation, captureBufferMb] of [
      ['kept', 'C', 10],
      ['bare', 'A', 0],
      ['shed', 'C', 10],
    ] as const) {
      const host = await createSimHost({ ...options, id, generation, captureBufferMb });
      hosts.push(host);
      await stack.addHost({ id, baseUrl: host.url });
    }
    const connected = async (): Promise<boolean> =>
      (await stack.fleet()).hosts.filter((host) => host.liveness?.state === 'connected').length === 3;
    await waitFor(connected, { what: 'all hosts connected' });
    const config = parse(read(CONFIG)) as ScrapeConfig;
    config.global = { scrape_interval: '1s', evaluation_interval: '1s' };
    const [job] = config.scrape_configs;
    if (job === undefined) throw new Error('nothing is scraped');
    job.static_configs = [{ targets: [new URL(stack.url).host] }];
    prometheus = await startPrometheus(programs, {
      'prometheus.yml': stringify(config),
      'boocontrol.rules.yml': read(RULES),
    });
  });
  afterAll(async () => {
    await prometheus?.stop();
    await stack?.stop();
    await Promise.all(hosts.map((host) => host.close()));
  });

  async function ask(baseUrl: string, model: string, source: string): Promise<void> {
    const body = { model, messages: [{ role: 'user', content: 'Hello' }], stream: true, max_tokens: 20 };
    const answer = await fetch(`${baseUrl}/v1/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-boo-source': source },
      body: JSON.stringify(body),
    });
    await answer.text();
  }
  async function through(model: string): Promise<void> {
    sent.through++;
    await ask(stack.url, model, 'opencode');
  }
  async function direct(host: SimHost, model: string): Promise<void> {
    sent.direct++;
    await ask(host.url, model, 'arena');
  }
  const valueOf = async (expression: string): Promise<number> =>
    (await prometheus.query(expression))[0]?.value ?? 0;

  test('every request is counted once, whether hosts keep captures or not', async () => {
    const [kept, bare, shed] = hosts as [SimHost, SimHost, SimHost];
    for (let round = 0; round < 3; round++) {
      for (const { id } of models) {
        for (const host of ['kept', 'bare']) await through(`${host}/${id}`);
        for (const host of [kept, bare]) await direct(host, id);
      }
    }
    // The two that have the model loaded are asked first.
    const haveIt = async (): Promise<boolean> =>
      (await stack.fleet()).hosts.filter((host) =>
        host.models.some(({ id, state }) => id === 'org/model-b' && state === 'ready'),
      ).length === 2;
    await waitFor(haveIt, { what: 'both to have the model' });
    for (const host of [kept, bare]) await host.faults.set({ serverErrors: {} });
    await through('org/model-b');
    for (const host of [kept, bare]) await host.faults.clear();
    await shed.faults.set({ serverErrors: {} });
    for (let n = 0; n < 6; n++) await through('shed/org/model-a');
    await through('org/model-a');
    await through('auto');
    await through('made-up');
    const total = async (): Promise<boolean> =>
      (await valueOf('sum(boocontrol_requests_total)')) >= sent.through + sent.direct;
    await waitFor(total, { what: 'all requests to be counted', timeoutMs: 60_000 });
    const count = (labels: string): Promise<number> => valueOf(`sum(boocontrol_requests_total{${labels}})`);
    // The failures of hosts have rows, too, which must not come on top when their time has passed.
    expect([await count('policy!="none"'), await count('policy="none"')]).toEqual([
      sent.through,
      sent.direct,
    ]);
    expect(await count('policy="none",host="bare"')).toBe(6);
    expect(await count('policy="none",host="kept",consumer="arena"')).toBe(6);
    expect(await count('policy="auto"')).toBe(1);
    expect(await count('host="none",model="other",outcome="refused"')).toBe(1);
    expect(await count('host="shed",outcome="succeeded"')).toBe(1);
    expect(await valueOf('boocontrol_fallbacks_total{reason="status"}')).toBe(2);
    // Open, or half-open after its ten seconds.
    expect(await valueOf('boocontrol_breaker_state{host="shed"}')).toBeGreaterThan(0);
  });

  test('what hosts failed to answer has rows, too, which do not come on top when those have waited', async () => {
    // One more request straight to a host without captures has waited as long as any row before it.
    await direct(hosts[1] as SimHost, 'org/model-b');
    const total = (): Promise<number> => valueOf('sum(boocontrol_requests_total)');
    await waitFor(async () => (await total()) >= sent.through + sent.direct, {
      what: 'it',
      timeoutMs: 60_000,
    });
    expect(await total()).toBe(sent.through + sent.direct);
  });

  test('rules are understood, and none of them fails', async () => {
    const checked = [
      await promtool(programs, ['check', 'config', join(projectRoot(), 'deploy', CONFIG)]),
      await promtool(programs, ['check', 'rules', join(projectRoot(), 'deploy', RULES)]),
    ];
    expect(checked.map(({ code, said }) => (code === 0 ? '' : said))).toEqual(['', '']);
    const groups = async (): Promise<{ rules: { name: string; health: string; lastError?: string }[] }[]> =>
      ((await prometheus.api('/api/v1/rules')) as { groups: { rules: never[] }[] }).groups;
    const rules = await waitFor(
      async () => {
        const all = (await groups()).flatMap((group) => group.rules);
        return all.length > 0 && all.every(({ health }) => health !== 'unknown') ? all : null;
      },
      { what: 'every rule to be evaluated', timeoutMs: 60_000 },
    );
    expect(rules.filter(({ health }) => health !== 'ok')).toEqual([]);
    for (const { name } of rules.filter(({ name: each }) => each.includes(':')))
      expect(await prometheus.query(name), name).not.toEqual([]);
  });

  test('every query of the dashboard has data', async () => {
    const { panels, templating } = JSON.parse(read('grafana/boocontrol.json')) as Dashboard;
    const queries = panels.flatMap(({ title, targets = [] }) => targets.map(({ expr }) => ({ title, expr })));
    expect(queries.length).toBeGreaterThan(25);
    for (const { title, expr } of queries) {
      const asked = expr
        .replaceAll('$__rate_interval', '5m')
        .replaceAll('$host', '.*')
        .replaceAll('$model', '.*');
      expect(asked).not.toContain('$');
      const hasData = async (): Promise<boolean> => (await prometheus.query(asked)).length > 0;
      await waitFor(hasData, { what: `data of “${title}”: ${asked}`, timeoutMs: 30_000 });
    }
    for (const { type, query } of templating.list) {
      if (type !== 'query' || typeof query === 'string') continue;
      const [, metric = '', label = ''] = /^label_values\((\w+), (\w+)\)$/.exec(query.query) ?? [];
      const labels = (await prometheus.query(metric)).map((series) => series.metric[label]);
      expect(labels.length, query.query).toBeGreaterThan(0);
      expect(labels).not.toContain(undefined);
    }
  });

  test('metrics of every service are clean, and docs/metrics.md has all of the product’s', async () => {
    const documented = readFileSync(join(projectRoot(), 'docs/metrics.md'), 'utf8');
    for (const { name } of SERVICES) {
      const url = name === 'gateway' ? stack.url : stack.service(name).url;
      const text = await (await fetch(`${url}/metrics`)).text();
      expect(await promtool(programs, ['check', 'metrics'], text), name).toEqual({ code: 0, said: '' });
      const names = [...text.matchAll(/^# TYPE (boo(?:control)?_\w+) /gm)].map(([, metric = '']) => metric);
      expect(
        names.filter((metric) => !documented.includes(`\`${metric}`)),
        name,
      ).toEqual([]);
    }
  });
});
