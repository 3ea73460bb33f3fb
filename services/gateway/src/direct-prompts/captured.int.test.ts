import {
  subjects,
  type CacheRates,
  type CacheSessions,
  type CacheTotals,
  type CacheTurns,
  type Request,
} from '@boocontrol/contracts';
import { instantFromMs } from '@boocontrol/fleet-model';
import { promptOfCapture } from '@boocontrol/llama-swap';
import { waitFor } from '@boocontrol/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { body } from '../testing/facts.js';
import type { TestGateway } from '../testing/gateway.js';
import { message, SYSTEM, TOOLS } from '../testing/prompts.js';
import { World } from '../testing/world.js';

/** Requests that went straight to a host, as ingest tells of them. */
const HOST = 'tower';
const MODEL = 'org/model-0';
const TURN_MS = 10_000;

let world: World;
let gateway: TestGateway;
let entryId = 0;
/** When the first of them came; the gateway takes what ended since it began. */
let beganMs: number;

beforeAll(async () => {
  world = await World.create();
  gateway = await world.gateway();
  await waitFor(async () => (await gateway.get('/api/prompt-cache/totals')).status === 200, {
    what: 'the database',
  });
  beganMs = Date.now();
});
afterAll(() => world?.stop());

/** All of them. */
const PERIOD = (): string =>
  `from=${new Date(beganMs - 3_600_000).toISOString()}&to=${new Date(beganMs + 3_600_000).toISOString()}`;
const ask = async <T>(path: string): Promise<T> => (await gateway.get<T>(`/api/prompt-cache/${path}`)).body;

interface Asked {
  /** Tokens of the prompt that the host had. */
  cached: number;
  /** Whether ingest has the capture when it states the row. */
  isLate?: boolean;
}

class Talk {
  messages: object[] = [SYSTEM];
  tools: object[] = TOOLS;
  turns = 0;

  constructor(
    readonly source: string,
    private readonly repeats = 1,
  ) {}

  get tokens(): number {
    return 500 + 100 * this.turns;
  }

  /** Resolves to what tells of the capture, where that is late. */
  async turn({ cached, isLate = false }: Asked): Promise<() => Promise<void>> {
    this.turns++;
    this.messages.push(message('user', `question ${this.turns}`));
    const endMs = beganMs + this.turns * TURN_MS + 500;
    const ts = instantFromMs(endMs);
    const row: Request = {
      ...body('request', HOST, ++entryId, endMs),
      entryId,
      ts,
      endedAt: ts,
      model: MODEL,
      source: isLate ? 'unattributed' : this.source,
      reqPath: '/v1/chat/completions',
      statusCode: 200,
      durationMs: 400,
      inputTokens: this.tokens - cached,
      cacheTokens: cached,
      promptTokens: this.tokens,
      promptCounts: 'known',
      promptTps: 500,
      hasCapture: true,
      ...(isLate ? {} : { dispatchId: null }),
    };
    if (isLate) delete row.dispatchId;
    const prompt = await promptOfCapture({
      reqPath: row.reqPath,
      reqHeaders: { 'X-Boo-Source': this.source, 'X-Boo-Session': 'one' },
      body: Buffer.from(JSON.stringify({ model: MODEL, messages: this.messages, tools: this.tools })),
    });
    this.messages.push(message('assistant', `answer ${this.turns}`));
    const tell = async (): Promise<void> => {
      for (let time = 0; time < this.repeats; time++)
        await world.bus.js.publish(
          subjects.prompt(HOST),
          JSON.stringify({ providerId: HOST, at: ts, entryId: row.entryId, ts, ...prompt }),
        );
    };
    if (!isLate) await tell();
    for (let time = 0; time < this.repeats; time++) await world.bus.fact('request', row);
    return tell;
  }

  /** The requests of its session, oldest first, once there are so many. */
  async told(count: number): Promise<CacheTurns['turns']> {
    return waitFor(
      async () => {
        const { sessions } = await ask<CacheSessions>(`sessions?source=${this.source}&${PERIOD()}`);
        const [session] = sessions;
        if (session === undefined) return null;
        const { turns } = await ask<CacheTurns>(`sessions/${session.session}?${PERIOD()}`);
        return turns.length === count ? turns.toReversed() : null;
      },
      { what: `${count} requests of ${this.source}` },
    );
  }
}

describe('requests that went straight to a host', () => {
  it('of a conversation of twenty turns are one drift where its system prompt changed, each told once', async () => {
    const talk = new Talk('steady', 2);
    for (let turn = 0; turn < 10; turn++) await talk.turn({ cached: turn === 0 ? 0 : talk.tokens });
    talk.messages[0] = message('system', 'You are a pirate.');
    await talk.turn({ cached: 20 });
    for (let turn = 11; turn < 20; turn++) await talk.turn({ cached: talk.tokens });
    const turns = await talk.told(20);
    expect(turns.map(({ prefix }) => prefix.relation)).toEqual([
      'first',
      ...Array.from({ length: 9 }, () => 'continued'),
      'changed',
      ...Array.from({ length: 9 }, () => 'continued'),
    ]);
    const drifts = await waitFor(
      async () => {
        const found = (await talk.told(20)).flatMap(({ drift }) => drift ?? []);
        return found.length > 0 && found;
      },
      { what: 'the drift' },
    );
    expect(drifts).toMatchObject([
      {
        kind: 'drift',
        cause: 'system_changed',
        seenBy: 'capture',
        dispatchId: null,
        row: turns[10]?.row,
        consumer: 'steady',
        cachedTokens: 20,
        promptTokens: 1_600,
        expectedCachedTokens: 1_500,
        lostTokens: 1_480,
        // 500 tokens a second.
        lostMs: 2_960,
      },
    ]);
    const { series } = await ask<CacheRates>(`rates?source=steady&${PERIOD()}`);
    expect(series).toMatchObject([{ source: 'steady', model: MODEL, requests: 20 }]);
    expect(await ask<CacheTotals>(`totals?source=steady&${PERIOD()}`)).toMatchObject({
      requests: 20,
      sessions: 1,
      drifts: 1,
      misses: 0,
    });
  });

  it('are compared when their capture comes late, and not when a later one was already', async () => {
    const talk = new Talk('late');
    await talk.turn({ cached: 0 });
    const second = await talk.turn({ cached: 600, isLate: true });
    await second();
    expect((await talk.told(2)).map(({ prefix }) => prefix.relation)).toEqual(['first', 'continued']);
    const third = await talk.turn({ cached: 700, isLate: true });
    await talk.turn({ cached: 800 });
    await talk.told(3);
    await third();
    // It counts among all requests, and is of no session.
    await waitFor(async () => (await ask<CacheTotals>(`totals?source=late&${PERIOD()}`)).requests === 4, {
      what: 'the request that came late',
    });
    expect((await talk.told(3)).map(({ prefix }) => prefix.relation)).toEqual([
      'first',
      'continued',
      'continued',
    ]);
  });

  it('begin anew with the gateway', async () => {
    const talk = new Talk('again');
    await talk.turn({ cached: 0 });
    await talk.told(1);
    await gateway.service.stop();
    gateway = await world.gateway();
    beganMs = Date.now();
    await waitFor(async () => (await gateway.get('/api/prompt-cache/totals')).status === 200, {
      what: 'the database',
    });
    await talk.turn({ cached: 0 });
    expect((await talk.told(2)).map(({ prefix }) => prefix.relation)).toEqual(['first', 'first']);
  });
});
