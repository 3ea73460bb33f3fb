import { expect, it } from 'vitest';
import { isFavorite, isHidden, isHiddenItself } from './marks';
import { initialState, receive } from './state';

const at = '2026-11-21T12:00:00.000000Z';
const marks = {
  favorites: [{ providerId: 'tower', model: 'a', createdAt: at }],
  hidden: [
    { providerId: 'nas', model: null, hiddenAt: at },
    { providerId: 'tower', model: 'b', hiddenAt: at },
  ],
};

it('a host hides its models, a model hides itself alone', () => {
  expect([isHidden(marks, 'nas'), isHidden(marks, 'nas', 'a')]).toEqual([true, true]);
  expect([isHidden(marks, 'tower'), isHidden(marks, 'tower', 'a'), isHidden(marks, 'tower', 'b')]).toEqual([
    false,
    false,
    true,
  ]);
  expect([isFavorite(marks, 'tower', 'a'), isFavorite(marks, 'nas', 'a')]).toEqual([true, false]);
});

it('a model of a hidden host has no mark of its own', () => {
  expect([isHiddenItself(marks, 'nas', 'a'), isHiddenItself(marks, 'nas', null)]).toEqual([false, true]);
  expect([isHiddenItself(marks, 'tower', 'b'), isHiddenItself(marks, 'tower', null)]).toEqual([true, false]);
});

it('nothing is marked before the server has told', () => {
  expect([isHidden(null, 'nas'), isFavorite(null, 'tower', 'a')]).toEqual([false, false]);
});

it('the newest list stands, also over a snapshot', () => {
  const frame = { ...marks, hidden: [] };
  const told = receive(
    initialState,
    [
      { event: 'control_marks', frame: marks },
      { event: 'control_marks', frame },
      {
        event: 'control_fleet',
        frame: { type: 'snapshot', at, fleet: { epoch: 'e', hosts: {} }, providers: [] },
      },
    ],
    0,
  );
  expect(told.marks).toEqual(frame);
});
