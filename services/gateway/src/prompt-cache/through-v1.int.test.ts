import type {
  CacheSessions,
  CacheTotals,
  CacheTurns,
  Model,
  PrefixDrift,
  Request,
} from '@boocontrol/contracts';
import { instantFromMs } from '@boocontrol/fleet-model';
import { createSimHost, type SimHost } from '@boocontrol/sim';
import { waitFor } from '@boocontrol/testing';
import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { body } from '../testing/facts.js';
import type { TestGateway } from '../testing/gateway.js';
import { aModel } from '../testing/routing-world.js';
import { World } from '../testing/world.js';

/** The whole gateway between OpenAI's client and a simulated host: conversations of twenty turns, steady and not. */
type Message = OpenAI.ChatCompletionMessageParam;
interface Timings {
  cache_n: number;
  prompt_n: number;
  prompt_ms: number;
}
type Answer = OpenAI.ChatCompletion & { timings: Timings };

const TURNS = 20;
const RULES = 'You answer questions about gardens, and you are brief. '.repeat(20);
const QUESTION = 'What would you plant beside the pond this time of the year, and why there? '.repeat(3);
const TOOLS: OpenAI.ChatCompletionTool[] = ['read', 'write', 'list'].map((name) => ({
  type: 'function',
  function: { name, description: `It can ${name}. `.repeat(20), parameters: { type: 'object' } },
}));

let world: World;
let gateway: TestGateway;
let sim: SimHost;
let started = 0;

beforeAll(async () => {
  world = await World.create();
  gateway = await world.gateway();
  const narrow = { parallel: 1, loadMs: 100, genTps: 1_000 };
  sim = await createSimHost({
    id: 'tower',
    timeScale: 50,
    models: [
      { id: 'wide', parallel: 8, loadMs: 100, genTps: 1_000 },
      { id: 'narrow', ...narrow },
      { id: 'shaky', ...narrow },
    ],
    concurrentModels: [['wide', 'narrow', 'shaky']],
  });
  await gateway.call('POST', '/api/providers', { id: 'tower', baseUrl: sim.url });
  await world.bus.fact('liveness', { ...body('liveness', 'tower', 0, Date.now()), reason: null });
  await tell({});
  await waitFor(async () => (await gateway.get('/api/prompt-cache/totals')).status === 200, {
    what: 'the database',
  });
  const one = { model: 'tower/wide', messages: [{ role: 'user', content: 'Hello' }], max_tokens: 1 };
  await waitFor(async () => (await gateway.call('POST', '/v1/chat/completions', one)).status === 200, {
    what: 'the fleet',
  });
});
afterAll(async () => {
  await sim?.close();
  await world?.stop();
});

/** What the host says of its models; those that are not named are ready, and have been for long. */
async function tell(over: Record<string, Partial<Model>>): Promise<void> {
  const slots = { wide: 8, narrow: 1, shaky: 1 };
  const models = Object.entries(slots).map(([id, count]) => aModel(id, { slots: count, ...over[id] }));
  await world.bus.fact('models', { providerId: 'tower', at: instantFromMs(Date.now()), models });
}

/** Requests through the gateway, by model. */
const asks: Record<string, number> = {};

/** A conversation as programs have them: each answer is sent back with the next question. */
class Talk {
  readonly session = `talk ${++started}`;
  readonly client = new OpenAI({
    baseURL: `${gateway.url}/v1`,
    apiKey: 'none',
    maxRetries: 0,
    defaultHeaders: { 'x-boo-session': this.session },
  });
  messages: Message[];
  tools = TOOLS;
  readonly timings: Timings[] = [];
  /** x-request-id of its requests. */
  readonly ids: (string | null)[] = [];

  constructor(
    readonly model = 'wide',
    system = `${RULES} It is Sunday, 22 November 2026, 09:06. (${this.session})`,
  ) {
    this.messages = [{ role: 'system', content: system }];
  }

  async turn(): Promise<Timings> {
    this.messages.push({ role: 'user', content: `${this.timings.length}: ${QUESTION}` });
    const { model, messages, tools } = this;
    const asked = { model: `tower/${model}`, messages, tools, max_tokens: 40 };
    const { data, response } = await this.client.chat.completions.create(asked).withResponse();
    const answer = data as Answer;
    this.ids.push(response.headers.get('x-request-id'));
    asks[model] = (asks[model] ?? 0) + 1;
    const [choice] = answer.choices;
    if (choice === undefined) throw new Error('no answer');
    messages.push(choice.message);
    this.timings.push(answer.timings);
    return answer.timings;
  }

  async turns(count: number): Promise<void> {
    for (let turn = 0; turn < count; turn++) await this.turn();
  }

  /** The requests of it, oldest first, once all of them and what went wrong with so many of them are told. */
  async told(drifts: number): Promise<CacheTurns['turns']> {
    const last = await waitFor(
      async () => {
        const { sessions } = (await gateway.get<CacheSessions>('/api/prompt-cache/sessions?limit=200')).body;
        for (const { session } of sessions) {
          const { turns } = (await gateway.get<CacheTurns>(`/api/prompt-cache/sessions/${session}`)).body;
          const isOurs =
            turns.length === this.timings.length &&
            turns.every(({ cacheTokens }, at) => cacheTokens === this.timings.at(-1 - at)?.cache_n) &&
            turns.filter(({ drift }) => drift !== null).length === drifts;
          if (isOurs && !claimed.has(session)) return { session, turns };
        }
        return null;
      },
      { what: `${this.timings.length} requests with ${drifts} drifts` },
    );
    claimed.add(last.session);
    return last.turns.toReversed();
  }

  /** The one drift that there is. */
  async drift(): Promise<PrefixDrift> {
    const [drift, second] = (await this.told(1)).flatMap((turn) => turn.drift ?? []);
    if (drift === undefined || second !== undefined) throw new Error('one drift');
    return drift;
  }
}
/** Sessions that are a talk's already: of their names the gateway keeps hashes only. */
const claimed = new Set<string>();

describe('a conversation of twenty turns', () => {
  it('that grows has one fingerprint for each turn, and no drift', async () => {
    const talk = new Talk();
    await talk.turns(TURNS);
    const turns = await talk.told(0);
    expect(turns.map(({ prefix }) => prefix.relation)).toEqual([
      'first',
      ...Array.from({ length: TURNS - 1 }, () => 'continued'),
    ]);
    expect(new Set(turns.map(({ prefix }) => prefix.hash)).size).toBe(TURNS);
    expect(turns.map(({ prefix }) => prefix.segments)).toEqual(
      Array.from({ length: TURNS }, (_, at) => 3 + 2 * at),
    );
  });

  const CHANGES: [cause: string, inputs: string[], change: (talk: Talk) => void][] = [
    [
      'system_changed',
      ['system changed'],
      (talk) => (talk.messages[0] = { role: 'system', content: `Be a pirate. ${RULES}` }),
    ],
    [
      'system_timestamp',
      ['timestamp in system'],
      ({ messages, session }) =>
        (messages[0] = {
          role: 'system',
          content: `${RULES} It is Monday, 23 November 2026, 10:11. (${session})`,
        }),
    ],
    ['tools_reordered', ['tools reordered'], (talk) => (talk.tools = TOOLS.toReversed())],
    [
      'message_edited',
      ['message 5 edited'],
      ({ messages }) => (messages[5] = { role: 'user', content: 'Never mind.' }),
    ],
  ];
  it.each(CHANGES)('is one drift where that happens once: %s', async (cause, changedInputs, change) => {
    const talk = new Talk();
    await talk.turns(TURNS / 2);
    change(talk);
    await talk.turns(TURNS / 2);
    const before = talk.timings[TURNS / 2 - 1];
    const after = talk.timings[TURNS / 2];
    if (before === undefined || after === undefined) throw new Error('too few turns');
    const drift = await talk.drift();
    const expectedCachedTokens = before.cache_n + before.prompt_n;
    // The simulated host has no tools in its prompts: another order of theirs costs nothing there.
    const lostTokens = Math.max(0, expectedCachedTokens - after.cache_n);
    expect(drift).toMatchObject({
      kind: 'drift',
      cause,
      changedInputs,
      consumer: 'openai-js',
      cachedTokens: after.cache_n,
      promptTokens: after.cache_n + after.prompt_n,
      expectedCachedTokens,
      lostTokens,
    });
    expect(drift.lostMs).toBeCloseTo((lostTokens * after.prompt_ms) / after.prompt_n, 0);
  });
});

describe('a conversation that stays as it is', () => {
  it('is evicted by another one on the same slot', async () => {
    const [one, other] = [new Talk('narrow', `One. ${RULES}`), new Talk('narrow', `Two. ${RULES}`)];
    one.tools = other.tools = [];
    for (let turn = 0; turn < 4; turn++) {
      await one.turn();
      await other.turn();
    }
    for (const talk of [one, other]) {
      const turns = await talk.told(3);
      expect(turns.map(({ drift }) => drift && [drift.kind, drift.cause])).toEqual([
        null,
        ...Array.from({ length: 3 }, () => ['miss', 'evicted']),
      ]);
    }
  });

  it('is evicted by somebody who asks the host itself, as its rows tell', async () => {
    const talk = new Talk('narrow', `Three. ${RULES}`);
    talk.tools = [];
    await talk.turns(2);
    const own = talk.ids.at(-1);
    const asked = { model: 'narrow', messages: [{ role: 'user', content: RULES }], max_tokens: 1 };
    const headers = { 'content-type': 'application/json' };
    const fromMs = Date.now();
    await (
      await fetch(`${sim.url}/v1/chat/completions`, {
        method: 'POST',
        headers,
        body: JSON.stringify(asked),
      })
    ).text();
    const endMs = Date.now();
    await talk.turn();
    const row = (entryId: number): Request => ({
      ...body('request', 'tower', entryId, endMs),
      entryId,
      endedAt: instantFromMs(endMs),
      durationMs: endMs - fromMs,
      model: 'narrow',
      source: 'elsewhere',
      statusCode: 200,
      promptTokens: 100,
      inputTokens: 100,
      cacheTokens: 0,
      hasCapture: false,
    });
    // The rows come after all of it: the talk's own, which is counted already, and the other one.
    await world.bus.fact('request', { ...row(1), source: 'openai-js', dispatchId: own ?? null });
    await world.bus.fact('request', { ...row(2), dispatchId: null });
    expect(await talk.drift()).toMatchObject({ kind: 'miss', cause: 'evicted', seenBy: 'gateway' });
    const totals = async (source: string): Promise<number> =>
      (await gateway.get<CacheTotals>(`/api/prompt-cache/totals?source=${source}&model=narrow`)).body
        .requests;
    await waitFor(async () => (await totals('elsewhere')) === 1, { what: 'the direct request' });
    expect(await totals('openai-js')).toBe(asks['narrow']);
  });

  it('is lost with the model that was unloaded meanwhile', async () => {
    const talk = new Talk('shaky');
    await talk.turns(3);
    await fetch(`${sim.url}/api/models/unload/shaky`, { method: 'POST' });
    await tell({ shaky: { state: 'stopped', since: instantFromMs(Date.now()) } });
    await waitFor(
      async () =>
        JSON.stringify((await gateway.get('/v1/models/tower%2Fshaky')).body).includes('"loaded":false'),
      { what: 'the gateway to know that it is unloaded' },
    );
    await talk.turn();
    await tell({ shaky: { since: instantFromMs(Date.now()) } });
    await talk.turn();
    expect(await talk.drift()).toMatchObject({ kind: 'miss', cause: 'model_reloaded', cachedTokens: 0 });
  });
});
