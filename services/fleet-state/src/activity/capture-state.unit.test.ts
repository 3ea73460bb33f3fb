import { expect, test } from 'vitest';
import { captureState, type CaptureFacts } from './capture-state.js';

const facts: CaptureFacts = { isStored: false, hasCapture: true, pruned: false, lost: false, statedAtMs: 0 };

test.each([
  ['stored', { isStored: true, hasCapture: false, pruned: true }, 0, 'stored'],
  ['the host kept none', { hasCapture: false }, 0, 'none'],
  ['on its way', {}, 600_000, 'pending'],
  ['too late to come', {}, 600_001, 'gone'],
  ['pruned', { pruned: true }, 0, 'gone'],
  ['lost at the host', { lost: true }, 0, 'gone'],
])('%s', (_what, over, nowMs, expected) => {
  expect(captureState({ ...facts, ...over }, nowMs)).toBe(expected);
});
