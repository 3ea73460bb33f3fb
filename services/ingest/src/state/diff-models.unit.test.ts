import type { Model, ModelChanged } from '@boocontrol/contracts';
import { changeModel, instantFromMs } from '@boocontrol/fleet-model';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { diffModels, type ListedModel } from './diff-models.js';

const at = instantFromMs(1_760_000_000_000);
const listed = (id: string, state: Model['state']): ListedModel => ({
  id,
  name: id,
  description: '',
  state,
  unlisted: false,
  peerId: null,
  aliases: [],
  capabilities: [],
  contextLength: null,
  ttlS: null,
});
const known = (id: string, state: Model['state']): Model => ({
  ...listed(id, state),
  since: null,
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
  test('a process that died after stating only some of the changes: the rest is stated, nothing twice', () => {
    const list = fc
      .dictionary(
        fc.constantFrom('a', 'b', 'c'),
        fc.constantFrom<Model['state']>('stopped', 'starting', 'ready', 'stopping', 'shutdown'),
      )
      .map((states) => Object.entries(states).map(([id, state]) => listed(id, state)));
    fc.assert(
      fc.property(list, list, fc.nat(6), (before, after, stated) => {
        const { models } = diffModels(null, before, at, 'live');
        const whole = diffModels(models, after, at, 'live');
        const facts = whole.changes.map((change): ModelChanged => ({ providerId: 'tower', at, ...change }));
        const again = diffModels(facts.slice(0, stated).reduce(changeModel, models), after, at, 'live');
        const byModel = (a: { model: string }, b: { model: string }): number =>
          a.model.localeCompare(b.model);
        expect([...again.changes].sort(byModel)).toEqual([...whole.changes.slice(stated)].sort(byModel));
        const states = (all: Model[]): object =>
          Object.fromEntries(all.map((model) => [model.id, [model.state, model.since, model.failedAt]]));
        expect(states(again.models)).toEqual(states(whole.models));
      }),
    );
  });
});
