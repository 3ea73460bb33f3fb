import type { Model, ModelChanged } from '@boocontrol/contracts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { changeModel } from './fold.js';
import { diffModels, timeToUnload, type ListedModel } from './models.js';
import { instantFromMs } from './time.js';

const NOW = 1_760_000_000_000;
const at = instantFromMs(NOW);
const listed = (id: string, state: Model['state'], ttlS: number | null = null): ListedModel => ({
  id,
  name: id,
  description: '',
  state,
  unlisted: false,
  peerId: null,
  aliases: [],
  capabilities: [],
  contextLength: null,
  ttlS,
});
const known = (
  id: string,
  state: Model['state'],
  ttlS: number | null = null,
  since: string | null = null,
): Model => ({
  ...listed(id, state, ttlS),
  since,
  failedAt: null,
});

describe('diffModels', () => {
  test('first sight tells every model, since when is unknown', () => {
    const { models, changes } = diffModels(null, [listed('a', 'ready')], at, 'live');
    expect(models).toEqual([known('a', 'ready')]);
    expect(changes).toEqual([{ model: 'a', from: null, to: 'ready', observed: 'live', failed: false }]);
  });
  test('starting straight to stopped is a failed load; through stopping it is an unload', () => {
    const failure = diffModels([known('a', 'starting')], [listed('a', 'stopped')], at, 'live');
    expect(failure.changes[0]?.failed).toBe(true);
    expect(failure.models[0]?.failedAt).toBe(at);
    expect(
      diffModels([known('a', 'stopping')], [listed('a', 'stopped')], at, 'live').changes[0]?.failed,
    ).toBe(false);
    const unseen = diffModels([known('a', 'starting')], [listed('a', 'stopped')], at, 'after_gap');
    expect(unseen.changes[0]?.failed).toBe(false);
    const cured = diffModels(failure.models, [listed('a', 'ready')], at, 'live');
    expect(cured.models[0]?.failedAt).toBeNull();
  });
  test('the same list again says nothing', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.constantFrom('a', 'b', 'c')),
        fc.constantFrom<Model['state']>('stopped', 'ready'),
        (ids, state) => {
          const list = ids.map((id) => listed(id, state));
          const first = diffModels(null, list, at, 'live');
          expect(diffModels(first.models, list, at, 'live')).toEqual({ models: first.models, changes: [] });
        },
      ),
    );
  });
  test('the changes, folded, lead to the same states: a process that died between them and the list loses nothing', () => {
    const list = fc.uniqueArray(
      fc.record({
        id: fc.constantFrom('a', 'b', 'c', 'd'),
        state: fc.constantFrom<Model['state']>('stopped', 'starting', 'ready'),
      }),
      { selector: (m) => m.id },
    );
    fc.assert(
      fc.property(list, list, (before, after) => {
        const first = diffModels(
          null,
          before.map((m) => listed(m.id, m.state)),
          at,
          'live',
        ).models;
        const { models, changes } = diffModels(
          first,
          after.map((m) => listed(m.id, m.state)),
          at,
          'live',
        );
        const folded = changes.reduce(
          (all, change) => changeModel(all, { ...change, providerId: 'p', at } as ModelChanged),
          first,
        );
        const states = (all: Model[]) => new Map(all.map((m) => [m.id, m.state]));
        expect(states(folded)).toEqual(states(models));
      }),
    );
  });
});

describe('timeToUnload', () => {
  const ready = known('a', 'ready', 300, instantFromMs(NOW - 1_000_000));
  test.each([
    ['idle for 100 s', ready, instantFromMs(NOW - 100_000), 0, { leftS: 200, ttlS: 300 }],
    ['overdue stands at 0', ready, instantFromMs(NOW - 900_000), 0, { leftS: 0, ttlS: 300 }],
    ['does not run while a request does', ready, instantFromMs(NOW - 100_000), 1, { leftS: 300, ttlS: 300 }],
    [
      'loaded again after its last request',
      { ...ready, since: instantFromMs(NOW - 10_000) },
      instantFromMs(NOW - 100_000),
      0,
      { leftS: 290, ttlS: 300 },
    ],
    ['a host clock ahead of ours', ready, instantFromMs(NOW + 5_000), 0, { leftS: 300, ttlS: 300 }],
    ['never unloads', known('a', 'ready', 0), at, 0, null],
    ['not loaded', known('a', 'stopped', 300), at, 0, null],
    ['nothing known of its idle time', known('a', 'ready', 300), undefined, 0, null],
  ])('%s', (_name, model, lastEnd, inflight, expected) => {
    expect(timeToUnload(model, lastEnd, inflight, NOW)).toEqual(expected);
  });
});
