import type { Action } from '@boocontrol/contracts';
import { describe, expect, it } from 'vitest';
import { action } from '../../testing/actions';
import { takeActions, type Actions } from '../live/actions';
import { createOwnActions } from './own';

function made(remembered: string | null = null) {
  let memory = remembered;
  let actions: Actions | null = null;
  const told: string[] = [];
  const own = createOwnActions({
    memory: { read: () => memory, write: (text) => (memory = text) },
    actions: () => actions,
    tell: ({ id, state }) => told.push(`${id} ${state}`),
  });
  const come = (...changed: Action[]): void => {
    actions = takeActions(actions, { type: 'changed', actions: changed, trouble: null });
    own.look();
  };
  return { own, come, told, memory: () => memory };
}

const queued = action({ id: 'a' });
const ended = action({ id: 'a', version: 3, state: 'succeeded' });

describe('what was asked for here', () => {
  it('is told once, when it has ended, whichever comes first: the answer or the fact', () => {
    const first = made();
    first.own.expect(queued);
    first.come(queued);
    expect(first.told).toEqual([]);
    first.come(ended);
    first.come(ended, action({ id: 'b', state: 'failed' }));
    expect(first.told).toEqual(['a succeeded']);
    const second = made();
    second.come(ended);
    second.own.expect(queued);
    expect(second.told).toEqual(['a succeeded']);
  });
  it('and when the answer says already that it has ended', () => {
    const { own, come, told } = made();
    own.expect(ended);
    come(ended);
    own.expect(ended);
    expect(told).toEqual(['a succeeded']);
  });
  it('also after a reload', () => {
    const before = made();
    before.own.expect(queued);
    const after = made(before.memory());
    after.come(ended);
    expect(after.told).toEqual(['a succeeded']);
    expect(after.memory()).toBe('[]');
  });
  it.each(['', 'no json', '{"a":1}', '[1,null]'])('nonsense in the memory is nothing: %s', (text) => {
    const { come, told } = made(text);
    come(ended);
    expect(told).toEqual([]);
  });
});
