import type { Action, ActionFact } from '@boocontrol/contracts';
import type { LedgerCommand } from '@boocontrol/sim';
import { expect, test } from 'vitest';
import { flaws, type Evidence } from './actions-verdict.js';

const at = (ms: number): string => new Date(1_800_000_000_000 + ms).toISOString().replace('Z', '000Z');

function action(n: number, over: Partial<Action> = {}): Action {
  return {
    id: `id-${n}`,
    version: 3,
    providerId: 'tower',
    kind: 'warm',
    model: `m${n}`,
    profile: null,
    inflightId: null,
    state: 'succeeded',
    source: 'proof',
    confirmed: false,
    turn: n,
    createdAt: at(0),
    startedAt: at(n * 10),
    endedAt: at(n * 10 + 5),
    progress: null,
    reason: null,
    ...over,
  };
}
const lifeOf = (of: Action): ActionFact[] =>
  (['queued', 'started', of.state] as const).map((event, index) => ({
    event,
    at: at(index),
    action: { ...of, version: index + 1, state: event },
  }));
const told = (n: number, target: string | null, kind: LedgerCommand['kind'] = 'load'): LedgerCommand => ({
  n,
  boot: 1,
  kind,
  target,
  source: 'boocontrol',
  receivedAt: at(n),
  endedAt: null,
  done: true,
  status: 200,
});
const two = [action(1), action(2)];
const good: Evidence = {
  accepted: ['id-1', 'id-2'],
  actions: two,
  facts: [...two, two[0] ?? action(1)].flatMap(lifeOf),
  ledgers: new Map([['tower', [told(1, 'm1'), told(2, 'm2')]]]),
};
const ledger = (...commands: LedgerCommand[]): Pick<Evidence, 'ledgers'> => ({
  ledgers: new Map([['tower', commands]]),
});
const stuck = action(2, { state: 'started', endedAt: null });

test('nothing is said of what is as it must be, facts that came twice among it', () => {
  expect(flaws(good)).toEqual([]);
});

test.each<[string, Partial<Evidence>, RegExp]>([
  ['lost', { accepted: ['id-3'] }, /id-3 was accepted and is not there/],
  ['not ended', { actions: [two[0] ?? stuck, stuck] }, /m2 .* is still started/],
  [
    'ended twice',
    {
      facts: [
        ...good.facts,
        { event: 'failed', at: at(9), action: action(1, { version: 4, state: 'failed' }) },
      ],
    },
    /m1 .* ended 2 times/,
  ],
  [
    'a fact is missing',
    { facts: good.facts.filter(({ event }) => event !== 'started') },
    /told versions 1 3/,
  ],
  ['done twice', ledger(told(1, 'm1'), told(2, 'm1'), told(3, 'm2')), /command 2, load m1/],
  ['out of order', ledger(told(1, 'm2'), told(2, 'm1')), /command 2, load m1/],
  [
    'done by nobody',
    ledger(told(1, 'm1'), told(2, 'm2'), told(3, null, 'unload-all')),
    /command 3, unload-all/,
  ],
  ['never done', ledger(told(1, 'm1')), /id-2 succeeded unasked/],
  [
    'two at a time',
    { actions: [action(1, { endedAt: at(99) }), action(2)] },
    /id-2 began at .* before id-1 had ended/,
  ],
])('%s', (_what, over, expected) => {
  expect(flaws({ ...good, ...over }).join('\n')).toMatch(expected);
});

test('a profile that the host did not come to read may be that of any switch whose turn it was, and makes none succeed', () => {
  const failed = action(1, { kind: 'profile', model: null, profile: 'night', state: 'failed' });
  const unread = { ...told(1, null, 'profile'), done: false, status: 500 };
  const seen = { ...good, actions: [failed], accepted: ['id-1'], facts: lifeOf(failed) };
  expect(flaws({ ...seen, ...ledger(unread) })).toEqual([]);
  expect(flaws({ ...seen, ...ledger(unread, { ...unread, n: 2 }) })).toHaveLength(1);
  expect(flaws({ ...seen, ...ledger({ ...unread, done: true }) })).toHaveLength(1);
  const succeeded: Action = { ...failed, state: 'succeeded' };
  expect(flaws({ ...seen, actions: [succeeded], facts: lifeOf(succeeded), ...ledger(unread) })).toHaveLength(
    1,
  );
});
