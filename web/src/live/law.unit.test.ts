import { FACT_ROOM, type Fact, type FactRoom } from '@boocontrol/contracts';
import { applyToFleet, emptyFleet, instantFromMs } from '@boocontrol/fleet-model';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { provider } from '../../testing/hosts';
import { logOf } from '../../testing/log';
import type { Inbound } from './state';
import { createLiveStore } from './store';

const NOW = Date.UTC(2026, 10, 20, 12);
const EPOCH = 'e';
const LOG = logOf(70, NOW);

const ROOMS = ['fleet', 'perf', 'activity'] as const;

const foldOf = (facts: readonly Fact[]) => facts.reduce(applyToFleet, emptyFleet(EPOCH));

function frameOf(room: FactRoom, facts: Fact[]): Inbound {
  if (room === 'perf') return { event: 'control_perf', frame: { epoch: EPOCH, facts } };
  if (room === 'activity') return { event: 'control_activity', frame: { epoch: EPOCH, facts } };
  return { event: 'control_fleet', frame: { type: 'facts', epoch: EPOCH, facts } };
}
const snapshotOf = (facts: readonly Fact[]): Inbound => ({
  event: 'control_fleet',
  frame: {
    type: 'snapshot',
    at: instantFromMs(NOW),
    fleet: foldOf(facts),
    providers: [provider('a', 'A'), provider('b', 'B')],
  },
});

/** The facts of each room in their order, in frames of any size, the rooms in any order among each other. */
function framesOf(facts: readonly Fact[], choices: readonly { room: number; size: number }[]): Inbound[] {
  const left = ROOMS.map((room) => ({ room, facts: facts.filter(({ kind }) => FACT_ROOM[kind] === room) }));
  const frames: Inbound[] = [];
  const take = (from: (typeof left)[number], size: number): void => {
    const taken = from.facts.splice(0, size);
    if (taken.length > 0) frames.push(frameOf(from.room, taken));
  };
  for (const { room, size } of choices) take(left[room]!, size);
  for (const rest of left) take(rest, rest.facts.length);
  return frames;
}

/** A store whose animation frames come when the test says so. */
function manualStore() {
  const due: (() => void)[] = [];
  const store = createLiveStore({
    now: () => NOW,
    requestFrame: (run) => due.push(run),
    later: () => undefined,
  });
  return { store, paint: () => due.splice(0).forEach((run) => run()) };
}

const choices = fc.array(fc.record({ room: fc.nat({ max: 2 }), size: fc.integer({ min: 1, max: 9 }) }), {
  maxLength: 40,
});
const places = fc.array(fc.nat({ max: 99 }), { maxLength: 6 });

describe('the law of the live store: snapshot(n), then the facts n+1 to m, is snapshot(m)', () => {
  const scenario = fc.record({
    contained: fc.nat({ max: LOG.length }),
    joinedBefore: fc.nat({ max: LOG.length }),
    choices,
    repeats: places,
    snapshotAt: fc.nat({ max: 99 }),
    paints: fc.array(fc.boolean(), { minLength: 120, maxLength: 120 }),
  });

  it('in frames of any size, rooms in any order, frames that come twice, the snapshot at any place', () => {
    fc.assert(
      fc.property(scenario, ({ contained, joinedBefore, repeats, snapshotAt, paints, ...made }) => {
        // The server follows a page from its join on, and makes the snapshot after that.
        const frames = framesOf(LOG.slice(Math.min(contained, joinedBefore)), made.choices);
        for (const at of repeats) {
          const again = frames[at % Math.max(1, frames.length)];
          if (again) frames.splice(Math.min(frames.length, at + 1), 0, again);
        }
        frames.splice(snapshotAt % (frames.length + 1), 0, snapshotOf(LOG.slice(0, contained)));
        const { store, paint } = manualStore();
        store.joining();
        frames.forEach((frame, i) => {
          store.push(frame);
          if (paints[i]) paint();
        });
        paint();
        expect(store.get().fleet).toEqual(foldOf(LOG));
      }),
      { numRuns: 300 },
    );
  });

  it('also when the connection was cut, and the page joined again, any number of times', () => {
    const cut = fc.record({ heard: fc.nat({ max: LOG.length }), choices });
    fc.assert(
      fc.property(fc.array(cut, { minLength: 1, maxLength: 5 }), (cuts) => {
        const { store, paint } = manualStore();
        let begun = 0;
        for (const { heard, choices: sizes } of cuts.toSorted((a, b) => a.heard - b.heard)) {
          // What is cut off is the end of what the server sent: each room lacks the facts after some point.
          store.joining();
          store.push(snapshotOf(LOG.slice(0, begun)));
          for (const frame of framesOf(LOG.slice(begun, heard), sizes).slice(0, 8)) store.push(frame);
          paint();
          store.linked('lost');
          begun = heard;
        }
        store.joining();
        store.push(snapshotOf(LOG.slice(0, begun)));
        for (const frame of framesOf(LOG.slice(begun), [])) store.push(frame);
        paint();
        expect(store.get().fleet).toEqual(foldOf(LOG));
      }),
    );
  });

  it('and each request fact is handed on as often as it came', () => {
    fc.assert(
      fc.property(choices, (sizes) => {
        const { store, paint } = manualStore();
        const seen: number[] = [];
        store.onRequests((requests) => seen.push(...requests.map(({ entryId }) => entryId)));
        for (const frame of framesOf(LOG, sizes)) store.push(frame);
        paint();
        const sent = LOG.flatMap((fact) => (fact.kind === 'request' ? [fact.body.entryId] : []));
        expect(seen).toEqual(sent);
      }),
    );
  });
});
