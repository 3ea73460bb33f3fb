import type { CacheTurns, Generation, PrefixDrift, RouteFact } from '@boocontrol/contracts';
import { startStack, waitFor, type Stack } from '@boocontrol/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SLOW_MODEL, type HostUnderTest, type StartHost } from './host.js';
import { V1Client } from './v1-client.js';

const model = SLOW_MODEL.id;
const PROVIDER = 'tower';
const TURNS = 20;
/** One slot that the conversations fit into, and no copies of prompts beside it: what another session takes is gone. */
const ARGS = '-np 1 -c 16384 --cache-ram 0';

interface Timings {
  cache_n: number;
  prompt_n: number;
  prompt_ms: number;
}
interface Turn {
  timings: Timings;
  fact: RouteFact;
}
interface Message {
  role: string;
  content: string;
}

const RULES = 'You use the words that people use, and only them. '.repeat(6);
const system = (time: string): Message => ({ role: 'system', content: `It is ${time}. ${RULES}` });
const NOON = 'Sunday, 22 November 2026, 12:00';
const QUESTION = 'What would they make of all the water that people find on their way down? ';
const TOOLS = ['read', 'write', 'list'].map((name) => ({
  type: 'function',
  function: { name, description: `One can ${name} with it`, parameters: { type: 'object', properties: {} } },
}));

/** What the gateway says of the prompt cache, held against what a real llama.cpp server says of it itself. */
export function describePromptCache(
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
      // One thread: several wait for each other where the machine has other things to do.
      const server = { ...llama, threads: 1, args: ARGS };
      host = await start({ generation, apiKeys: [], llama: server, forGateway: true });
      stack = await startStack();
      client = new V1Client(stack.url, `${PROVIDER}/${model}`);
      await stack.addHost({ id: PROVIDER, baseUrl: host.url });
      await waitFor(async () => (await client.names()).includes(model), { what: 'the model to be listed' });
    });
    afterAll(async () => {
      await stack?.stop();
      await host?.stop();
    });

    /** A conversation as programs have them: each answer is sent back with the next question. */
    class Talk {
      messages: Message[] = [system(NOON)];
      tools = TOOLS;
      readonly turns: Turn[] = [];

      constructor(private readonly session: string) {}

      async turn(): Promise<Turn> {
        this.messages.push({ role: 'user', content: `${this.turns.length}. ${QUESTION}` });
        const { messages, tools, session: user } = this;
        const answer = await client.ask({ messages, tools, user, temperature: 0, tool_choice: 'none' });
        expect(answer.status, answer.text).toBe(200);
        const { choices, timings } = JSON.parse(answer.text) as {
          choices: { message: Message }[];
          timings: Timings;
        };
        messages.push({ role: 'assistant', content: choices[0]?.message.content ?? '' });
        const turn = { timings, fact: await client.record(answer) };
        expect(turn.fact).toMatchObject({
          cacheTokens: timings.cache_n,
          promptTokens: timings.cache_n + timings.prompt_n,
        });
        this.turns.push(turn);
        return turn;
      }

      async go(count: number): Promise<void> {
        for (let turn = 0; turn < count; turn++) await this.turn();
      }

      get relations(): (string | undefined)[] {
        return this.turns.map(({ fact }) => fact.prefix?.relation);
      }

      /** What went wrong, once all of its requests are in the table. */
      drifts(count: number): Promise<PrefixDrift[]> {
        const session = this.turns[0]?.fact.prefix?.session ?? '';
        return waitFor(
          async () => {
            const answer = await fetch(`${stack.url}/api/prompt-cache/sessions/${session}`);
            const { turns } = (await answer.json()) as CacheTurns;
            const drifts = turns.flatMap(({ drift }) => drift ?? []);
            return turns.length === this.turns.length && drifts.length === count && drifts.toReversed();
          },
          { what: `${count} drifts of ${this.turns.length} requests` },
        );
      }
    }

    /** New tokens of the turns that are as they should be: the answer before, and the next question. */
    const usualOf = (turns: readonly Turn[]): number => {
      const fresh = turns.slice(1).map(({ timings }) => timings.prompt_n);
      return fresh.toSorted((a, b) => a - b)[Math.floor(fresh.length / 2)] ?? 0;
    };

    test('a conversation that grows has no drift, and the server had what was expected', async () => {
      const talk = new Talk(`${generation} steady`);
      await talk.go(TURNS);
      expect(talk.relations).toEqual(['first', ...Array.from({ length: TURNS - 1 }, () => 'continued')]);
      expect(await talk.drifts(0)).toEqual([]);
      for (const [at, { timings }] of talk.turns.entries()) {
        const before = talk.turns[at - 1]?.fact.promptTokens ?? 0;
        expect(timings.cache_n).toBeGreaterThanOrEqual(before * 0.9);
        expect(timings.cache_n).toBeLessThanOrEqual(Math.max(1, before * 1.1 + 20));
      }
    });

    const CHANGES: [cause: string, change: (talk: Talk) => void][] = [
      ['system_changed', ({ messages }) => (messages[0] = { role: 'system', content: `Be long. ${RULES}` })],
      ['system_timestamp', ({ messages }) => (messages[0] = system('Monday, 23 November 2026, 13:30'))],
      ['tools_reordered', (talk) => (talk.tools = TOOLS.toReversed())],
      ['message_edited', ({ messages }) => (messages[1] = { role: 'user', content: 'No more of that.' })],
    ];
    test.each(CHANGES)('what a change costs is what the server says: %s', async (cause, change) => {
      const talk = new Talk(`${generation} ${cause}`);
      await talk.go(TURNS / 2);
      const usual = usualOf(talk.turns);
      change(talk);
      const { timings } = await talk.turn();
      await talk.go(TURNS / 2 - 1);
      const [drift] = await talk.drifts(1);
      expect(drift).toMatchObject({ kind: 'drift', cause, cachedTokens: timings.cache_n });
      // By the server's own count, and at its own speed: what it read beyond what such a turn reads.
      const lost = timings.prompt_n - usual;
      const lostMs = (timings.prompt_ms / timings.prompt_n) * lost;
      expect(lost).toBeGreaterThan(200);
      expect(Math.abs((drift?.lostTokens ?? 0) - lost)).toBeLessThanOrEqual(lost * 0.1);
      expect(Math.abs((drift?.lostMs ?? 0) - lostMs)).toBeLessThanOrEqual(lostMs * 0.1);
    });

    test('sessions that take turns on one slot evict each other, and none has drifted', async () => {
      const [one, other] = [new Talk(`${generation} one`), new Talk(`${generation} other`)];
      one.messages = [{ role: 'system', content: `One. ${RULES}` }];
      other.messages = [{ role: 'system', content: `Another. ${RULES}` }];
      one.tools = [];
      other.tools = [];
      for (let turn = 0; turn < 4; turn++) {
        await one.turn();
        await other.turn();
      }
      for (const talk of [one, other]) {
        expect(talk.relations).toEqual(['first', 'continued', 'continued', 'continued']);
        const drifts = await talk.drifts(3);
        expect(drifts.map(({ kind, cause }) => [kind, cause])).toEqual(
          Array.from({ length: 3 }, () => ['miss', 'evicted']),
        );
        for (const [at, drift] of drifts.entries()) {
          const timings = talk.turns[at + 1]?.timings;
          expect(drift.lostTokens).toBe((drift.expectedCachedTokens ?? 0) - (timings?.cache_n ?? 0));
        }
      }
    });

    test('a model that was unloaded between two turns is why the cache is empty', async () => {
      const talk = new Talk(`${generation} unloaded`);
      await talk.go(3);
      await fetch(`${host.url}/api/models/unload`, { method: 'POST' });
      // Told by what the fleet is known to be: a question to the model itself would load it, did it come too early.
      await waitFor(
        async () => {
          const known = (await stack.fleet()).hosts.find(({ provider }) => provider.id === PROVIDER)?.models;
          return known?.find(({ id }) => id === model)?.state === 'stopped';
        },
        { what: 'the model to be known as unloaded' },
      );
      const { timings } = await talk.turn();
      expect(timings.cache_n).toBe(0);
      await talk.go(2);
      expect(await talk.drifts(1)).toMatchObject([
        { kind: 'miss', cause: 'model_reloaded', cachedTokens: 0, changedInputs: [] },
      ]);
    });
  });
}
