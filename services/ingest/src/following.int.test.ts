import {
  FactSchemas,
  LogLineSchema,
  STREAM,
  type FactKind,
  type Generation,
  subjects,
} from '@boocontrol/contracts';
import type { SimHost, SimHostInput } from '@boocontrol/sim';
import { waitFor } from '@boocontrol/testing';
import { describe, expect, it } from 'vitest';
import { providerOf } from './testing/bench.js';
import { Stage } from './testing/stage.js';

/** What a gateway says of itself to the host. */
const DISPATCH = '0199f7a1-6f0e-4c3a-9d2b-5b6f1e2d3c4b';

const stage = new Stage();
const host = (input: SimHostInput): Promise<SimHost> =>
  stage.host({ timeScale: 10, performance: { everyMs: 5_000 }, ...input });

const GPU = { name: 'RTX 5090', totalMb: 32_768 };
const ask = (sim: SimHost, model: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${sim.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ model, max_tokens: 20, messages: [{ role: 'user', content: 'hello' }] }),
  });

describe.each(['A', 'B', 'C'] as Generation[])('generation %s', (generation) => {
  it('models, requests, captures, samples and logs of real traffic', async () => {
    const id = `live-${generation.toLowerCase()}`;
    const models = [
      { id: 'big/one', ctx: 8_192, ttlS: 300, loadMs: 3_000 },
      { id: 'two', ttlS: 0, loadMs: 1_000 },
    ];
    const sim = await host({
      id,
      generation,
      models,
      gpus: [GPU, GPU],
      peers: [{ id: 'peer', models: ['far'] }],
    });
    stage.bench.follow(providerOf(sim));
    const liveness = await stage.bench.connected(id);
    expect(liveness).toMatchObject({ generation, attempt: 0, reason: null, nextAttemptAt: null });
    expect(liveness.version?.version).toBeTruthy();
    if (generation === 'C') expect(liveness.hardware).not.toBeNull();
    else expect(liveness.hardware).toBeNull();

    const first = await ask(sim, 'big/one', {
      'x-boo-source': 'BooChat',
      'x-boo-request-id': DISPATCH,
    });
    expect(first.status).toBe(200);
    await first.text();
    const ready = await stage.bench.until(id, 'models', 'ready with ttl, context and slots', (fact) =>
      fact.models.some(
        ({ id: model, state, ttlS, contextLength, slots }) =>
          model === 'big/one' &&
          state === 'ready' &&
          ttlS === 300 &&
          contextLength === 8_192 &&
          slots !== undefined,
      ),
    );
    expect(ready.models.find(({ id: model }) => model === 'far')).toMatchObject({
      peerId: 'peer',
      state: 'unknown',
    });

    const second = await ask(sim, 'two', { 'user-agent': 'OpenAI/JS 6.49.0' });
    await second.text();
    await stage.bench.until(id, 'models', 'swapped', (fact) =>
      fact.models.every(({ id: model, state }) => (model === 'two' ? state === 'ready' : state !== 'ready')),
    );
    const changes = await stage.bench.facts(id, 'model-changed');
    const ofBig = changes.filter(({ model }) => model === 'big/one');
    expect(ofBig[0]).toMatchObject({ from: null, to: 'stopped', observed: 'after_gap', failed: false });
    expect(ofBig.slice(1).map(({ from, to }) => `${from}>${to}`)).toEqual([
      'stopped>starting',
      'starting>ready',
      'ready>stopping',
      'stopping>stopped',
    ]);
    expect(ofBig.slice(1).every(({ observed }) => observed === 'live')).toBe(true);

    await stage.bench.expectLedger(sim, id);
    const requests = await stage.bench.facts(id, 'request');
    expect(
      requests.map(({ model, source, hasCapture, dispatchId }) => ({
        model,
        source,
        hasCapture,
        dispatchId,
      })),
    ).toEqual([
      { model: 'big/one', source: 'boochat', hasCapture: true, dispatchId: DISPATCH },
      { model: 'two', source: 'openai-js', hasCapture: true, dispatchId: null },
    ]);
    expect(requests[0]?.outputTokens).toBeGreaterThan(0);
    expect(requests[0]?.genTps).toBeGreaterThan(0);

    const captures = await stage.bench.captures(id);
    expect(captures.map(({ entryId, ts }) => ({ entryId, ts }))).toEqual(
      requests.map(({ entryId, ts }) => ({ entryId, ts })),
    );
    expect(captures[0]?.reqBody).toMatchObject({ encoding: 'utf8', cut: false });
    expect(captures[0]?.reqBody?.data).toContain('hello');

    const perf = await stage.bench.until(
      id,
      'perf',
      'both readings',
      ({ gpus, sys }) => gpus?.length === 2 && sys !== null,
    );
    expect(perf.sys?.memTotalMb).toBeGreaterThan(0);
    expect((await stage.bench.connected(id)).monitoring).toBe('on');
    await stage.bench.until(id, 'inflight', 'nothing left', ({ total }) => total === 0);
    for (const source of ['proxy', 'upstream'] as const) {
      const lines = await stage.bench.all(STREAM.logs, subjects.log(id, source));
      for (const line of lines) LogLineSchema.parse(line);
      expect(lines.length).toBeGreaterThan(0);
    }
    for (const kind of ['liveness', 'models', 'model-changed', 'inflight', 'request', 'perf'] as FactKind[])
      for (const fact of await stage.bench.facts(id, kind)) FactSchemas[kind].parse(fact);
  });

  it('says who is served now, as far as the generation tells', async () => {
    const id = `now-${generation.toLowerCase()}`;
    const sim = await host({ id, generation, models: [{ id: 'm', loadMs: 8_000 }], timeScale: 4 });
    stage.bench.follow(providerOf(sim));
    await stage.bench.connected(id);
    const answer = ask(sim, 'm', { 'x-boo-source': 'boocoder' });
    const { requests } = await stage.bench.until(id, 'inflight', 'one', ({ total }) => total === 1);
    if (generation === 'A') expect(requests).toEqual([]);
    else
      expect(requests).toMatchObject([
        generation === 'C'
          ? { model: 'm', source: 'boocoder' }
          : { model: 'm', source: 'unattributed', sourceKnown: false },
      ]);
    await (await answer).text();
    await stage.bench.until(id, 'inflight', 'none', ({ total }) => total === 0);
  });

  it('without captures the source comes from the entry in flight, where there is one', async () => {
    const id = `bare-${generation.toLowerCase()}`;
    const sim = await host({ id, generation, models: [{ id: 'm', loadMs: 500 }], captureBufferMb: 0 });
    stage.bench.follow(providerOf(sim));
    await stage.bench.connected(id);
    await Promise.all([
      ask(sim, 'm', { 'x-boo-source': 'arena' }).then((answer) => answer.text()),
      ask(sim, 'm', { 'x-boo-source': 'arena' }).then((answer) => answer.text()),
    ]);
    await stage.bench.expectLedger(sim, id);
    const facts = await stage.bench.facts(id, 'request');
    expect(facts.map(({ dispatchId }) => dispatchId)).toEqual([undefined, undefined]);
    const sources = facts.map(({ source }) => source);
    expect(sources).toEqual(generation === 'C' ? ['arena', 'arena'] : ['unattributed', 'unattributed']);
  });

  it('log lines are not repeated after a reconnect, and none is missing', async () => {
    const id = `lines-${generation.toLowerCase()}`;
    const sim = await host({ id, generation, models: [{ id: 'm', loadMs: 100 }] });
    const connector = stage.bench.follow(providerOf(sim));
    await stage.bench.connected(id);
    await (await ask(sim, 'm')).text();
    const lines = async (): Promise<string[]> =>
      (await stage.bench.all(STREAM.logs, subjects.log(id, 'upstream'))).map(
        (body) => LogLineSchema.parse(body).line,
      );
    const before = await waitFor(
      async () => {
        const some = await lines();
        return some.length > 3 && some;
      },
      { what: 'log lines' },
    );
    for (let i = 0; i < 3; i++) {
      const since = (await stage.bench.connected(id)).since;
      connector.reconnect();
      await stage.bench.until(
        id,
        'liveness',
        'again',
        (fact) => fact.state === 'connected' && fact.since !== since,
      );
      await (await ask(sim, 'm')).text();
      await stage.bench.expectLedger(sim, id);
    }
    const history = await hostHistory(sim);
    await waitFor(async () => (await lines()).length >= history.length, { what: 'all lines of the host' });
    expect(await lines()).toEqual(history);
    expect((await lines()).slice(0, before.length)).toEqual(before);
  });
});

/** The host's upstream log as a new listener gets it. */
async function hostHistory(sim: SimHost): Promise<string[]> {
  const abort = new AbortController();
  try {
    const answer = await fetch(`${sim.url}/api/events`, { signal: abort.signal });
    let text = '';
    const decoder = new TextDecoder();
    for await (const chunk of answer.body ?? []) {
      text += decoder.decode(chunk, { stream: true });
      for (const frame of text.split('\n\n').slice(0, -1)) {
        const data = JSON.parse(frame.slice(frame.indexOf('data:') + 5)) as { type: string; data: string };
        if (data.type !== 'logData') continue;
        const log = JSON.parse(data.data) as { source: string; data: string };
        if (log.source === 'upstream') return log.data.split('\n').slice(0, -1);
      }
    }
    return [];
  } finally {
    abort.abort();
  }
}
