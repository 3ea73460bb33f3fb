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

describe('a maintenance that ends by itself', () => {
  it('is over when its time has come, though nobody tells', () => {
    let nowMs = 0;
    const timers: { run: () => void; ms: number }[] = [];
    const frames: (() => void)[] = [];
    const store = createLiveStore({
      now: () => nowMs,
      requestFrame: (run) => frames.push(run),
      later: (run, ms) => timers.push({ run, ms }),
    });
    const at = (ms: number) => ({ since: instantFromMs(0), note: null, until: instantFromMs(ms) });
    const providers = [
      provider('a', 'A', { maintenance: at(90_000) }),
      provider('b', 'B', { maintenance: at(30 * 86_400_000) }),
      provider('c', 'C', { maintenance: { since: instantFromMs(0), note: null } }),
    ];
    const frame = { type: 'snapshot' as const, at: instantFromMs(5_000), fleet: emptyFleet('e'), providers };
    store.push({ event: 'control_fleet', frame });
    frames[0]?.();
    const inMaintenance = (): string[] =>
      store
        .get()
        .providers.filter(({ maintenance }) => maintenance)
        .map(({ id }) => id);
    expect(inMaintenance()).toEqual(['a', 'b', 'c']);
    // By the server's clock, which is 5 s ahead.
    expect(timers.at(-1)?.ms).toBe(85_000);
    nowMs = 85_000;
    timers.at(-1)?.run();
    expect(inMaintenance()).toEqual(['b', 'c']);
    // Longer than a timer can wait: it looks again.
    expect(timers.at(-1)?.ms).toBe(3_600_000);
    nowMs = 31 * 86_400_000;
    timers.at(-1)?.run();
    expect(inMaintenance()).toEqual(['c']);
  });
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
