import type { RouteFact } from '@boocontrol/contracts';
import { expect } from 'vitest';
import type { Answer, V1Client } from './v1-client.js';

const CLIENTS = 4;
const REQUESTS = 4;

interface Asked {
  model: string;
  isStream: boolean;
  answer: Answer;
}

/** Several at once, each of which asks for the two models in turn, streamed or not. */
export async function askForBoth(client: V1Client, providerId: string, models: readonly [string, string]) {
  const all: Asked[] = [];
  const one = async (at: number): Promise<void> => {
    for (let n = 0; n < REQUESTS; n++) {
      const model = models[(at + n) % 2] ?? models[0];
      const isStream = (at + (n >> 1)) % 2 === 0;
      const body = { model: `${providerId}/${model}`, stream: isStream, max_tokens: 32, ignore_eos: true };
      all.push({ model, isStream, answer: await client.ask(body) });
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, (_, at) => one(at)));
  return all;
}

/** Models that an answer says it is of. */
const modelsIn = (text: string): string[] => [
  ...new Set([...text.matchAll(/"model":"([^"]*)"/g)].map(([, model = '']) => model)),
];

const isWhole = ({ isStream, answer: { status, text, isCut } }: Asked): boolean =>
  status === 200 &&
  !isCut &&
  (isStream
    ? text.trimEnd().endsWith('data: [DONE]') && !text.includes('data: {"error"')
    : text.includes('"finish_reason":"length"'));

/** Whole and of the model that was asked for, or told as failed: to the client, and in its one record. */
export function expectOneModelEach(all: readonly Asked[], records: readonly RouteFact[]): void {
  const idOf = ({ answer }: Asked): string => answer.headers.get('x-request-id') ?? '';
  expect(records.map(({ id }) => id).sort()).toEqual(all.map(idOf).sort());
  const byId = new Map(records.map((record) => [record.id, record]));
  for (const asked of all) {
    const { model, answer } = asked;
    const record = byId.get(idOf(asked));
    expect(record?.attempts.map((attempt) => attempt.model).filter((name) => name !== model)).toEqual([]);
    if (isWhole(asked)) {
      expect(modelsIn(answer.text), answer.text).toEqual([model]);
      expect(record, answer.text).toMatchObject({ outcome: 'succeeded', status: 200, outputTokens: 32 });
    } else {
      expect(modelsIn(answer.text).filter((name) => name !== model)).toEqual([]);
      expect(['failed', 'incomplete', 'refused'], answer.text).toContain(record?.outcome);
      // llama-swap's own 502 may have no words at all.
      const isTold = answer.status >= 400 || answer.isCut || answer.text.includes('"error"');
      expect(isTold, answer.text).toBe(true);
    }
  }
  for (const model of new Set(all.map((asked) => asked.model)))
    expect(all.filter((asked) => asked.model === model && isWhole(asked)).length).toBeGreaterThan(0);
}
