import type { ActivityPage, CacheSessions, CacheTurns, Generation, PrefixDrift } from '@boocontrol/contracts';
import { startStack, waitFor, type Stack } from '@boocontrol/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SLOW_MODEL, type HostUnderTest, type StartHost } from './host.js';

const model = SLOW_MODEL.id;
const PROVIDER = 'tower';
/** One slot that the conversations fit into, and no copies of prompts beside it: what another session takes is gone. */
const ARGS = '-np 1 -c 16384 --cache-ram 0';
const TURNS = 20;

interface Timings {
  cache_n: number;
  prompt_n: number;
  prompt_ms: number;
}
interface Message {
  role: string;
  content: string;
}
type Told = CacheTurns['turns'][number];

const RULES = 'You use the words that people use, and only them. '.repeat(6);
const QUESTION = 'What would they make of all the water that people find on their way down? ';
const TOOLS = ['read', 'write', 'list'].map((name) => ({
  type: 'function',
  function: { name, description: `One can ${name} with it`, parameters: { type: 'object', properties: {} } },
}));
/** What happens to the conversation before these turns, from 0. */
const CHANGES: Readonly<Record<number, [cause: string, change: (talk: Talk) => void]>> = {
  6: ['system_changed', (talk) => (talk.messages[0] = { role: 'system', content: `Be long. ${RULES}` })],
  11: ['tools_reordered', (talk) => (talk.tools = TOOLS.toReversed())],
  16: ['message_edited', (talk) => (talk.messages[1] = { role: 'user', content: 'No more of that.' })],
};

/** A conversation whose answers are known beforehand, so that two of them have prompts of one length. */
class Talk {
  messages: Message[] = [{ role: 'system', content: `It is noon. ${RULES}` }];
  tools = TOOLS;
  readonly timings: Timings[] = [];

  constructor(
    /** Stands for the session, too. */
    private readonly source: string,
    private readonly url: string,
    private readonly model: string,
  ) {}

  async turn(): Promise<Timings> {
    this.messages.push({ role: 'user', content: `${this.timings.length}. ${QUESTION}` });
    const { messages, tools, source } = this;
    const answer = await fetch(`${this.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-boo-source': source, 'x-boo-session': source },
      body: JSON.stringify({
        model: this.model,
        messages,
        tools,
        tool_choice: 'none',
        temperature: 0,
        max_tokens: 4,
      }),
    });
    const text = await answer.text();
    expect(answer.status, text).toBe(200);
    const { timings } = JSON.parse(text) as { timings: Timings };
    messages.push({ role: 'assistant', content: `They would make a pond of it, the ${source} one.` });
    this.timings.push(timings);
    return timings;
  }

  async go(): Promise<void> {
    for (let turn = 0; turn < TURNS; turn++) {
      CHANGES[turn]?.[1](this);
      await this.turn();
    }
  }
}

/** Conversations that go straight to a host, through the copies that a real llama-swap keeps, beside the same through /v1. */
export function describeDirectPrompts(
  name: string,
  generation: Generation,
  start: StartHost,
  llama: { binary: string; model: string },
): void {
  describe.sequential(name, () => {
    let host: HostUnderTest;
    let stack: Stack;
    const ask = async <T>(path: string): Promise<T> =>
      (await fetch(`${stack.url}${path}`)).json() as Promise<T>;
    beforeAll(async () => {
      // One thread: several wait for each other where the machine has other things to do.
      const server = { ...llama, threads: 1, args: ARGS };
      host = await start({ generation, apiKeys: [], llama: server, forGateway: true });
      stack = await startStack();
      await stack.addHost({ id: PROVIDER, baseUrl: host.url });
      await waitFor(
        async () => {
          const { data } = await ask<{ data: { id: string }[] }>('/v1/models');
          return data.some(({ id }) => id === model);
        },
        { what: 'the model to be listed' },
      );
    });
    afterAll(async () => {
      await stack?.stop();
      await host?.stop();
    });

    /** Its requests, oldest first, once there are so many with so many drifts and misses. */
    const told = (source: string, turns: number, drifts: number): Promise<Told[]> =>
      waitFor(
        async () => {
          const { sessions } = await ask<CacheSessions>(`/api/prompt-cache/sessions?source=${source}`);
          const [session] = sessions;
          if (session === undefined) return null;
          const found = (await ask<CacheTurns>(`/api/prompt-cache/sessions/${session.session}`)).turns;
          const isAll = found.length === turns && found.filter(({ drift }) => drift).length === drifts;
          return isAll && found.toReversed();
        },
        { what: `${turns} requests of ${source} with ${drifts} drifts` },
      );
    const driftsOf = (turns: readonly Told[]): PrefixDrift[] => turns.flatMap(({ drift }) => drift ?? []);

    test('a conversation of twenty turns is told the same straight to the host as through /v1', async () => {
      const through = new Talk('left', stack.url, `${PROVIDER}/${model}`);
      const direct = new Talk('right', host.url, model);
      await through.go();
      await direct.go();
      const changes = Object.values(CHANGES).length;
      const [ours, theirs] = await Promise.all([told('left', TURNS, changes), told('right', TURNS, changes)]);
      expect(theirs.map(({ prefix }) => prefix.relation)).toEqual(ours.map(({ prefix }) => prefix.relation));
      expect(theirs.map(({ prefix }) => prefix.segments)).toEqual(ours.map(({ prefix }) => prefix.segments));
      expect(ours.every(({ row }) => row === undefined)).toBe(true);
      expect(theirs.every(({ row }) => row !== undefined)).toBe(true);
      for (const [at, { promptTokens, cacheTokens }] of theirs.entries()) {
        const timings = direct.timings[at];
        expect(cacheTokens).toBe(timings?.cache_n);
        expect(promptTokens).toBe((timings?.cache_n ?? 0) + (timings?.prompt_n ?? 0));
      }
      const [first, second] = [driftsOf(ours), driftsOf(theirs)];
      expect(second.map(({ seenBy, dispatchId }) => [seenBy, dispatchId])).toEqual(
        second.map(() => ['capture', null]),
      );
      const what = ({ kind, cause, changedInputs, firstChangedSegment }: PrefixDrift) => ({
        kind,
        cause,
        changedInputs,
        firstChangedSegment,
      });
      expect(second.map(what)).toEqual(first.map(what));
      expect(second.map(({ cause }) => cause)).toEqual(Object.values(CHANGES).map(([cause]) => cause));
      for (const [at, drift] of second.entries()) {
        const turn = Number(Object.keys(CHANGES)[at]);
        const [before, now] = [direct.timings[turn - 1], direct.timings[turn]];
        if (before === undefined || now === undefined) throw new Error('too few turns');
        // Expected: the whole prompt before. By the server's own count and speed.
        const lost = before.cache_n + before.prompt_n - now.cache_n;
        expect(drift.lostTokens).toBe(lost);
        const lostMs = (now.prompt_ms / now.prompt_n) * lost;
        expect(Math.abs((drift.lostMs ?? 0) - lostMs)).toBeLessThanOrEqual(lostMs * 0.1);
      }
    });

    test('who asks the host itself evicts those who come through /v1, and is evicted by them', async () => {
      const through = new Talk('up', stack.url, `${PROVIDER}/${model}`);
      const direct = new Talk('down', host.url, model);
      through.messages = [{ role: 'system', content: `One. ${RULES}` }];
      direct.messages = [{ role: 'system', content: `Another. ${RULES}` }];
      through.tools = [];
      direct.tools = [];
      for (let turn = 0; turn < 3; turn++) {
        await through.turn();
        await direct.turn();
      }
      const all = [...driftsOf(await told('up', 3, 2)), ...driftsOf(await told('down', 3, 2))];
      expect(all.map(({ kind, cause, seenBy }) => [kind, cause, seenBy])).toEqual([
        ['miss', 'evicted', 'gateway'],
        ['miss', 'evicted', 'gateway'],
        ['miss', 'evicted', 'capture'],
        ['miss', 'evicted', 'capture'],
      ]);
    });

    test('each request is counted once, whoever tells of it', async () => {
      for (const [source, count] of Object.entries({ left: TURNS, right: TURNS, up: 3, down: 3 })) {
        const { requests } = await ask<{ requests: number }>(`/api/prompt-cache/totals?source=${source}`);
        expect([source, requests]).toEqual([source, count]);
        const { rows } = await ask<ActivityPage>(`/api/activity?source=${source}&limit=100`);
        expect([source, rows.length]).toEqual([source, count]);
      }
    });
  });
}
