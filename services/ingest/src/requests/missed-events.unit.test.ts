import { expect, it } from 'vitest';
import { MissedEvents, MissedEventsError } from './missed-events.js';

const none = (): boolean => false;
const all = (): boolean => true;
const FIVE_MINUTES_MS = 5 * 60_000;

it('an event that follows its row in time is no reason', () => {
  const missed = new MissedEvents(2_000);
  expect(missed.dueInMs(0)).toBe(Infinity);
  missed.expect([7], 0);
  expect(missed.dueInMs(500)).toBe(1_500);
  missed.check(none, 1_999);
  missed.check(all, 2_000);
  expect(missed.dueInMs(2_000)).toBe(Infinity);
});

it('each batch of rows has its own time', () => {
  const missed = new MissedEvents(2_000);
  missed.expect([7], 0);
  missed.expect([8], 1_500);
  missed.check((id) => id === 7, 2_000);
  expect(missed.dueInMs(2_000)).toBe(1_500);
  expect(() => missed.check((id) => id === 7, 3_500)).toThrow(MissedEventsError);
});

it('a stream that goes on missing events is opened again every five minutes and not more often', () => {
  const missed = new MissedEvents(2_000);
  missed.expect([7], 0);
  expect(() => missed.check(none, 2_000)).toThrow(MissedEventsError);
  missed.connect();
  missed.expect([8], 3_000);
  expect(missed.dueInMs(3_000)).toBe(Infinity);
  missed.expect([9], 2_000 + FIVE_MINUTES_MS);
  expect(() => missed.check(none, 4_000 + FIVE_MINUTES_MS)).toThrow(MissedEventsError);
});

it('what was expected of one connection is not asked of the next', () => {
  const missed = new MissedEvents(2_000);
  missed.expect([7], 0);
  missed.connect();
  missed.check(none, 2_000);
});
