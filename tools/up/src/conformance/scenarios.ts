import type { Generation } from '@boocontrol/contracts';
import { waitFor } from '@boocontrol/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startFollower, type Follower } from './follow.js';
import { BRIEF_MODEL, SLOW_MODEL, type HostUnderTest, type StartHost } from './host.js';

const KEY = 'conformance-key-1234';
const json = { 'content-type': 'application/json' };

interface Chat {
  model: string;
  prompt?: string;
  maxTokens?: number;
  stream?: boolean;
  headers?: Record<string, string>;
}

/** On a connection of its own: one kept from before a restart may be closed while the next request is being written. */
function chat(
  host: HostUnderTest,
  { model, prompt = 'Say something.', maxTokens = 8, stream = false, headers = {} }: Chat,
): Promise<Response> {
  return fetch(`${host.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { ...json, connection: 'close', ...headers },
    body: JSON.stringify({
      model,
      stream,
      max_tokens: maxTokens,
      messages: [{ role: 'user', content: prompt }],
    }),
  });
}

/** What the connector must make of a host, in order: each scenario goes on where the one before ended. */
export function describeConformance(name: string, generation: Generation, start: StartHost): void {
  describe.sequential(name, () => {
    const id = 'host';
    let host: HostUnderTest;
    let guarded: HostUnderTest;
    let follower: Follower;
    /** Requests that the host answered, to be found again as rows. */
    let sent = 0;
    const ask = async (options: Chat): Promise<string> => {
      const response = await chat(host, options);
      const text = await response.text();
      expect(response.status, text).toBe(200);
      sent += 1;
      return text;
    };
    const change = (model: string, to: string, after: number): Promise<unknown> =>
      waitFor(
        () =>
          follower
            .facts(id, 'model-changed')
            .slice(after)
            .find((fact) => fact.model === model && fact.to === to),
        { what: `${model} → ${to}` },
      );
    const seen = (): number => follower.facts(id, 'model-changed').length;

    beforeAll(async () => {
      [host, guarded] = await Promise.all([
        start({ generation, apiKeys: [] }),
        start({ generation, apiKeys: [KEY] }),
      ]);
      follower = await startFollower({ GUARDED_API_KEY: KEY });
    });
    afterAll(async () => {
      await follower?.stop();
      await host?.stop();
      await guarded?.stop();
    });

    test('it connects, and the generation is told by what the host sends', async () => {
      await follower.follow(id, host.url);
      await follower.until(id, 'liveness', 'connected', (fact) => fact.state === 'connected');
      await follower.until(
        id,
        'liveness',
        `generation ${generation}`,
        (fact) => fact.generation === generation,
      );
      const models = await follower.until(id, 'models', 'its models', (fact) => fact.models.length === 2);
      expect(models.models.map((model) => model.id).sort()).toEqual([BRIEF_MODEL.id, SLOW_MODEL.id].sort());
    });

    test('a request loads its model, and its row comes with tokens and speeds', async () => {
      const before = seen();
      await ask({ model: SLOW_MODEL.id, headers: { 'x-boo-source': 'boochat' } });
      await change(SLOW_MODEL.id, 'starting', before);
      await change(SLOW_MODEL.id, 'ready', before);
      const row = await follower.until(id, 'request', 'its row', (fact) => fact.model === SLOW_MODEL.id);
      expect(row).toMatchObject({ reqPath: '/v1/chat/completions', statusCode: 200, outputTokens: 8 });
      expect(row.inputTokens).toBeGreaterThan(0);
      expect(row.genTps).toBeGreaterThan(0);
    });

    test('the capture is fetched, decoded and names the consumer', async () => {
      const capture = await waitFor(() => follower.captures(id)[0], { what: 'a capture' });
      expect(JSON.parse(capture.reqBody?.data ?? '')).toMatchObject({ model: SLOW_MODEL.id });
      expect(capture.respBody?.data).toContain('choices');
      expect(follower.facts(id, 'request')[0]?.source).toBe('boochat');
    });

    test('a streamed answer counts the same', async () => {
      const text = await ask({
        model: SLOW_MODEL.id,
        stream: true,
        maxTokens: 12,
        headers: { 'user-agent': 'python-requests/2.32' },
      });
      expect(text).toContain('data: [DONE]');
      const row = await follower.until(id, 'request', 'the streamed row', (fact) => fact.outputTokens === 12);
      expect(row.source).toBe('python-requests');
      expect(row.respContentType).toContain('event-stream');
    });

    test('a request under way is seen in flight, then gone', async () => {
      // The list is told at most four times a second: a quick one after another would be one and the same number.
      await waitFor(() => follower.facts(id, 'inflight').at(-1)?.total === 0, { what: 'none in flight yet' });
      const before = follower.facts(id, 'inflight').length;
      const running = ask({
        model: SLOW_MODEL.id,
        stream: true,
        maxTokens: 60,
        headers: { 'x-boo-source': 'arena' },
      });
      const inflight = await waitFor(
        () =>
          follower
            .facts(id, 'inflight')
            .slice(before)
            .find((fact) => fact.total === 1),
        {
          what: 'one in flight',
        },
      );
      if (generation !== 'A') {
        expect(inflight.requests).toMatchObject([
          {
            model: SLOW_MODEL.id,
            reqPath: '/v1/chat/completions',
            ...(generation === 'C' ? { source: 'arena' } : { source: 'unattributed', sourceKnown: false }),
          },
        ]);
      }
      await running;
      await waitFor(() => follower.facts(id, 'inflight').at(-1)?.total === 0, { what: 'none in flight' });
    });

    test('another model swaps the first one out, and idles out by its ttl', async () => {
      const before = seen();
      await ask({ model: BRIEF_MODEL.id });
      await change(SLOW_MODEL.id, 'stopped', before);
      await change(BRIEF_MODEL.id, 'ready', before);
      await follower.until(id, 'models', 'the ttl of the running model', (fact) =>
        fact.models.some((model) => model.id === BRIEF_MODEL.id && model.ttlS === BRIEF_MODEL.ttlS),
      );
      await change(BRIEF_MODEL.id, 'stopped', before);
    });

    test('an unload is followed', async () => {
      await ask({ model: SLOW_MODEL.id });
      const before = seen();
      const response = await fetch(`${host.url}/api/models/unload/${SLOW_MODEL.id}`, { method: 'POST' });
      expect(response.ok).toBe(true);
      await change(SLOW_MODEL.id, 'stopped', before);
    });

    test('a model that does not exist is an error row or none, never a stuck feed', async () => {
      expect((await chat(host, { model: 'no-such-model' })).status).toBeGreaterThanOrEqual(400);
      await ask({ model: BRIEF_MODEL.id, maxTokens: 5 });
      await follower.until(id, 'request', 'the next good row', (fact) => fact.outputTokens === 5);
    });

    test('a restart: ids begin again, every answered request is there once', async () => {
      const answered = (): number =>
        follower.facts(id, 'request').filter((fact) => fact.statusCode === 200).length;
      await waitFor(() => answered() === sent, { what: `${sent} rows before the restart` });
      await host.restart();
      for (let i = 0; i < 3; i++) await ask({ model: BRIEF_MODEL.id, prompt: `after the restart ${i}` });
      await waitFor(() => answered() === sent, {
        what: `${sent} rows after the restart, there are ${answered()}`,
      });
      const keys = follower.facts(id, 'request').map((fact) => `${fact.entryId} ${fact.ts}`);
      expect(new Set(keys).size).toBe(keys.length);
    });

    test('a host with API keys: refused in words without one, followed with one', async () => {
      await follower.follow('locked-out', guarded.url);
      const refused = await follower.until(
        'locked-out',
        'liveness',
        'refused',
        (fact) => fact.reason !== null,
      );
      expect(refused.reason?.code).toBe('unauthorized');
      await follower.follow('let-in', guarded.url, 'GUARDED_API_KEY');
      await follower.until('let-in', 'liveness', 'connected', (fact) => fact.state === 'connected');
    });
  });
}
