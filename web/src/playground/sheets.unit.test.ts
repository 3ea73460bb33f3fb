import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NO_FIGURES } from './figures';
import { readPresets, withPreset, writePresets } from './presets';
import { readSheet, written } from './read-sheet';
import { newSheet } from './run';
import { NO_SETTINGS } from './settings';
import { headOf, surplus, type Head } from './sheets';
import { answerTurn, newPane, userTurn } from './turns';
import type { Sheet } from './types';

const account = {
  outcome: 'incomplete' as const,
  finish: null,
  trouble: { title: 't', message: 'm', advice: 'a' },
  answerer: { dispatchId: 'd', providerId: 'p', model: 'm', policy: null, reason: null, attempts: 2 },
  figures: { ...NO_FIGURES, ttftMs: 12.5, isByChunks: true },
};
const picture = { name: 'p.png', url: 'data:image/png;base64,AA==' };
const turns = [
  userTurn('  What\n is   it? ', [picture]),
  answerTurn({ text: 'a', reasoning: 'r', calls: [{ id: 'c', name: 'f', arguments: '{}' }] }, account),
];
const sheet: Sheet = {
  ...newSheet({ ...NO_SETTINGS, seed: '1', stream: false }),
  panes: [newPane('m', turns)],
};
const again = (value: unknown): unknown => JSON.parse(JSON.stringify(value)) as unknown;

describe('what this browser keeps', () => {
  it('comes back as it was', () => {
    expect(readSheet(again(written(sheet)))).toEqual(sheet);
  });

  it('is survived when it is garbled, and passed over when a newer version wrote it', () => {
    fc.assert(fc.property(fc.anything(), (value) => void readSheet(value)));
    fc.assert(
      fc.property(fc.anything(), (value) => {
        const read = readSheet({
          v: 1,
          sheet: { id: 'x', panes: [{ turns: [value, { role: 'user', text: value }] }], settings: value },
        });
        expect(read?.panes.length).toBe(1);
      }),
    );
    expect(readSheet({ ...written(sheet), v: 2 })).toBe(null);
    expect(readSheet({ v: 1, sheet: { id: 'x', panes: 7 } })?.panes).toHaveLength(1);
  });

  it('never makes the page fetch anything: pictures are in the text itself', () => {
    const garbled = written({
      ...sheet,
      panes: [newPane('m', [userTurn('x', [{ name: 'x', url: 'https://evil.example/x.png' }])])],
    });
    expect(readSheet(again(garbled))?.panes[0]?.turns[0]?.pictures).toEqual([]);
  });

  it('is listed by its first words, and the oldest go when there are too many or too large ones', () => {
    expect(headOf(sheet)).toMatchObject({ title: 'What is it?', panes: 1 });
    const head = (n: number, bytes = 1): Head => ({ id: `${n}`, title: '', atMs: n, panes: 1, bytes });
    const many = Array.from({ length: 203 }, (_, n) => head(n));
    expect(surplus(many, '0')).toEqual(['3', '2', '1']);
    expect(surplus([head(1, 4e7), head(2, 4e7), head(3, 4e7)], '1')).toEqual(['2']);
    expect(surplus([head(1, 9e9)], '1')).toEqual([]);
  });
});

describe('presets', () => {
  it('are kept by name, and survive garbled ones', () => {
    const one = withPreset([], ' Strict ', { ...NO_SETTINGS, temperature: '0' });
    const two = withPreset(withPreset(one, 'Another', NO_SETTINGS), 'Strict', { ...NO_SETTINGS, topK: '1' });
    expect(two.map(({ name }) => name)).toEqual(['Another', 'Strict']);
    expect(readPresets(writePresets(two))).toEqual(two);
    expect([readPresets('{"'), readPresets('[1,{"name":7},null]'), readPresets(null)]).toEqual([[], [], []]);
    expect(writePresets([])).toBe(null);
  });
});
