import { describe, expect, it } from 'vitest';
import { HostQueue, type Place } from './queue.js';

const never = new AbortController().signal;

function leave(place: Place): void {
  if (!place.ok) throw new Error(place.why);
  place.leave();
}

describe('places at a host', () => {
  it('are as many as it has slots; then sources take turns', async () => {
    const queue = new HostQueue();
    const first = await queue.enter('h', 1, 'a', never);
    const order: string[] = [];
    const wait = (source: string, name: string): Promise<void> =>
      Promise.resolve(queue.enter('h', 1, source, never)).then((place) => {
        order.push(name);
        leave(place);
      });
    const all = [wait('a', 'a1'), wait('a', 'a2'), wait('a', 'a3'), wait('b', 'b1'), wait('c', 'c1')];
    expect(queue.load('h')).toBe(6);
    leave(first);
    await Promise.all(all);
    expect(order).toEqual(['a1', 'b1', 'c1', 'a2', 'a3']);
    expect(queue.load('h')).toBe(0);
  });

  it('are waited for by so many only, and for so long', async () => {
    const queue = new HostQueue({ maxWaiting: 1, maxWaitMs: 20 });
    await queue.enter('h', 1, 'a', never);
    const second = queue.enter('h', 1, 'a', never);
    expect(await queue.enter('h', 1, 'a', never)).toEqual({ ok: false, why: 'full' });
    expect(await second).toEqual({ ok: false, why: 'too_long' });
    expect(queue.load('h')).toBe(1);
  });

  it('are not kept for those who left', async () => {
    const queue = new HostQueue();
    const first = await queue.enter('h', 1, 'a', never);
    const gone = new AbortController();
    const second = queue.enter('h', 1, 'a', gone.signal);
    const third = queue.enter('h', 1, 'a', never);
    gone.abort();
    expect(await second).toEqual({ ok: false, why: 'gone' });
    leave(first);
    leave(await third);
    expect(queue.load('h')).toBe(0);
    expect(await queue.enter('h', 1, 'a', gone.signal)).toEqual({ ok: false, why: 'gone' });
  });

  it('tell who waits for them, in the order of the turns', async () => {
    const queue = new HostQueue();
    expect(queue.describe(10)).toEqual([]);
    const first = await queue.enter('h', 1, 'a', never);
    const waiting = ['b', 'a', 'b'].map((source) => queue.enter('h', 1, source, never));
    await queue.enter('other', 3, 'a', never);
    expect(queue.describe(10)).toMatchObject([
      {
        providerId: 'h',
        running: 1,
        slots: 1,
        waiting: [
          { source: 'b', requests: 2 },
          { source: 'a', requests: 1 },
        ],
      },
      { providerId: 'other', running: 1, slots: 3, waiting: [] },
    ]);
    expect(queue.describe(1)).toHaveLength(1);
    leave(first);
    for (const place of waiting) leave(await place);
  });

  it('given back twice count once', async () => {
    const queue = new HostQueue();
    const place = await queue.enter('h', 2, 'a', never);
    await queue.enter('h', 2, 'a', never);
    leave(place);
    leave(place);
    expect(queue.load('h')).toBe(1);
  });

  it('are had at once of a host that has nothing to do, and of no other', async () => {
    const queue = new HostQueue();
    const leaveIdle = queue.enterIdle('h', 1);
    expect(queue.load('h')).toBe(1);
    expect(queue.enterIdle('h', 4)).toBeNull();
    // It counts as any other: whoever comes later waits for it.
    const second = queue.enter('h', 1, 'a', never);
    expect(queue.load('h')).toBe(2);
    leaveIdle?.();
    leaveIdle?.();
    expect(queue.enterIdle('h', 4)).toBeNull();
    leave(await second);
    expect(queue.load('h')).toBe(0);
    expect(queue.enterIdle('h', 0)).not.toBeNull();
    expect(queue.describe(1)).toMatchObject([{ providerId: 'h', running: 1, slots: 1 }]);
  });
});
