import { expect, test } from 'vitest';
import { KvSlots, type SlotLease } from './kv-slots.js';
import { commonPrefix, pieces, tokenize } from './tokens.js';

const never = new AbortController().signal;

async function take(slots: KvSlots, tokens: number[], signal = never): Promise<SlotLease> {
  const lease = await slots.acquire(tokens, signal);
  if (!lease) throw new Error('no slot');
  return lease;
}

test('pieces give the text again, and equal prefixes equal tokens', () => {
  const text = 'Naïve caching → 例えば ✅ breaks.\n  Soon.';
  expect(pieces(text).join('')).toBe(text);
  expect(commonPrefix(tokenize('one two three'), tokenize('one two four'))).toBe(2);
});

test('a prompt that grows finds its prefix in the cache', async () => {
  const slots = new KvSlots(2);
  const first = await take(slots, [1, 2, 3]);
  expect(first.cachedTokens).toBe(0);
  first.release([1, 2, 3, 90, 91]);
  const second = await take(slots, [1, 2, 3, 90, 91, 4, 5]);
  expect([second.slotId, second.cachedTokens]).toEqual([first.slotId, 5]);
});

test('at least one token is evaluated even when all are cached', async () => {
  const slots = new KvSlots(1);
  (await take(slots, [1, 2, 3])).release([1, 2, 3]);
  expect((await take(slots, [1, 2, 3])).cachedTokens).toBe(2);
});

test('conversations keep slots of their own, and a new one takes the slot unused longest', async () => {
  const slots = new KvSlots(2);
  (await take(slots, [1, 1, 1])).release([1, 1, 1]);
  (await take(slots, [2, 2, 2])).release([2, 2, 2]);
  const again = await take(slots, [2, 2, 2, 2]);
  expect(again.cachedTokens).toBe(3);
  again.release([2, 2, 2, 2]);
  (await take(slots, [3, 3, 3])).release([3, 3, 3]);
  expect((await take(slots, [1, 1, 1, 1])).cachedTokens).toBe(0);
});

test('requests wait for a free slot in order, and leave when their caller does', async () => {
  const slots = new KvSlots(1);
  const holder = await take(slots, [1]);
  const gone = new AbortController();
  const order: string[] = [];
  const impatient = slots.acquire([2], gone.signal).then((lease) => order.push(lease ? 'impatient' : 'left'));
  const patient = take(slots, [3]).then((lease) => {
    order.push('patient');
    lease.release([3]);
  });
  gone.abort();
  await impatient;
  holder.release([1]);
  await patient;
  expect(order).toEqual(['left', 'patient']);
});
