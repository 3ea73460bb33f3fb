import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import {
  BUCKET,
  calls,
  ProviderSchema,
  type EvalOutcome,
  type EvalRun,
  type EvalSample,
  type EvalSuiteInput,
} from '@boocontrol/contracts';
import { connectBus, createLogger, RpcClient } from '@boocontrol/platform';
import {
  sandboxFolder,
  spawnService,
  testDatabase,
  testNats,
  waitFor,
  type RunningService,
  type TestDatabase,
  type TestNats,
} from '@boocontrol/testing';
import { Kvm } from '@nats-io/kv';
import type { NatsConnection } from '@nats-io/transport-node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LLAMA, SLOW_MODEL, type HostUnderTest } from './host.js';
import { startReal } from './real.js';

// tools/up/conformance.mjs runs this only where all of it is given. One build is enough: what is asked is llama.cpp.
const { LLAMA_SERVER_BIN: binary, LLAMA_MODEL: model } = process.env;
const swap = ['C', 'B', 'A'].map((generation) => process.env[`LLAMA_SWAP_BIN_${generation}`]).find(Boolean);

const K = 2;
const CONTEXT = LLAMA.ctx / LLAMA.slots;
/** Length of the long prompt that fits, in tokens. */
const LONG = 600;
/** In no answer of a model of random weights. It goes on to the limit, too, and a text that was cut has failed. */
const SECRET = randomUUID();

const weather = {
  name: 'get_weather',
  description: 'The weather at a place now.',
  parameters: { type: 'object', properties: { place: { type: 'string' } }, required: ['place'] },
};
const town = {
  ...{ type: 'object', properties: { town: { enum: ['Bergen', 'Visby'] } } },
  ...{ required: ['town'], additionalProperties: false },
};
const code = (language: 'python' | 'javascript', target: string) => ({
  ...{ kind: 'coding' as const, id: `code/${language}`, language, target, prompt: 'Write add(a, b).' },
  tests: [
    {
      ...{ name: 'adds', module: target },
      steps: [{ do: 'call' as const, name: 'add', args: [1, 2], expect: 3 }],
    },
  ],
});
const long = (id: string, tokens: number) => ({
  ...{ kind: 'long-context' as const, id, task: 'multi-key' as const },
  ...{ tokens, depth: 0.5, needles: 3, seed: 5 },
});
const checks = [{ check: 'contains' as const, values: [SECRET] }];

/** Every kind, with what has to come of it. */
const ITEMS: [EvalSuiteInput['items'][number], EvalOutcome][] = [
  [{ kind: 'text', id: 'text/free', prompt: 'Say anything.', checks }, 'failed'],
  [{ kind: 'text', id: 'text/json', prompt: 'Name a town.', schema: town, checks }, 'failed'],
  [{ kind: 'text', id: 'text/too-long', prompt: 'one two three '.repeat(CONTEXT), checks }, 'invalid'],
  [code('python', 'a.py'), 'failed'],
  [code('javascript', 'a.mjs'), 'failed'],
  [long('long/fits', LONG), 'failed'],
  [long('long/too-long', 4 * CONTEXT), 'invalid'],
  [
    {
      ...{ kind: 'tools', id: 'tools/weather', tools: [weather] },
      messages: [{ role: 'user', content: 'How warm is it in Bergen?' }],
      replies: [{ tool: weather.name, result: { celsius: 7 } }],
      expect: { calls: [{ name: weather.name, arguments: { place: { equals: SECRET } } }] },
    },
    'failed',
  ],
];
const OUTCOMES = new Map(ITEMS.map(([{ id }, outcome]) => [id, outcome]));

const suite: EvalSuiteInput = {
  ...{ name: 'conformance', title: 'Conformance', category: 'chat', licence: 'CC0-1.0', samples: K },
  sampler: { temperature: 0.8, maxTokens: 48 },
  items: ITEMS.map(([item]) => item),
};

/** Two hosts: one whose chat template is the model's own, and one by whose template functions can be called. */
const HOSTS = [
  { id: 'plain', forGateway: false },
  { id: 'calling', forGateway: true },
];
/** So many samples of a run come out like this. */
const count = (outcome: EvalOutcome): number => K * ITEMS.filter(([, one]) => one === outcome).length;

describe('evals of a real llama.cpp server', () => {
  const hosts: HostUnderTest[] = [];
  const services: RunningService[] = [];
  let nats: TestNats;
  let database: TestDatabase;
  let nc: NatsConnection;
  let rpc: RpcClient;
  let runs: EvalRun[];
  const samples: EvalSample[] = [];

  beforeAll(async () => {
    if (!swap || !binary || !model) throw new Error('run it with: npm run conformance');
    // Threads of two servers that wait for one another take minutes on a machine that has other work.
    const llama = { binary, model, threads: 1 };
    [nats, database] = await Promise.all([testNats(), testDatabase()]);
    const log = createLogger('conformance', { level: 'silent' });
    nc = await connectBus({ url: nats.url, name: 'conformance', log });
    rpc = new RpcClient(nc);
    const environment = {
      ...{ NATS_URL: nats.url, DATABASE_URL: database.url, LOG_LEVEL: 'warn' },
      BOOCONTROL_SANDBOX: await sandboxFolder(),
    };
    for (const name of ['ingest', 'evals']) {
      const service = await spawnService(`services/${name}/dist/main.js`, environment);
      services.push(service);
      await service.waitReady();
    }
    const providers = await new Kvm(nc).open(BUCKET.providers);
    for (const { id, forGateway } of HOSTS) {
      const host = await startReal(swap, { generation: 'C', apiKeys: [], llama, forGateway });
      hosts.push(host);
      const at = '2026-11-21T12:00:00.000000Z';
      const provider = ProviderSchema.parse({
        ...{ id, kind: 'llama-swap', label: id, baseUrl: host.url, enabled: true, tags: [], origin: 'api' },
        ...{ createdAt: at, updatedAt: at },
      });
      await providers.put(id, JSON.stringify(provider));
    }
  }, 300_000);
  afterAll(async () => {
    await Promise.all(services.map((service) => service.kill9()));
    await Promise.all(hosts.map((host) => host.stop()));
    await nc?.close();
    await nats?.stop();
    await database?.drop();
  }, 60_000);

  test('every kind is asked to its end, and each outcome is true', async () => {
    const targets = HOSTS.map(({ id }) => ({ providerId: id, model: SLOW_MODEL.id }));
    await rpc.ask(calls.saveEvalSuite, { suite }, { timeoutMs: 30_000 });
    // It knows the hosts a moment after they were registered, and its sandbox once that has proved itself.
    ({ runs } = await waitFor(
      () =>
        rpc.ask(
          calls.startEval,
          { suite: suite.name, targets, source: 'conformance', concurrency: LLAMA.slots, confirm: true },
          { timeoutMs: 60_000 },
        ),
      { what: 'the runs to be taken in', timeoutMs: 120_000 },
    ));
    for (const { id } of runs) {
      const { run } = await waitFor(
        async () => {
          const detail = await rpc.ask(calls.evalRun, { id }, { timeoutMs: 15_000 });
          return detail.run.endedAt === null ? undefined : detail;
        },
        { what: 'the run to end', timeoutMs: 180_000 },
      );
      const page = await rpc.ask(calls.evalSamples, { id, limit: 100 }, { timeoutMs: 15_000 });
      const told = page.samples.map(({ item, sample, outcome, reason }) => ({
        ...{ item, sample, outcome },
        hasReason: reason !== null,
        ...(outcome === OUTCOMES.get(item) ? {} : { why: reason }),
      }));
      expect(told, run.providerId).toEqual(
        ITEMS.flatMap(([{ id: item }, outcome]) =>
          Array.from({ length: K }, (_, sample) => ({ item, sample, outcome, hasReason: true })),
        ),
      );
      expect(run).toMatchObject({
        ...{ state: 'succeeded', done: K * ITEMS.length, total: K * ITEMS.length },
        outcomes: { failed: count('failed'), invalid: count('invalid') },
        score: { samples: count('failed'), left: count('invalid'), pass1: { mean: 0 } },
      });
      for (const { item, sample } of page.samples)
        samples.push(await rpc.ask(calls.evalSample, { id, item, sample }, { timeoutMs: 15_000 }));
    }
  }, 300_000);

  test('each sample has what was sent, what came, its tokens and its times', () => {
    expect(samples).toHaveLength(HOSTS.length * K * ITEMS.length);
    for (const sample of samples) {
      const what = `${sample.run.providerId} ${sample.item} ${sample.sample}`;
      if (OUTCOMES.get(sample.item) === 'invalid') {
        expect(sample.reason?.code, what).toBe('context_too_small');
        expect(sample.answer, what).toEqual([]);
        continue;
      }
      expect(sample.prompt.at(-1)?.content.length, what).toBeGreaterThan(0);
      expect(sample.answer.length, what).toBeGreaterThan(0);
      expect(sample.promptHash, what).toMatch(/^[0-9a-f]{64}$/);
      expect(sample.promptTokens, what).toBeGreaterThan(0);
      expect(sample.outputTokens, what).toBeGreaterThan(0);
      expect(sample.ttftMs, what).toBeGreaterThan(0);
      expect(sample.e2eMs, what).toBeGreaterThanOrEqual(sample.ttftMs ?? 0);
      expect(sample.finishReason, what).not.toBeNull();
    }
    // The template adds to what was made as long as it has to be.
    for (const { promptTokens } of samples.filter(({ item }) => item === 'long/fits'))
      expect(Math.abs((promptTokens ?? 0) - LONG)).toBeLessThanOrEqual(LONG / 10);
  });

  test('nothing is left running, and nobody has a host', async () => {
    const isSandbox = (pid: string): boolean => {
      try {
        const words = /^\d+$/.test(pid) ? readFileSync(`/proc/${pid}/cmdline`, 'utf8') : '';
        return runs.some(({ id }) => words.includes(`:${id}:`));
      } catch {
        return false;
      }
    };
    await waitFor(() => !readdirSync('/proc').some(isSandbox), { what: 'the sandboxes to be gone' });
    const leases = await new Kvm(nc).open(BUCKET.hostLeases);
    const isHeld = async (id: string): Promise<boolean> => (await leases.get(id))?.operation === 'PUT';
    for (const { id } of HOSTS)
      await waitFor(async () => !(await isHeld(id)), { what: `${id} to be left alone` });
  });
});
