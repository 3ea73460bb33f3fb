import { subjects } from '@boocontrol/contracts';
import { expect, it } from 'vitest';
import { RecentFacts, type RecentFact } from './recent-facts.js';

const signal = new AbortController().signal;
const fact = (msgId: string, seq: number, statedMs = 0): RecentFact => ({
  subject: subjects.fact('tower', 'gap'),
  fact: `the fact ${msgId}`,
  msgId,
  seq,
  statedMs,
});

/** A log that lost what it held after a sequence; what is published goes to its end. */
function log(held: Record<number, string>) {
  const messages = new Map(Object.entries(held).map(([seq, msgId]) => [Number(seq), msgId]));
  return {
    messages,
    holds: (seq: number, msgId: string) => Promise.resolve(messages.get(seq) === msgId),
    publishReliably: (_subject: string, _fact: unknown, { msgId = '' }: { msgId?: string } = {}) => {
      const seq = Math.max(0, ...messages.keys()) + 1;
      messages.set(seq, msgId);
      return Promise.resolve({ stream: 'FLEET', seq, duplicate: false });
    },
  };
}

it('states again what the log lost, in order and once', async () => {
  const recent = new RecentFacts();
  for (const [i, msgId] of ['a', 'b', 'c'].entries()) recent.add(fact(msgId, i + 1));
  // Somebody else's fact has the number that ours had.
  const left = log({ 1: 'a', 2: 'other' });
  expect(await recent.restate(left, left, { nowMs: 0, signal })).toBe(2);
  expect([...left.messages.values()]).toEqual(['a', 'other', 'b', 'c']);
  expect(await recent.restate(left, left, { nowMs: 0, signal })).toBe(0);
});

it('what went with its age is not lost', async () => {
  const recent = new RecentFacts();
  recent.add(fact('old', 1, 0));
  const empty = log({});
  expect(await recent.restate(empty, empty, { nowMs: 24 * 60 * 60_000, signal })).toBe(0);
});

it('what could not be stated is tried the next time', async () => {
  const recent = new RecentFacts();
  recent.add(fact('a', 1));
  const empty = log({});
  const refusing = { publishReliably: () => Promise.reject(new Error('refused')) };
  await expect(recent.restate(empty, refusing, { nowMs: 0, signal })).rejects.toThrow('refused');
  expect(await recent.restate(empty, empty, { nowMs: 0, signal })).toBe(1);
});
