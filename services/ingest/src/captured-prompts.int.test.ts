import { CapturedPromptSchema, STREAM, subjects, type CapturedPrompt } from '@boocontrol/contracts';
import type { SimHost } from '@boocontrol/sim';
import { waitFor } from '@boocontrol/testing';
import { expect, it } from 'vitest';
import { providerOf } from './testing/bench.js';
import { Stage } from './testing/stage.js';

/** How the prompts of requests begin that a host kept, as the gateway reads them. */
const DISPATCH = '0199f7a1-6f0e-4c3a-9d2b-5b6f1e2d3c4b';
const stage = new Stage();

const ask = async (
  sim: SimHost,
  path: string,
  body: object,
  headers: Record<string, string> = {},
): Promise<void> => {
  const answer = await fetch(`${sim.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-boo-source': 'tests', ...headers },
    body: JSON.stringify({ model: 'm', max_tokens: 2, ...body }),
  });
  expect(answer.status).toBe(200);
  await answer.text();
};
const promptsOf = async (id: string): Promise<CapturedPrompt[]> =>
  (await stage.bench.all(STREAM.prompts, subjects.prompt(id)))
    .map((message) => CapturedPromptSchema.parse(message))
    // Captures of several rows are fetched at the same time.
    .toSorted((a, b) => a.entryId - b.entryId);

it.each(['A', 'B', 'C'] as const)(
  'generation %s: hashes and lengths of whole prompts, and none of what a gateway sent on',
  async (generation) => {
    const id = `host-${generation.toLowerCase()}`;
    const sim = await stage.host({ id, generation, timeScale: 200, models: [{ id: 'm', ctx: 262_144 }] });
    stage.bench.follow(providerOf(sim));
    await stage.bench.connected(id);
    const before = (await stage.bench.facts(id, 'request')).length;
    const system = { role: 'system', content: 'Be brief.' };
    // Longer than a capture may be on the bus.
    const long = { role: 'user', content: 'a secret '.repeat(40_000) };
    const chat = '/v1/chat/completions';
    await ask(sim, chat, { messages: [system, long], user: 'anna' });
    await ask(sim, chat, { messages: [system, long, { role: 'user', content: 'more' }], user: 'anna' });
    await ask(sim, chat, { messages: [system] }, { 'x-boo-request-id': DISPATCH });
    await ask(sim, '/v1/completions', { prompt: 'Once upon a time. '.repeat(100) });
    await waitFor(async () => (await stage.bench.facts(id, 'request')).length === before + 4, {
      what: 'four rows',
    });
    const rows = (await stage.bench.facts(id, 'request')).slice(-4);
    const prompts = await promptsOf(id);
    expect(prompts.map(({ entryId }) => entryId)).toEqual(
      rows.filter(({ dispatchId }) => dispatchId === null).map(({ entryId }) => entryId),
    );
    const [first, second, text] = prompts;
    expect(first).toMatchObject({ source: 'tests', isNamed: true });
    expect(first?.bytes).toBeGreaterThan(360_000);
    expect(second?.session).toBe(first?.session);
    expect(second?.segments.slice(0, 2)).toEqual(first?.segments);
    expect(second?.segments).toHaveLength(3);
    expect(new Set(text?.segments.map(({ kind }) => kind))).toEqual(new Set(['text']));
    expect(JSON.stringify(prompts)).not.toMatch(/secret|anna|upon/);
  },
);
