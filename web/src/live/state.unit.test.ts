import type { ControlFleet, Fact, PublicProvider } from '@boocontrol/contracts';
import { applyToFleet, emptyFleet, instantFromMs } from '@boocontrol/fleet-model';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gpu, liveness, perf, provider } from '../../testing/hosts';
import { logOf as madeLog } from '../../testing/log';
import { expectSnapshot, initialState, receive, type Inbound, type LiveState } from './state';

const NOW = Date.UTC(2026, 10, 20, 12);
const PROVIDERS: PublicProvider[] = [provider('a', 'A'), provider('b', 'B')];

const logOf = (length: number): Fact[] => madeLog(length, NOW);
const foldOf = (epoch: string, facts: readonly Fact[]) => facts.reduce(applyToFleet, emptyFleet(epoch));

const snapshot = (epoch: string, facts: readonly Fact[]): Inbound => ({
  event: 'control_fleet',
  frame: {
    type: 'snapshot',
    at: instantFromMs(NOW),
    fleet: foldOf(epoch, facts),
    providers: PROVIDERS,
  } satisfies ControlFleet,
});

const frameOf = (epoch: string, facts: Fact[]): Inbound => {
  const kind = facts[0]?.kind;
  if (kind === 'perf') return { event: 'control_perf', frame: { epoch, facts } };
  if (kind === 'request') return { event: 'control_activity', frame: { epoch, facts } };
  return { event: 'control_fleet', frame: { type: 'facts', epoch, facts } };
};

const take = (state: LiveState, ...inbound: Inbound[]): LiveState => receive(state, inbound, NOW);

describe('the law of the snapshot', () => {
  it('gives the whole fold, wherever the snapshot falls among the facts and whatever comes twice', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 60 }),
        fc.nat(),
        fc.nat(),
        fc.array(fc.nat(), { maxLength: 8 }),
        fc.nat({ max: 4 }),
        (length, cutAt, arrivesAt, repeats, chunk) => {
          const facts = logOf(length);
          const contained = cutAt % (length + 1);
          // The server follows us from the join on; the snapshot is made after that, and arrives later still.
          const joined = Math.min(contained, cutAt % 7);
          const sent = facts.slice(joined);
          const frames: Inbound[] = sent.map((fact) => frameOf('e', [fact]));
          for (const at of repeats) {
            const index = at % (frames.length + 1);
            const again = frames[Math.max(0, index - 1 - chunk)];
            if (again) frames.splice(index, 0, again);
          }
          frames.splice(arrivesAt % (frames.length + 1), 0, snapshot('e', facts.slice(0, contained)));
          const end = take(expectSnapshot(initialState), ...frames);
          expect(end.fleet).toEqual(foldOf('e', facts));
        },
      ),
    );
  });

  it('loses nothing that passed while the page followed fewer rooms', () => {
    const facts = logOf(40);
    const seen = take(initialState, snapshot('e', facts.slice(0, 10)));
    const rejoined = take(
      expectSnapshot(seen),
      frameOf('e', facts.slice(34, 35)),
      snapshot('e', facts.slice(0, 36)),
      ...facts.slice(36).map((fact) => frameOf('e', [fact])),
    );
    expect(rejoined.fleet).toEqual(foldOf('e', facts));
  });

  it('takes the snapshot of a new epoch whole, although its sequences are lower', () => {
    const old = take(initialState, snapshot('old', logOf(40)));
    const fresh = logOf(3);
    const early = take(old, frameOf('new', [fresh[2]!]));
    expect(early.fleet?.epoch).toBe('old');
    const end = take(early, snapshot('new', fresh.slice(0, 2)));
    expect(end.fleet).toEqual(foldOf('new', fresh));
  });

  it('does not give facts that waited in the old epoch to the new one', () => {
    const stale = logOf(40).slice(35);
    const waiting = take(expectSnapshot(initialState), ...stale.map((fact) => frameOf('old', [fact])));
    const fresh = logOf(3);
    expect(take(waiting, snapshot('new', fresh)).fleet).toEqual(foldOf('new', fresh));
  });

  it('drops facts of an epoch that is over', () => {
    const fresh = take(initialState, snapshot('new', logOf(3)));
    expect(take(fresh, frameOf('old', [logOf(40)[35]!])).fleet).toEqual(fresh.fleet);
  });
});

describe('what else comes with frames', () => {
  it('tells the server’s clock from ours', () => {
    const state = receive(initialState, [snapshot('e', [])], NOW - 90_000);
    expect(state.clockOffsetMs).toBe(90_000);
  });

  it('keeps hosts whose facts have not changed as they are, so that their cards need not render', () => {
    const before = take(initialState, snapshot('e', logOf(10)));
    const after = take(before, frameOf('e', [{ kind: 'liveness', seq: 11, body: liveness('a', NOW) }]));
    expect(after.fleet?.hosts['b']).toBe(before.fleet?.hosts['b']);
    expect(after.fleet?.hosts['a']).not.toBe(before.fleet?.hosts['a']);
  });

  it('takes a new list of providers', () => {
    const state = take(initialState, snapshot('e', []), {
      event: 'control_fleet',
      frame: { type: 'providers', providers: [] },
    });
    expect(state.providers).toEqual([]);
  });

  it('measures the network from two samples and keeps the half that a sample lacks', () => {
    const first: Fact = { kind: 'perf', seq: 1, body: perf('a', NOW, [gpu(0, 'GPU', 1000, 0.5)], 0.5) };
    const second: Fact = { kind: 'perf', seq: 2, body: perf('a', NOW + 5000, null, 0.5) };
    const meter = take(initialState, snapshot('e', [first]), frameOf('e', [second])).meters['a'];
    expect(meter?.gpus?.[0]?.name).toBe('GPU');
    expect(meter?.net).toEqual({ rxBps: 18_000, txBps: 210_000 });
  });
});
