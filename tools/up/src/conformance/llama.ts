import type { Generation } from '@boocontrol/contracts';
import { promptOf } from '@boocontrol/fleet-model';
import { hasTimings, HostClient, HostCommands, type HostRow } from '@boocontrol/llama-swap';
import { waitFor } from '@boocontrol/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { LLAMA, SLOW_MODEL, type HostUnderTest, type StartHost } from './host.js';

const model = SLOW_MODEL.id;
const COUNT = 6;
const count = z.int().min(0);
const TimingsSchema = z.looseObject({
  cache_n: count,
  prompt_n: count,
  prompt_ms: z.number(),
  prompt_per_second: z.number(),
  predicted_n: count,
  predicted_ms: z.number(),
  predicted_per_second: z.number(),
});
const UsageSchema = z.looseObject({ prompt_tokens: count, completion_tokens: count, total_tokens: count });
const ChunkSchema = z.looseObject({
  choices: z.array(z.unknown()),
  usage: UsageSchema.optional(),
  timings: TimingsSchema.optional(),
});
const SlotsSchema = z.array(z.looseObject({ id: count, n_ctx: count, is_processing: z.boolean() }));
const ErrorSchema = z.object({
  error: z.looseObject({ code: z.int(), message: z.string(), type: z.string() }),
});

/** A host whose model server is llama.cpp, or plays it: its timings, slots, streams and errors, and what rows come of them. */
export function describeLlama(
  name: string,
  generation: Generation,
  start: StartHost,
  llama: { binary: string; model: string },
): void {
  describe.sequential(name, () => {
    let host: HostUnderTest;
    let client: HostClient;
    let commands: HostCommands;
    const post = (path: string, body: object): Promise<Response> =>
      fetch(`${host.url}${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ model, max_tokens: COUNT, ...body }),
      });
    const rows = async (): Promise<HostRow[]> =>
      (generation === 'A' ? await client.metricsRing() : await client.activityPage(1, 100)).rows;
    /** What comes of one request: its chunks, the last one's timings, and the row. */
    const streamed = async (path: string, body: object) => {
      const before = (await rows()).length;
      const response = await post(path, { ...body, stream: true });
      const text = await response.text();
      expect(response.status, text).toBe(200);
      expect(text.trimEnd().endsWith('data: [DONE]')).toBe(true);
      const chunks = text
        .split('\n\n')
        .filter((frame) => frame.startsWith('data: {'))
        .map((frame) => ChunkSchema.parse(JSON.parse(frame.slice('data: '.length))));
      await waitFor(async () => (await rows()).length > before, { what: 'the row' });
      const row = (await rows()).sort((a, b) => b.entryId - a.entryId)[0];
      return { chunks, row, last: chunks.at(-1), timings: TimingsSchema.parse(chunks.at(-1)?.timings) };
    };
    const chat = (content: string) => ({ messages: [{ role: 'user', content }] });

    beforeAll(async () => {
      host = await start({ generation, apiKeys: [], llama });
      client = new HostClient({ baseUrl: host.url });
      commands = new HostCommands({ baseUrl: host.url });
      expect(await commands.load(model)).toEqual({ ok: true });
    });
    afterAll(async () => {
      await commands?.close();
      await client?.close();
      await host?.stop();
    });

    test('/props names the context of one slot, /slots has them all', async () => {
      expect(await client.props(model)).toEqual({
        contextLength: LLAMA.ctx / LLAMA.slots,
        slots: LLAMA.slots,
        isLlama: true,
      });
      const props = await commands.props(model);
      expect(props.ok && props.props['total_slots']).toBe(LLAMA.slots);
      const slots = await commands.upstream(model, { method: 'GET', path: '/slots' });
      const listed = SlotsSchema.parse(JSON.parse(slots.ok ? slots.answer.text : 'null'));
      expect(listed.map(({ n_ctx: n }) => n)).toEqual([LLAMA.ctx / LLAMA.slots, LLAMA.ctx / LLAMA.slots]);
    });

    test.each([
      ['/v1/chat/completions', chat('Tell me of whales, at some length.')],
      ['/v1/completions', { prompt: 'Once upon a time there was a whale' }],
    ])('%s: timings in the last chunk and in no other, and in the row', async (path, body) => {
      const { chunks, row, last, timings } = await streamed(path, body);
      expect(chunks.slice(0, -1).filter(({ timings: early }) => early)).toEqual([]);
      expect(timings.predicted_n).toBe(COUNT);
      expect(row).toMatchObject({
        statusCode: 200,
        reqPath: path,
        inputTokens: timings.prompt_n,
        cacheTokens: timings.cache_n,
        outputTokens: COUNT,
      });
      expect(row?.genTps).toBeCloseTo(timings.predicted_per_second, 3);
      expect(row?.promptTps).toBeCloseTo(timings.prompt_per_second, 3);
      if (path.includes('chat')) expect(last?.usage).toBeUndefined();
    });

    test.each([
      ['/v1/chat/completions', chat('Whales again, and usage.')],
      ['/v1/completions', { prompt: 'Usage of whales' }],
    ])('%s: usage where it was asked for, beside the timings', async (path, body) => {
      const { last, timings } = await streamed(path, { ...body, stream_options: { include_usage: true } });
      expect(last?.usage).toMatchObject({
        prompt_tokens: timings.cache_n + timings.prompt_n,
        completion_tokens: COUNT,
      });
      // A chat's usage comes in a chunk of its own, a text completion's in the one that finishes.
      expect(last?.choices).toHaveLength(path.includes('chat') ? 0 : 1);
    });

    test('the same prompt again comes from the cache but for its last token', async () => {
      const body = chat('The very same words, twice over, for the cache to find.');
      const { timings: first } = await streamed('/v1/chat/completions', body);
      const { timings: again, row } = await streamed('/v1/chat/completions', body);
      expect(again).toMatchObject({ prompt_n: 1, cache_n: first.cache_n + first.prompt_n - 1 });
      expect(row).toMatchObject({ inputTokens: 1, cacheTokens: again.cache_n });
    });

    const said = 'The length of this prompt is what it is, however much of it the cache has.';
    const input = { input: said, max_output_tokens: COUNT };
    const messages = { ...chat(said), max_tokens: COUNT };
    // The simulator has neither of these.
    const beyondChat: [path: string, body: object, stream: boolean][] = [
      ['/v1/messages', messages, false],
      ['/v1/messages', messages, true],
      ['/v1/responses', input, false],
      ['/v1/responses', input, true],
    ];
    test.each([
      ['/v1/chat/completions', chat(said), false] as const,
      ['/v1/chat/completions', chat(said), true] as const,
      ['/v1/completions', { prompt: said }, false] as const,
      ...(llama.binary === '' ? [] : beyondChat),
    ])('%s: a prompt is as long again when the cache has it', async (path, body, stream) => {
      const prompts: (number | null)[] = [];
      const ask = async (): Promise<HostRow> => {
        const before = Math.max(0, ...(await rows()).map(({ entryId }) => entryId));
        const answer = await post(path, { ...body, stream });
        const answered = await answer.text();
        expect(answer.status, answered).toBe(200);
        const row = await waitFor(
          async () => (await rows()).find(({ entryId, reqPath }) => entryId > before && reqPath === path),
          { what: `the row of ${path}` },
        );
        // llama.cpp leaves this event out, and with it what it read, when the first token is but a part of a character.
        if (path === '/v1/messages' && stream && !answered.includes('message_start')) {
          expect(row.inputTokens).toBe(0);
          return ask();
        }
        const hadTimings = hasTimings((await client.capture(row.entryId)).content.respBody);
        prompts.push(promptOf(row, hadTimings).promptTokens);
        // Without its capture a row says the same, if less surely.
        expect(promptOf(row).promptTokens).toBe(prompts.at(-1));
        return row;
      };
      await ask();
      // The slot that has it may still be busy with its last request; another slot has an empty cache.
      await waitFor(async () => ((await ask()).cacheTokens ?? 0) > 0, {
        what: 'the cache to have the prompt',
      });
      expect(prompts[0]).toBeGreaterThan(0);
      expect(new Set(prompts).size).toBe(1);
    });

    test('errors are llama.cpp’s own, and a row has their status', async () => {
      const tooLong = await post('/v1/completions', { prompt: 'word '.repeat(LLAMA.ctx) });
      expect(tooLong.status).toBe(400);
      const { error } = ErrorSchema.parse(await tooLong.json());
      expect(error).toMatchObject({
        code: 400,
        type: 'exceed_context_size_error',
        n_ctx: LLAMA.ctx / LLAMA.slots,
      });
      await waitFor(async () => (await rows()).some(({ statusCode }) => statusCode === 400), {
        what: 'its row',
      });
      const missing = await commands.upstream(model, { method: 'GET', path: '/no/such' });
      expect(ErrorSchema.parse(JSON.parse(missing.ok ? missing.answer.text : '')).error.code).toBe(404);
      const embedding = await commands.upstream(model, {
        method: 'POST',
        path: '/v1/embeddings',
        body: '{"input":"x"}',
      });
      expect(embedding.ok && embedding.answer.status).toBe(501);
    });

    test('tokenize agrees with what a prompt is counted as', async () => {
      const short = await commands.tokenize(model, 'whale');
      const long = await commands.tokenize(model, 'whale whale whale');
      expect(short.ok && long.ok && long.tokens.length > short.tokens.length).toBe(true);
      expect(await commands.tokenize(model, '')).toEqual({ ok: true, tokens: [] });
    });
  });
}
