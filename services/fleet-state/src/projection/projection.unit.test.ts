import { subjects } from '@boocontrol/contracts';
import { describe, expect, test } from 'vitest';
import { gap, liveness, modelChanged, noon, request } from '../testing/facts.js';
import { historyFactSchema } from './history-fact.js';
import { gapRow, livenessRow, modelChangedRow } from './model-event-rows.js';

describe('which facts become rows', () => {
  test('kinds that leave no row are read and passed over; other subjects are no facts', () => {
    expect(historyFactSchema(subjects.fact('tower', 'inflight'))?.parse({ any: 'thing' })).toEqual({
      kind: 'present',
    });
    expect(historyFactSchema(subjects.fact('tower', 'models'))?.parse({})).toEqual({ kind: 'present' });
    expect(historyFactSchema(`${subjects.fact('tower', 'request')}.more`)).toBeNull();
  });

  test('a body is its kind’s and names the host of its subject', () => {
    const schema = historyFactSchema(subjects.fact('tower', 'request'));
    expect(schema?.parse(request())).toEqual({ kind: 'request', body: request() });
    expect(schema?.safeParse(request({ providerId: 'nas' })).success).toBe(false);
    expect(schema?.safeParse(modelChanged()).success).toBe(false);
  });
});

describe('model events', () => {
  test('a change of a model', () => {
    expect(modelChangedRow(modelChanged({ failed: true, to: 'stopped' }), 5)).toMatchObject({
      model: 'qwen3-8b',
      state: 'stopped',
      ts: noon(),
      detail: { from: 'starting', observed: 'live', failed: true },
      seq: 5,
    });
  });

  test('gaps that begin together differ in their instant', () => {
    const shifts = (['ring_overflow', 'host_restarted', 'perf_ring_overflow', 'capture_lost'] as const).map(
      (reason) => gapRow(gap({ reason }), 1).shiftUs,
    );
    expect(shifts).toEqual([0, 1, 2, 3]);
    expect(gapRow(gap(), 1)).toMatchObject({ model: '*', state: 'gap_suspected', ts: noon() });
  });

  test.each([
    ['connecting', null],
    ['connected', 'host_connected'],
    ['reconnecting', 'host_reconnecting'],
    ['down', 'host_down'],
    ['disabled', 'host_disabled'],
  ] as const)('liveness %s', (state, expected) => {
    expect(livenessRow(liveness({ state }), 1)?.state ?? null).toBe(expected);
  });
});
