import { randomUUID } from 'node:crypto';
import type { ActivityPage, ActivityRow, Generation, RouteFact } from '@boocontrol/contracts';
import { startStack, waitFor, type Stack } from '@boocontrol/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LLAMA, SLOW_MODEL, type HostUnderTest, type StartHost } from './host.js';

const model = SLOW_MODEL.id;
const PROVIDER = 'tower';
const messages = [{ role: 'user', content: 'Count from one to a thousand.' }];

interface Answer {
  status: number;
  headers: Headers;
  text: string;
}

/** The whole of BooControl’s /v1 before a real llama-swap, and a real llama.cpp behind that. */
export function describeGateway(
  name: string,
  generation: Generation,
  start: StartHost,
  llama: { binary: string; model: string },
): void {
  describe.sequential(name, () => {
    let host: HostUnderTest;
    let stack: Stack;
    beforeAll(async () => {
      host = await start({ generation, apiKeys: [], llama });
      stack = await startStack();
      await stack.addHost({ id: PROVIDER, baseUrl: host.url });
      await waitFor(async () => (await names()).includes(model), { what: 'the model to be listed' });
    });
    afterAll(async () => {
      await stack?.stop();
      await host?.stop();
    });

    const names = async (): Promise<string[]> => {
      const answer = await fetch(`${stack.url}/v1/models`);
      return ((await answer.json()) as { data: { id: string }[] }).data.map(({ id }) => id);
    };
    const send = (body: object, signal?: AbortSignal, asked = `${PROVIDER}/${model}`): Promise<Response> =>
      fetch(`${stack.url}/v1/chat/completions`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'x-boo-source': `conformance-${randomUUID().slice(0, 8)}`,
        },
        body: JSON.stringify({ model: asked, messages, max_tokens: 8, ...body }),
        ...(signal === undefined ? {} : { signal }),
      });
    const ask = async (body: object, asked?: string): Promise<Answer> => {
      const answer = await send(body, undefined, asked);
      return { status: answer.status, headers: answer.headers, text: await answer.text() };
    };
    const records: RouteFact[] = [];
    const record = async ({ headers }: { headers: Headers }): Promise<RouteFact> => {
      const found = await waitFor(
        async () => {
          const answer = await fetch(
            `${stack.url}/api/routing/dispatches/${headers.get('x-request-id') ?? ''}`,
          );
          return answer.ok ? ((await answer.json()) as RouteFact) : null;
        },
        { what: 'the record of the request' },
      );
      records.push(found);
      return found;
    };
    const timingsOf = (text: string): { cache_n: number; prompt_n: number; predicted_n: number } =>
      JSON.parse(/"timings":(\{[^}]*\})/.exec(text)?.[1] ?? '{}') as {
        cache_n: number;
        prompt_n: number;
        predicted_n: number;
      };

    test('a cold model is loaded, and its stream is whole', async () => {
      const answer = await ask({ stream: true });
      expect(answer.status, answer.text).toBe(200);
      expect(answer.text.trimEnd().endsWith('data: [DONE]')).toBe(true);
      const { cache_n, prompt_n, predicted_n } = timingsOf(answer.text);
      expect(await record(answer)).toMatchObject({
        outcome: 'succeeded',
        attempts: [{ providerId: PROVIDER, model, outcome: 'answered' }],
        promptTokens: prompt_n + cache_n,
        cacheTokens: cache_n,
        outputTokens: predicted_n,
      });
    });

    test('by its own name and by a policy, in one piece', async () => {
      for (const asked of [model, 'auto']) {
        const answer = await ask({}, asked);
        expect(answer.status, answer.text).toBe(200);
        expect(answer.headers.get('x-boo-provider')).toBe(PROVIDER);
        expect(await record(answer)).toMatchObject({
          outcome: 'succeeded',
          outputTokens: timingsOf(answer.text).predicted_n,
        });
      }
    });

    test('its props, as long as it is loaded', async () => {
      const answer = await fetch(`${stack.url}/v1/upstream/${PROVIDER}/${model}/props`);
      expect(answer.status).toBe(200);
      expect(await answer.json()).toMatchObject({
        default_generation_settings: { n_ctx: LLAMA.ctx / LLAMA.slots },
      });
    });

    test('a prompt that is too long is refused in the host’s own words, or before it is sent', async () => {
      const answer = await ask({
        messages: [{ role: 'user', content: 'one two three four '.repeat(3_000) }],
      });
      expect(answer.status).toBe(400);
      expect(answer.text).toMatch(/exceed_context_size_error|context_too_long/);
    });

    test('what the client gives up is given up by the host', async () => {
      const controller = new AbortController();
      const answer = await send({ stream: true, max_tokens: 900, ignore_eos: true }, controller.signal);
      await answer.body?.getReader().read();
      controller.abort();
      expect(await record(answer)).toMatchObject({
        outcome: 'client_left',
        attempts: [{ outcome: 'abandoned' }],
      });
    });

    test('a model that is unloaded in the middle of a stream leaves an incomplete answer', async () => {
      const answer = await send({ stream: true, max_tokens: 900, ignore_eos: true });
      const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
      let text = (await reader?.read())?.value ?? '';
      await fetch(`${host.url}/api/models/unload`, { method: 'POST' });
      for (let part = await reader?.read(); part?.done === false; part = await reader?.read())
        text += part.value;
      expect(text).not.toContain('[DONE]');
      expect(text).toContain('"code":"upstream_error"');
      expect(await record(answer)).toMatchObject({ outcome: 'incomplete', status: 200 });
    });

    test('each attempt is joined with its row, exactly where the host keeps a capture', async () => {
      const rowsOf = async ({ id }: RouteFact): Promise<ActivityRow[]> =>
        ((await (await fetch(`${stack.url}/api/activity?dispatchId=${id}`)).json()) as ActivityPage).rows;
      for (const fact of records) {
        const rows = await waitFor(
          async () => {
            const found = await rowsOf(fact);
            return found.length === fact.attempts.length && found;
          },
          { what: `the rows of a request that ${fact.outcome}`, timeoutMs: 30_000 },
        );
        for (const { dispatch, hasCapture, source } of rows) {
          expect(dispatch?.joined).toBe(hasCapture ? 'exact' : 'matched');
          if (hasCapture) expect(source).toBe(fact.source);
        }
      }
      expect(records.length).toBeGreaterThan(4);
    });

    test('props load nothing', async () => {
      await waitFor(
        async () => (await fetch(`${stack.url}/v1/upstream/${PROVIDER}/${model}/props`)).status === 409,
        { what: 'the model to be known as unloaded' },
      );
    });
  });
}
