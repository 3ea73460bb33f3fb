import { afterEach, beforeEach, expect, it } from 'vitest';
import { waitFor } from '@boocontrol/testing';
import { createSimHost, type SimHost } from '@boocontrol/sim';
import { CHAT, FakeHost, InferenceWorld } from '../testing/inference.js';
import type { Target } from './parts.js';

const REQUESTS = 120;
const TOKENS = 40;

let world: InferenceWorld;
let hosts: SimHost[];
let targets: Target[];

beforeEach(async () => {
  world = await InferenceWorld.start();
  hosts = await Promise.all(
    ['one', 'two', 'three'].map((id) =>
      createSimHost({
        id,
        timeScale: 2,
        models: [{ id: 'm', loadMs: 1, parallel: 64, concurrencyLimit: 500 }],
      }),
    ),
  );
  const pattern = await FakeHost.start('any', () => undefined);
  targets = hosts.map(({ id, url }) => ({
    ...pattern.target(),
    providerId: id,
    baseUrl: url,
    model: 'm',
    slots: 500,
  }));
  await pattern.stop();
});
afterEach(async () => {
  await world.stop();
  await Promise.all(hosts.map((host) => host.close()));
});

it('one of three hosts killed under load: what had no content succeeds elsewhere, all else ends with an error', async () => {
  let turn = 0;
  const { decider } = world;
  decider.decide = () => {
    turn++;
    const turned = targets.map((_, at) => targets[(at + turn) % targets.length] as Target);
    const choice = {
      policy: null,
      targets: turned,
      candidates: [],
      attempts: 3,
      firstByteMs: 20_000,
      budgetMs: null,
      hedgeAfterMs: null,
    };
    return { ok: true, choice };
  };
  const replies = Array.from({ length: REQUESTS }, async (_, at) => {
    await new Promise((resolve) => setTimeout(resolve, at * 5));
    return world.post('/v1/chat/completions', { ...CHAT, max_tokens: TOKENS });
  });
  await waitFor(() => world.facts.length > 0, { what: 'the first answers', everyMs: 5 });
  await hosts[1]?.faults.set({ refuse: true });
  const answers = await Promise.all(replies);
  await waitFor(() => world.facts.length === REQUESTS, { what: 'a fact of each request' });

  expect(new Set(world.facts.map(({ id }) => id)).size).toBe(REQUESTS);
  for (const { status, headers, body } of answers) {
    expect(status).toBe(200);
    const fact = world.facts.find(({ id }) => id === headers['x-request-id']);
    const text = body.toString();
    // Never two models in one answer.
    expect(new Set(text.match(/"id":"chatcmpl-\w+"/g)).size).toBe(1);
    if (fact?.outcome === 'succeeded') expect(text.trimEnd().endsWith('data: [DONE]')).toBe(true);
    else {
      expect(fact).toMatchObject({
        outcome: 'incomplete',
        attempts: [{ providerId: 'two', outcome: 'reset' }],
      });
      expect(fact?.firstContentMs).not.toBeNull();
      expect(text).toContain('"code":"upstream_error"');
      expect(text).not.toContain('[DONE]');
    }
  }
  const moved = world.facts.filter(({ attempts }) => attempts.length > 1);
  expect(moved.length).toBeGreaterThan(0);
  expect(moved.every(({ outcome }) => outcome === 'succeeded')).toBe(true);
});
