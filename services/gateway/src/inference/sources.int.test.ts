import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { withSource } from '@boocontrol/client';
import { waitFor } from '@boocontrol/testing';
import { generateText, streamText } from 'ai';
import OpenAI from 'openai';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fetch as undiciFetch, Request as UndiciRequest } from 'undici';
import { FakeHost, GOOD_STREAM, InferenceWorld, stream } from '../testing/inference.js';

/** Who asks, as their own clients say it by `withSource`: to the gateway, and to a host itself. */
const messages = [{ role: 'user' as const, content: 'Tell me a story.' }];
const WHOLE = {
  id: 'one',
  object: 'chat.completion',
  created: 1,
  model: 'm',
  choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content: 'Once.' } }],
  usage: { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 },
};

let world: InferenceWorld;
let host: FakeHost;

beforeEach(async () => {
  world = await InferenceWorld.start();
  host = await FakeHost.start('tower', (response, { body }) => {
    if ((JSON.parse(body.toString()) as { stream?: boolean }).stream === true) {
      stream(response, GOOD_STREAM);
      return void response.end();
    }
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(WHOLE));
  });
  world.decider.targets = [host.target()];
});
afterEach(async () => {
  await world.stop();
  await host.stop();
});

const read = async (parts: AsyncIterable<unknown>): Promise<void> => {
  for await (const part of parts) expect(part).toBeTruthy();
};

/** Records come when the answer is over. */
async function recorded(sources: string[]): Promise<void> {
  await waitFor(() => world.facts.length === sources.length, { what: `${sources.length} records` });
  expect(world.facts.map(({ source }) => source)).toEqual(sources);
}

describe.each(['the gateway', 'a host itself'])('asked of %s', (where) => {
  const baseURL = (): string => `${where === 'the gateway' ? world.url : host.url}/v1`;

  it.each([
    ['whole', false],
    ['streamed', true],
  ])("OpenAI's client says it, %s", async (_name, isStream) => {
    const client = new OpenAI({
      baseURL: baseURL(),
      apiKey: 'secret',
      maxRetries: 0,
      defaultHeaders: { 'x-team': 'garden' },
      fetch: withSource(fetch, 'my-app'),
    });
    const create = async (headers: Record<string, string>): Promise<void> => {
      const asked = { model: 'auto', messages };
      if (isStream) await read(await client.chat.completions.create({ ...asked, stream: true }, { headers }));
      else await client.chat.completions.create(asked, { headers });
    };
    await create({ 'x-boo-session': 'anna' });
    await create({ 'X-Boo-Source': 'its-own' });
    expect(host.asked.map(({ headers }) => headers['x-boo-source'])).toEqual(['my-app', 'its-own']);
    for (const { headers, body } of host.asked) {
      expect(headers['content-type']).toBe('application/json');
      expect(JSON.parse(body.toString())).toMatchObject({ messages });
    }
    if (where === 'a host itself')
      expect(host.asked[0]?.headers).toMatchObject({
        authorization: 'Bearer secret',
        'x-team': 'garden',
        'x-boo-session': 'anna',
      });
    else await recorded(['my-app', 'its-own']);
  });

  it('the AI SDK says it, whole and streamed', async () => {
    const provider = createOpenAICompatible({
      name: 'boo',
      baseURL: baseURL(),
      headers: { 'x-team': 'garden' },
      fetch: withSource(fetch, 'my-app'),
    });
    const asked = { model: provider('auto'), prompt: 'Tell me a story.', maxRetries: 0 };
    expect((await generateText(asked)).text).toBe('Once.');
    await read(streamText(asked).textStream);
    await generateText({ ...asked, headers: { 'X-Boo-Source': 'its-own' } });
    expect(host.asked.map(({ headers }) => headers['x-boo-source'])).toEqual(['my-app', 'my-app', 'its-own']);
    if (where === 'a host itself') expect(host.asked[0]?.headers['x-team']).toBe('garden');
    else await recorded(['my-app', 'my-app', 'its-own']);
  });
});

it('a Request keeps its method, headers, body and signal, and headers beside it go before its own', async () => {
  const own = withSource(fetch, 'my-app');
  const url = `${host.url}/v1/chat/completions`;
  const body = JSON.stringify({ model: 'm', messages });
  const init = { method: 'POST', body, headers: { 'content-type': 'application/json', 'x-team': 'garden' } };
  await (await own(new Request(url, init))).text();
  await (await own(new Request(url, init), { headers: { 'x-team': 'house' } })).text();
  const controller = new AbortController();
  controller.abort();
  await expect(own(new Request(url, { ...init, signal: controller.signal }))).rejects.toThrow(/abort/i);
  expect(
    host.asked.map(({ method, headers }) => [method, headers['x-boo-source'], headers['x-team']]),
  ).toEqual([
    ['POST', 'my-app', 'garden'],
    ['POST', 'my-app', 'house'],
  ]);
  for (const asked of host.asked) expect(JSON.parse(asked.body.toString())).toMatchObject({ messages });
});

it("undici's own Request keeps its headers, too", async () => {
  const own = withSource(undiciFetch as unknown as typeof fetch, 'my-app');
  const request = new UndiciRequest(`${host.url}/v1/chat/completions`, {
    method: 'POST',
    body: JSON.stringify({ model: 'm', messages }),
    headers: { 'x-team': 'garden' },
  });
  await (await own(request as unknown as Request)).text();
  expect(host.asked[0]?.headers).toMatchObject({ 'x-boo-source': 'my-app', 'x-team': 'garden' });
});
