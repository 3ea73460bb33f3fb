import Anthropic from '@anthropic-ai/sdk';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { createSimHost, type SimHost } from '@boocontrol/sim';
import { waitFor } from '@boocontrol/testing';
import { embed, generateText, streamText } from 'ai';
import OpenAI from 'openai';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { FakeHost, InferenceWorld } from '../testing/inference.js';
import { ARGUMENTS, callTool, tool } from '../testing/tool-caller.js';
import type { Target } from './parts.js';

const messages = [{ role: 'user' as const, content: 'Tell me a story.' }];
let world: InferenceWorld;
let sim: SimHost;
let tools: FakeHost;

beforeAll(async () => {
  sim = await createSimHost({
    id: 'sim',
    timeScale: 50,
    models: [
      { id: 'qwen3-8b', loadMs: 500, reasoning: true },
      { id: 'embed', embedding: true },
      { id: 'slow', genTps: 0.2, loadMs: 1 },
    ],
    concurrentModels: [['qwen3-8b', 'embed', 'slow']],
  });
  tools = await FakeHost.start('tools', callTool);
});
afterAll(async () => {
  await sim.close();
  await tools.stop();
});
beforeEach(async () => {
  world = await InferenceWorld.start();
  use('qwen3-8b');
});
afterEach(() => world.stop());

function use(model: string): void {
  const target: Target = { ...tools.target(), providerId: 'sim', baseUrl: sim.url, model };
  world.decider.targets = [target];
}

describe('openai', () => {
  const client = (): OpenAI => new OpenAI({ baseURL: `${world.url}/v1`, apiKey: 'none', maxRetries: 0 });

  it('completes', async () => {
    const answer = await client().chat.completions.create({ model: 'auto', messages, max_tokens: 40 });
    expect(answer.choices[0]?.message.content).not.toBe('');
    const fact = await world.fact();
    expect(fact).toMatchObject({ outcome: 'succeeded', source: 'openai-js', asked: 'auto', isStream: false });
    expect(fact.outputTokens).toBe(answer.usage?.completion_tokens);
    expect(fact.promptTokens).toBe(answer.usage?.prompt_tokens);
  });

  it('streams, with usage', async () => {
    const chunks = await client().chat.completions.create({
      model: 'auto',
      messages,
      max_tokens: 40,
      stream: true,
      stream_options: { include_usage: true },
    });
    let text = '';
    let tokens = 0;
    for await (const chunk of chunks) {
      text += chunk.choices[0]?.delta.content ?? '';
      tokens = chunk.usage?.completion_tokens ?? tokens;
    }
    expect(text).not.toBe('');
    const fact = await world.fact();
    expect(fact).toMatchObject({ outcome: 'succeeded', outputTokens: tokens, isStream: true });
    expect(fact.firstContentMs).toBeGreaterThan(0);
  });

  it('calls tools, streamed and whole', async () => {
    world.decider.targets = [tools.target()];
    const whole = await client().chat.completions.create({ model: 'auto', messages, tools: [tool] });
    expect(whole.choices[0]?.message.tool_calls).toMatchObject([
      { function: { name: 'weather', arguments: ARGUMENTS } },
    ]);
    const streamed = await client()
      .chat.completions.stream({ model: 'auto', messages, tools: [tool] })
      .finalChatCompletion();
    expect(streamed.choices[0]?.message.tool_calls).toMatchObject([
      { function: { name: 'weather', arguments: ARGUMENTS } },
    ]);
    expect(world.decider.asks[0]?.needs).toEqual(new Set(['chat', 'tools']));
  });

  it('embeds, and lists models', async () => {
    use('embed');
    const answer = await client().embeddings.create({ model: 'embed', input: ['a', 'b'] });
    expect(answer.data).toHaveLength(2);
    expect(answer.data[0]?.embedding.length).toBeGreaterThan(100);
    expect((await client().models.list()).data.map(({ id }) => id)).toEqual(['auto']);
    expect(await client().models.retrieve('org/m')).toMatchObject({ id: 'org/m' });
  });

  it('knows errors as what they are', async () => {
    world.decider.refusal = {
      code: 'model_not_found',
      status: 404,
      message: 'no such model',
      retryAfterS: null,
      policy: null,
      candidates: [],
    };
    await expect(client().chat.completions.create({ model: 'no', messages })).rejects.toMatchObject({
      status: 404,
      code: 'model_not_found',
    });
    world.decider.refusal = { ...world.decider.refusal, code: 'rate_limited', status: 429 };
    await expect(client().chat.completions.create({ model: 'no', messages })).rejects.toBeInstanceOf(
      OpenAI.RateLimitError,
    );
  });

  it('sees a stream that breaks off as an error', async () => {
    await sim.faults.set({ resetMidStream: { afterChunks: 3, target: 'answers' } });
    try {
      const chunks = await client().chat.completions.create({
        model: 'auto',
        messages,
        max_tokens: 400,
        stream: true,
      });
      const read = async (): Promise<void> => {
        for await (const chunk of chunks) expect(chunk).toBeTruthy();
      };
      await expect(read()).rejects.toThrow();
    } finally {
      await sim.faults.clear();
    }
    expect(await world.fact()).toMatchObject({ outcome: 'incomplete' });
  });

  it('aborts, and the host is free again', async () => {
    use('slow');
    const controller = new AbortController();
    const chunks = await client().chat.completions.create(
      { model: 'slow', messages, stream: true },
      { signal: controller.signal },
    );
    for await (const chunk of chunks) {
      if (chunk.choices[0]?.delta.content != null) controller.abort();
    }
    expect(await world.fact()).toMatchObject({
      outcome: 'client_left',
      attempts: [{ outcome: 'abandoned' }],
    });
    await waitFor(() => sim.rows().some(({ row }) => row.model === 'slow'), {
      what: 'the host to end the request',
    });
  });
});

describe('the AI SDK', () => {
  const provider = (): ReturnType<typeof createOpenAICompatible> =>
    createOpenAICompatible({ name: 'boo', baseURL: `${world.url}/v1`, includeUsage: true });

  it('completes', async () => {
    const { text, usage } = await generateText({
      model: provider()('auto'),
      prompt: 'Tell me a story.',
      maxOutputTokens: 40,
    });
    expect(text).not.toBe('');
    expect(usage.outputTokens).toBeGreaterThan(0);
  });

  it('streams reasoning and text', async () => {
    const { fullStream } = streamText({
      model: provider()('auto'),
      prompt: 'Tell me a story.',
      maxOutputTokens: 60,
    });
    const kinds = new Set<string>();
    for await (const part of fullStream) kinds.add(part.type);
    expect([...kinds]).toEqual(expect.arrayContaining(['reasoning-delta', 'text-delta', 'finish']));
    expect(kinds.has('error')).toBe(false);
  });

  it('embeds', async () => {
    use('embed');
    const { embedding } = await embed({ model: provider().embeddingModel('embed'), value: 'a' });
    expect(embedding.length).toBeGreaterThan(100);
  });

  it('is told of errors', async () => {
    world.decider.refusal = {
      code: 'no_candidate',
      status: 503,
      message: 'nobody can',
      retryAfterS: 5,
      policy: null,
      candidates: [],
    };
    await expect(
      generateText({ model: provider()('auto'), prompt: 'x', maxRetries: 0 }),
    ).rejects.toMatchObject({ statusCode: 503 });
  });
});

describe('@anthropic-ai/sdk', () => {
  const client = (): Anthropic => new Anthropic({ baseURL: world.url, apiKey: 'none', maxRetries: 0 });
  const ask = { model: 'auto', max_tokens: 50, messages, metadata: { user_id: 'ada' } };
  beforeEach(() => {
    world.decider.targets = [tools.target()];
  });

  it('completes, and its key stays here', async () => {
    const answer = await client().messages.create(ask);
    expect(answer.content).toMatchObject([{ text: 'Grüße' }, { type: 'tool_use', input: { city: 'Köln' } }]);
    expect(await world.fact()).toMatchObject({
      promptTokens: 13,
      cacheTokens: 4,
      outputTokens: 3,
      source: 'anthropic-js',
    });
    expect(tools.asked.at(-1)?.headers).not.toHaveProperty('x-api-key');
    expect(tools.asked.at(-1)?.headers).toHaveProperty('anthropic-version');
    expect(world.decider.sessions.get('ada')).toBe('tools');
  });

  it('streams tools', async () => {
    const answer = await client().messages.stream(ask).finalMessage();
    expect(answer.content).toMatchObject([{ type: 'tool_use', input: { city: 'Köln' } }]);
    expect(await world.fact()).toMatchObject({ outcome: 'succeeded', promptTokens: 13, outputTokens: 3 });
  });

  it('knows errors as what they are', async () => {
    await expect(
      new Anthropic({ baseURL: world.url, apiKey: 'wrong', maxRetries: 0 }).messages.create(ask),
    ).rejects.toBeInstanceOf(Anthropic.AuthenticationError);
    world.decider.refusal = {
      code: 'no_candidate',
      status: 503,
      message: 'nobody can',
      retryAfterS: 5,
      policy: null,
      candidates: [],
    };
    await expect(client().messages.create(ask)).rejects.toMatchObject({
      status: 503,
      error: { error: { type: 'api_error' } },
    });
  });
});
