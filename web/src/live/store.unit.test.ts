import { instantFromMs, emptyFleet } from '@boocontrol/fleet-model';
import { describe, expect, it } from 'vitest';
import { provider } from '../../testing/hosts';
import { requestsOf } from '../../testing/requests';
import type { Inbound } from './state';
import { createLiveStore } from './store';

function manual() {
  const frames: (() => void)[] = [];
  const timers: (() => void)[] = [];
  const store = createLiveStore({
    now: () => 0,
    requestFrame: (run) => frames.push(run),
    later: (run) => timers.push(run),
  });
  return { store, frames, timers };
}
const snapshot: Inbound = {
  event: 'control_fleet',
  frame: { type: 'snapshot', at: instantFromMs(0), fleet: emptyFleet('e'), providers: [provider('a', 'A')] },
};
const request = (n: number): Inbound => ({
  event: 'control_activity',
  frame: {
    epoch: 'e',
    facts: [{ kind: 'request', seq: n, body: { ...requestsOf(['a'], ['m'], 1, 0)[0]!, entryId: n } }],
  },
});

describe('the live store', () => {
  it('applies what has come once in an animation frame', () => {
    const { store, frames } = manual();
    let told = 0;
    store.subscribe(() => (told += 1));
    store.push(snapshot);
    for (let n = 1; n <= 500; n++) store.push(request(n));
    expect([told, frames.length, store.get().fleet]).toEqual([0, 1, null]);
    frames[0]?.();
    expect(told).toBe(1);
    expect(store.get().fleet?.hosts['a']?.seqs.requests).toBe(500);
  });

  it('applies by the timer where there are no frames (a hidden tab), and not twice', () => {
    const { store, frames, timers } = manual();
    const batches: number[] = [];
    let told = 0;
    store.onRequests((requests) => batches.push(requests.length));
    store.subscribe(() => (told += 1));
    store.push(request(1));
    timers[0]?.();
    frames[0]?.();
    expect([batches, told]).toEqual([[1], 1]);
  });

  it('hands on request facts before the snapshot too: the feed needs no fold', () => {
    const { store, frames } = manual();
    const ids: number[] = [];
    store.onRequests((requests) => ids.push(...requests.map(({ entryId }) => entryId)));
    store.push(request(1));
    store.push(request(2));
    frames[0]?.();
    expect(ids).toEqual([1, 2]);
  });

  it('tells that a snapshot came, so that what is not in the fold can be asked for again', () => {
    const { store, frames } = manual();
    let told = 0;
    store.onSnapshot(() => (told += 1));
    store.push(request(1));
    frames[0]?.();
    expect(told).toBe(0);
    store.push(snapshot);
    frames[1]?.();
    expect(told).toBe(1);
  });

  it('lets facts wait from a join until its snapshot', () => {
    const { store, frames } = manual();
    store.push(snapshot);
    frames[0]?.();
    store.joining();
    store.push(request(7));
    frames[1]?.();
    expect(store.get().fleet?.hosts['a']).toBeUndefined();
    store.push(snapshot);
    frames[2]?.();
    expect(store.get().fleet?.hosts['a']?.seqs.requests).toBe(7);
  });
});

describe('the connection', () => {
  it('says what the server said when it closed, until it is there again', () => {
    const { store } = manual();
    store.linked('live');
    store.farewell({ code: 'shutting_down', message: 'away' });
    store.linked('lost');
    const { link } = store.get();
    expect(link.phase).toBe('lost');
    expect(link.bye?.code).toBe('shutting_down');
    store.linked('live');
    expect(store.get().link.bye).toBeNull();
  });
  it('applies what came before the farewell', () => {
    const { store } = manual();
    store.push(snapshot);
    store.farewell({ code: 'shutting_down', message: 'away' });
    expect(store.get().fleet?.epoch).toBe('e');
  });
});
