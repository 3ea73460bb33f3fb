import type { Model, ModelChanged, ModelState } from '@boocontrol/contracts';
import { diffModels } from '@boocontrol/fleet-model';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { foldChanges } from './host-log.js';

const AT = '2026-11-20T16:00:00.000000Z';
const listed = (id: string, state: ModelState): Omit<Model, 'since' | 'failedAt'> => ({
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

it('changes that were stated without their list give the list: nothing is stated a second time', () => {
  const state = fc.constantFrom<ModelState>('stopped', 'starting', 'ready', 'stopping', 'shutdown');
  const list = fc
    .dictionary(fc.constantFrom('a', 'b', 'c'), state)
    .map((states) => Object.entries(states).map(([id, to]) => listed(id, to)));
  fc.assert(
    fc.property(list, list, fc.nat({ max: 6 }), (before, after, stated) => {
      const { models } = diffModels(null, before, AT, 'live');
      const whole = diffModels(models, after, AT, 'live');
      const facts = whole.changes.map((change): ModelChanged => ({ providerId: 'tower', at: AT, ...change }));
      const known = foldChanges(models, facts.slice(0, stated));
      const again = diffModels(known, after, AT, 'live');
      expect(again.changes.map(({ model, to }) => ({ model, to }))).toEqual(
        expect.arrayContaining(facts.slice(stated).map(({ model, to }) => ({ model, to }))),
      );
      expect(again.changes).toHaveLength(Math.max(0, facts.length - stated));
      const states = (all: Model[]): object =>
        Object.fromEntries(all.map((model) => [model.id, [model.state, model.since, model.failedAt]]));
      expect(states(again.models)).toEqual(states(whole.models));
    }),
  );
});
