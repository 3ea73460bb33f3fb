import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RouteFact } from '@boocontrol/contracts';
import { CHAT, GOOD_STREAM, InferenceWorld, stream } from '../testing/inference.js';
import type { Prompt, Target } from './parts.js';

/** What whoever watches prompts is told, and when. */
let world: InferenceWorld;
let told: string[];
let prompts: Prompt[];
let ends: { fact: RouteFact; target: Target | null; promptMs: number | null }[];
const MARK = {
  session: 'a'.repeat(22),
  hash: 'b'.repeat(43),
  bytes: 12,
  segments: 1,
  relation: 'first' as const,
};

beforeEach(async () => {
  told = [];
  prompts = [];
  ends = [];
  world = await InferenceWorld.start({
    prompts: {
      watch: (prompt) => {
        told.push('watch');
        prompts.push(prompt);
        return {
          sent: () => void told.push('sent'),
          end: (fact, target, promptMs) => {
            told.push('end');
            ends.push({ fact, target, promptMs });
            return fact.outcome === 'succeeded' ? MARK : undefined;
          },
        };
      },
    },
  });
});
afterEach(() => world.stop());

const timed = `data: ${JSON.stringify({ choices: [], timings: { cache_n: 90, prompt_n: 10, prompt_ms: 25.5 } })}\n\n`;

describe('a prompt that is watched', () => {
  it('is told of before it is sent, when it is written to a host, and when it is over', async () => {
    await world.host('tower', (response) => {
      told.push('asked');
      stream(response, [...GOOD_STREAM.slice(0, -1), timed, ...GOOD_STREAM.slice(-1)]);
      response.end();
    });
    await world.post('/v1/chat/completions', CHAT, {
      'x-boo-session': 'anna',
      'x-boo-source': 'tests',
      'x-boo-prefix-inputs': 'agents.md=1',
    });
    const fact = await world.fact();
    expect(told).toEqual(['watch', 'sent', 'asked', 'end']);
    expect(prompts).toMatchObject([{ source: 'tests', session: 'anna', inputs: 'agents.md=1' }]);
    expect(prompts[0]?.parts.map(({ path }) => path)).toEqual(['messages']);
    expect(ends).toMatchObject([{ target: { providerId: 'tower' }, promptMs: 25.5 }]);
    expect(fact).toMatchObject({ prefix: MARK, promptTokens: 100, cacheTokens: 90 });
    expect(world.hosts[0]?.asked[0]?.headers).not.toHaveProperty('x-boo-prefix-inputs');
  });

  it('is sent to each host that is tried, and is over once', async () => {
    await world.host('attic', (response) => void response.writeHead(503).end());
    await world.host('tower', (response) => {
      stream(response, GOOD_STREAM);
      response.end();
    });
    await world.post('/v1/chat/completions', CHAT);
    await world.fact();
    expect(told).toEqual(['watch', 'sent', 'sent', 'end']);
    expect(ends[0]?.target?.providerId).toBe('tower');
  });

  it('is none where nobody takes it, and has no parts where it is no conversation', async () => {
    await world.away('attic');
    await world.post('/v1/embeddings', { model: 'auto', input: 'one' });
    const fact = await world.fact();
    expect(told).toEqual(['watch', 'end']);
    expect(prompts[0]?.parts).toEqual([]);
    expect(fact.prefix).toBe(undefined);
  });
});
