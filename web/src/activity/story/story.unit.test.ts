import type { ActivityEntry } from '@boocontrol/contracts';
import { expect, it } from 'vitest';
import { chosenView, type StoryView } from './story';

const view = (id: string): StoryView => ({ id, name: id, View: () => null });
const entry = (over: { kept?: boolean; dispatchId?: string }): ActivityEntry =>
  ({
    row: { dispatchId: over.dispatchId ?? null },
    capture: over.kept ? {} : null,
    captureState: over.kept ? 'stored' : 'none',
  }) as ActivityEntry;
const views = [view('conversation'), view('raw'), view('routing')];

it('a request shows first what there is of it, unless the address names another view', () => {
  const chosen = (named: string | null, over: Parameters<typeof entry>[0]) =>
    chosenView(views, named, entry(over))?.id;
  expect(chosen(null, { kept: true, dispatchId: 'x' })).toBe('conversation');
  expect(chosen(null, { dispatchId: 'x' })).toBe('routing');
  expect(chosen(null, {})).toBe('conversation');
  expect(chosen('raw', { kept: true })).toBe('raw');
});

it('an address that names a view this request has not shows another one', () => {
  expect(chosenView(views, 'replay', entry({ kept: true }))?.id).toBe('conversation');
  expect(chosenView([view('raw')], 'replay', entry({ dispatchId: 'x' }))?.id).toBe('raw');
  expect(chosenView([], null, entry({}))).toBeUndefined();
});
