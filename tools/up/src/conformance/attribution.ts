import type { Generation } from '@boocontrol/contracts';
import { waitFor } from '@boocontrol/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startFollower, type Follower } from './follow.js';
import { SLOW_MODEL, type HostUnderTest, type StartHost } from './host.js';

const CONSUMERS = ['boochat', 'boocoder', 'arena', 'night-job', 'python-requests'] as const;
const ROUNDS = 3;

/** So many tokens tell whose an answer is, and a row has them. */
const tokensOf = (consumer: number, round: number): number => 8 + ROUNDS * consumer + round;

/**
 * Five programs that ask a host itself at the same time, streamed and not: each row is its own program's.
 * @param keepsCaptures false: only the list of what is in flight tells who asks, which generation C has
 */
export function describeAttribution(
  name: string,
  generation: Generation,
  start: StartHost,
  keepsCaptures: boolean,
): void {
  const id = `attributed-${generation.toLowerCase()}`;
  describe.sequential(`${name}, ${keepsCaptures ? 'with' : 'without'} captures`, () => {
    let host: HostUnderTest;
    let follower: Follower;
    beforeAll(async () => {
      host = await start({ generation, apiKeys: [], keepsCaptures });
      follower = await startFollower({});
      await follower.follow(id, host.url);
      await follower.until(id, 'liveness', 'connected', (fact) => fact.state === 'connected');
    });
    afterAll(async () => {
      await follower?.stop();
      await host?.stop();
    });

    const ask = async (consumer: number, round: number, isStream: boolean): Promise<void> => {
      const source = CONSUMERS[consumer] ?? '';
      const answer = await fetch(`${host.url}/v1/chat/completions`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          // One says it as programs do that know nothing of us.
          ...(source === 'python-requests'
            ? { 'user-agent': 'python-requests/2.32' }
            : { 'x-boo-source': source }),
        },
        body: JSON.stringify({
          model: SLOW_MODEL.id,
          messages: [{ role: 'user', content: 'Count from one to a thousand.' }],
          max_tokens: tokensOf(consumer, round),
          stream: isStream,
        }),
      });
      const text = await answer.text();
      expect(answer.status, text).toBe(200);
    };

    test.each([
      ['whole', false],
      ['streamed', true],
    ])('each row is its own program’s, of answers that are %s', async (_name, isStream) => {
      // It is loaded: who waits for that has waited equally long.
      await ask(0, 0, isStream);
      const rows = () =>
        follower
          .facts(id, 'request')
          .filter(({ respContentType }) => respContentType?.includes('event-stream') === isStream);
      await waitFor(() => rows().length === 1, { what: 'the first row' });
      await Promise.all(
        CONSUMERS.map(async (_source, consumer) => {
          for (let round = 0; round < ROUNDS; round++) await ask(consumer, round, isStream);
        }),
      );
      const count = CONSUMERS.length * ROUNDS;
      await waitFor(() => rows().length === count + 1, { what: `${count} rows` });
      const told = rows()
        .slice(1)
        .map(({ outputTokens, source }) => [outputTokens, source] as const)
        .toSorted(([a], [b]) => (a ?? 0) - (b ?? 0));
      expect(told).toEqual(
        CONSUMERS.flatMap((source, consumer) =>
          Array.from({ length: ROUNDS }, (_, round) => [tokensOf(consumer, round), source]),
        ),
      );
    });
  });
}
