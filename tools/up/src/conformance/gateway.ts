import type { FleetResponse, Generation, RouteFact } from '@boocontrol/contracts';
import { HostCommands } from '@boocontrol/llama-swap';
import { startStack, waitFor, type Stack } from '@boocontrol/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LLAMA, RIVAL_MODEL, SLOW_MODEL, type HostUnderTest, type StartHost } from './host.js';
import { askForBoth, expectOneModelEach } from './swap-load.js';
import { CALLED, MARK, toolCall } from './tools.js';
import { V1Client } from './v1-client.js';

const model = SLOW_MODEL.id;
const PROVIDER = 'tower';

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
    let client: V1Client;
    beforeAll(async () => {
      host = await start({ generation, apiKeys: [], llama, forGateway: true });
      stack = await startStack();
      client = new V1Client(stack.url, `${PROVIDER}/${model}`);
      await stack.addHost({ id: PROVIDER, baseUrl: host.url });
      await waitFor(async () => (await client.names()).includes(model), { what: 'the model to be listed' });
    });
    afterAll(async () => {
      await stack?.stop();
      await host?.stop();
    });

    const records: RouteFact[] = [];
    /** Requests with tools, for the comparison with what the host kept of them. */
    const calls: { fact: RouteFact; sent: string; text: string }[] = [];
    const record = async (answer: { headers: Headers }): Promise<RouteFact> => {
      const found = await client.record(answer);
      records.push(found);
      return found;
    };
    /** What the host lists as in flight, by the ids that the gateway gave them. */
    const ownInFlight = async (): Promise<(string | null)[]> => {
      const { hosts } = (await (await fetch(`${stack.url}/api/fleet`)).json()) as FleetResponse;
      const requests = hosts.flatMap(({ inflight }) => inflight?.requests ?? []);
      return requests.map(({ dispatchId }) => dispatchId ?? null);
    };
    const timingsOf = (text: string): { cache_n: number; prompt_n: number; predicted_n: number } =>
      JSON.parse(/"timings":(\{[^}]*\})/.exec(text)?.[1] ?? '{}') as {
        cache_n: number;
        prompt_n: number;
        predicted_n: number;
      };

    test('a cold model is loaded, and its stream is whole', async () => {
      const answer = await client.ask({ stream: true });
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
        const answer = await client.ask({ model: asked });
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

    test.each([false, true])('a tool is called (streamed: %s)', async (stream) => {
      const commands = new HostCommands({ baseUrl: host.url });
      const props = await commands.props(model);
      const end = props.ok ? String(props.props['eos_token']) : '';
      const read = await commands.tokenize(model, MARK + end);
      await commands.close();
      const [mark = -1, ending = -1] = read.ok ? read.tokens.slice(-2) : [];
      const body = { stream, ...toolCall({ mark, end: ending }) };
      const answer = await client.ask(body);
      expect(answer.status, answer.text).toBe(200);
      const call = calledIn(answer.text, stream);
      expect(call.name, answer.text).toBe(CALLED.name);
      expect(call.arguments).toMatch(CALLED.argument);
      expect(answer.text).toContain('"finish_reason":"tool_calls"');
      const fact = await record(answer);
      expect(fact).toMatchObject({ outcome: 'succeeded', outputTokens: timingsOf(answer.text).predicted_n });
      calls.push({ fact, sent: client.bodyOf(body), text: answer.text });
    });

    test('a prompt that is too long is refused in the host’s own words, or before it is sent', async () => {
      const answer = await client.ask({
        messages: [{ role: 'user', content: 'one two three four '.repeat(3_000) }],
      });
      expect(answer.status).toBe(400);
      expect(answer.text).toMatch(/exceed_context_size_error|context_too_long/);
    });

    test('what the client gives up is given up by the host', async () => {
      const controller = new AbortController();
      const answer = await client.send(
        { stream: true, max_tokens: 900, ignore_eos: true },
        controller.signal,
      );
      await answer.body?.getReader().read();
      if (generation === 'C') {
        const id = answer.headers.get('x-request-id');
        await waitFor(async () => (await ownInFlight()).includes(id), {
          what: 'the host to list it as this request',
        });
      }
      controller.abort();
      expect(await record(answer)).toMatchObject({
        outcome: 'client_left',
        attempts: [{ outcome: 'abandoned' }],
      });
    });

    test('two models that swap each other out under load: each answer is of one of them, and has one record', async () => {
      const busy = new V1Client(stack.url, '');
      const all = await askForBoth(busy, PROVIDER, [model, RIVAL_MODEL]);
      expectOneModelEach(all, await busy.records(all.length));
    }, 240_000);

    test('a model that is unloaded in the middle of a stream leaves an incomplete answer', async () => {
      const begun = async () => {
        const answer = await client.send({ stream: true, max_tokens: 900, ignore_eos: true });
        const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
        let text = '';
        for (let part = await reader?.read(); part?.done === false; part = await reader?.read()) {
          text += part.value;
          if (text.includes('"content":"')) return { answer, reader, text };
        }
        return undefined;
      };
      const {
        answer,
        reader,
        text: first,
      } = await waitFor(begun, {
        what: 'a stream with content',
        timeoutMs: 60_000,
      });
      let text = first;
      await fetch(`${host.url}/api/models/unload`, { method: 'POST' });
      for (let part = await reader?.read(); part?.done === false; part = await reader?.read())
        text += part.value;
      expect(text).not.toContain('[DONE]');
      expect(text).toContain('"code":"upstream_error"');
      expect(await record(answer)).toMatchObject({ outcome: 'incomplete', status: 200 });
    });

    test('each attempt is joined with its row, exactly where the host keeps a capture', async () => {
      for (const fact of records) {
        const rows = await client.rowsOf(fact);
        for (const { dispatch, hasCapture, source } of rows) {
          expect(dispatch?.joined).toBe(hasCapture ? 'exact' : 'matched');
          if (hasCapture) expect(source).toBe(fact.source);
        }
      }
      expect(records.length).toBeGreaterThan(4);
    });

    test('tools and their calls went both ways byte for byte', async () => {
      expect(calls).toHaveLength(2);
      for (const { fact, sent, text } of calls) {
        const [row] = await client.rowsOf(fact);
        expect(row?.hasCapture).toBe(true);
        const capture = (await (await fetch(`${host.url}/api/captures/${row?.entryId}`)).json()) as Capture;
        // Comments of ours, while it waits.
        expect(plain(capture.resp_body)).toBe(text.replaceAll(`: loading ${model}\n\n`, ''));
        expect(plain(capture.req_body)).toBe(
          sent.replace(JSON.stringify(`${PROVIDER}/${model}`), JSON.stringify(model)),
        );
      }
    });

    test('props load nothing', async () => {
      await waitFor(
        async () => (await fetch(`${stack.url}/v1/upstream/${PROVIDER}/${model}/props`)).status === 409,
        { what: 'the model to be known as unloaded' },
      );
    });
  });
}

interface Capture {
  req_body: string;
  resp_body: string;
}
const plain = (base64: string): string => Buffer.from(base64, 'base64').toString('utf8');

interface Call {
  function?: { name?: string; arguments?: string };
}
interface Choice {
  message?: { tool_calls?: Call[] };
  delta?: { tool_calls?: Call[] };
}

/** The one call of an answer, put together of its parts. */
function calledIn(text: string, isStream: boolean): { name: string; arguments: string } {
  const documents = isStream
    ? text
        .split('\n\n')
        .filter((frame) => frame.startsWith('data: {'))
        .map((frame) => frame.slice('data: '.length))
    : [text];
  const calls = documents.flatMap((document) =>
    (JSON.parse(document) as { choices: Choice[] }).choices.flatMap(
      ({ message, delta }) => (message ?? delta)?.tool_calls ?? [],
    ),
  );
  return {
    name: calls.map((call) => call.function?.name ?? '').join(''),
    arguments: calls.map((call) => call.function?.arguments ?? '').join(''),
  };
}
