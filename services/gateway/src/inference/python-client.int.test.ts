import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { createSimHost, type SimHost } from '@boocontrol/sim';
import { OPENAI_FOR_PYTHON, pythonWith, waitFor } from '@boocontrol/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { FakeHost, FRAMES, InferenceWorld, PlainDecider, stream } from '../testing/inference.js';
import { ARGUMENTS, callTool } from '../testing/tool-caller.js';
import type { Decider, Refusal, Target } from './parts.js';

const SCRIPT = fileURLToPath(new URL('../testing/openai_client.py', import.meta.url));

let world: InferenceWorld;
let sim: SimHost;
let tools: FakeHost;
let breaks: FakeHost;

beforeAll(async () => {
  sim = await createSimHost({
    id: 'sim',
    timeScale: 50,
    models: [
      { id: 'qwen3-8b', loadMs: 500 },
      { id: 'embed', embedding: true },
      { id: 'slow', genTps: 0.2, loadMs: 1 },
    ],
    concurrentModels: [['qwen3-8b', 'embed', 'slow']],
  });
  tools = await FakeHost.start('tools', callTool);
  breaks = await FakeHost.start('breaks', async (response) => {
    stream(response, [FRAMES.role, FRAMES.text('Hel')]);
    await new Promise((resolve) => response.write('', resolve));
    response.destroy();
  });
  world = await InferenceWorld.start();
  world.decider.decide = decide;
});
afterAll(async () => {
  await world.stop();
  await Promise.all([sim.close(), tools.stop(), breaks.stop()]);
});

const refusal = (code: Refusal['code'], status: number): ReturnType<Decider['decide']> => ({
  ok: false,
  refusal: { code, status, message: 'Not now.', retryAfterS: null, policy: null, candidates: [] },
});
/** A host, or a refusal, by what is asked for. */
const decide: PlainDecider['decide'] = ({ model }) => {
  if (model === 'nobody') return refusal('model_not_found', 404);
  if (model === 'later') return refusal('rate_limited', 429);
  const onSim: Target = {
    ...tools.target(),
    providerId: 'sim',
    baseUrl: sim.url,
    model: model === 'auto' ? 'qwen3-8b' : model,
  };
  const target = model === 'tools' ? tools.target() : model === 'breaks' ? breaks.target() : onSim;
  return {
    ok: true,
    choice: {
      policy: null,
      targets: [target],
      candidates: [],
      attempts: 1,
      firstByteMs: 30_000,
      budgetMs: null,
      hedgeAfterMs: null,
    },
  };
};

it('openai for Python: completion, streaming, tools, embeddings, errors, abort', async () => {
  const found = await pythonWith(OPENAI_FOR_PYTHON);
  if ('missing' in found)
    return void process.stdout.write(`${OPENAI_FOR_PYTHON} for Python was not tried: ${found.missing}\n`);
  // A proxy that is set for the way out is not for this machine.
  const { PATH, HOME } = process.env;
  const args = [SCRIPT, `${world.url}/v1`];
  const { stdout } = await promisify(execFile)(found.python, args, { env: { PATH, HOME }, timeout: 90_000 });
  const seen = JSON.parse(stdout) as Record<string, Record<string, unknown>>;
  expect(seen).toMatchObject({
    tools: { name: 'weather', arguments: ARGUMENTS },
    tools_streamed: { name: 'weather', arguments: ARGUMENTS },
    embed: { count: 2 },
    models: ['auto'],
    unknown: { type: 'NotFoundError', status: 404, code: 'model_not_found' },
    limited: { type: 'RateLimitError', status: 429, code: 'rate_limited' },
    broken: { code: 'upstream_error', text: 'Hel' },
    abort: { text: expect.any(String) },
  });
  expect(seen['complete']?.['text']).not.toBe('');
  expect(seen['stream']?.['text']).not.toBe('');
  await waitFor(() => world.facts.length === 9, { what: 'a fact of each request but that for the list' });
  expect(new Set(world.facts.map(({ source }) => source))).toEqual(new Set(['openai-python']));
  const of = (asked: string): object[] => world.facts.filter((fact) => fact.asked === asked);
  expect(of('auto')).toMatchObject([
    { outcome: 'succeeded', isStream: false, outputTokens: seen['complete']?.['tokens'] },
    { outcome: 'succeeded', isStream: true, outputTokens: seen['stream']?.['tokens'] },
  ]);
  expect(of('breaks')).toMatchObject([{ outcome: 'incomplete' }]);
  expect(of('slow')).toMatchObject([{ outcome: 'client_left', attempts: [{ outcome: 'abandoned' }] }]);
  await waitFor(() => sim.rows().some(({ row }) => row.model === 'slow'), {
    what: 'the host to end the request',
  });
}, 420_000);
