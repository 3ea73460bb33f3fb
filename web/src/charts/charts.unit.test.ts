import type { PerfSeries } from '@boocontrol/contracts';
import { instantFromMs } from '@boocontrol/fleet-model';
import { describe, expect, it } from 'vitest';
import { perfSeries } from '../../testing/history';
import { clock } from '../format/time';
import { chartOption } from './option';
import { timeMarks } from './time-marks';
import { gapBands, hostCharts, leftOut, niceTop, swapTicks } from './prepare';

const NOW = Date.UTC(2026, 10, 20, 12);
const range = { fromMs: NOW - 900_000, toMs: NOW };
const series = perfSeries(
  new URLSearchParams({ providerId: 'tower', from: new Date(range.fromMs).toISOString() }),
  NOW,
);

describe('charts of a host', () => {
  it('have a hole where samples are missing', () => {
    const vram = hostCharts(series).find(({ title }) => title === 'VRAM');
    expect(vram?.max).toBe(32);
    expect(vram?.series[0]?.points.filter(([, value]) => value === null)).toHaveLength(1);
  });
  it('leave out what was never measured', () => {
    const bare: PerfSeries = {
      ...series,
      gpus: [],
      points: series.points.map((point) => ({ ...point, gpus: [] })),
    };
    expect(hostCharts(bare).map(({ title }) => title)).toEqual(['CPU', 'Memory', 'Network']);
    expect(hostCharts({ ...series, gpus: [], points: [] })).toEqual([]);
  });
  it('number GPUs of one name', () => {
    const two = hostCharts({
      ...series,
      gpus: [...series.gpus, { id: 1, name: 'NVIDIA GeForce RTX 5090', memTotalMb: 1 }],
    });
    expect(two[0]?.series.map(({ name }) => name)).toEqual(['RTX 5090 #0', 'RTX 5090 #1']);
  });
});

describe('the top of an axis', () => {
  it.each([
    [0, 1],
    [0.013, 0.016],
    [33, 40],
    [62, 80],
    [87, 100],
    [412, 500],
  ])('%s has %s', (value, top) => expect(niceTop(value)).toBeCloseTo(top));
});

describe('moments on the time axis', () => {
  const hours = (n: number) => n * 3_600_000;
  it.each([hours(0.25), hours(1), hours(24), hours(168)])('are at most five and inside, over %i ms', (ms) => {
    for (let shift = 0; shift < 40; shift++) {
      const from = NOW + shift * 37_000;
      const marks = timeMarks({ fromMs: from, toMs: from + ms }, hours(5.5));
      expect(marks.length).toBeGreaterThanOrEqual(2);
      expect(marks.length).toBeLessThanOrEqual(5);
      expect(marks.every((mark) => mark >= from && mark <= from + ms)).toBe(true);
    }
  });
  it('are round on the wall: local midnights for a week', () => {
    const [first = 0] = timeMarks({ fromMs: NOW, toMs: NOW + hours(168) }, hours(1));
    expect(new Date(first + hours(1)).toISOString()).toMatch(/T00:00:00/);
  });
});

describe('marks', () => {
  const event = (model: string, state: string, ms: number) => ({
    providerId: 'tower',
    model,
    state,
    ts: instantFromMs(ms),
    detail: {},
  });
  const gap = (fromMs: number, toMs: number | null, kind: 'unreachable' | 'lost' = 'unreachable') => ({
    providerId: 'tower',
    kind,
    fromTs: instantFromMs(fromMs),
    toTs: toMs === null ? null : instantFromMs(toMs),
    reason: '',
  });
  it('keep gaps within the range, an open one to its end', () => {
    const bands = gapBands([gap(0, NOW - 600_000), gap(NOW - 60_000, null), gap(0, 5)], range);
    expect(bands.map(({ fromMs, toMs }) => [fromMs, toMs])).toEqual([
      [range.fromMs, NOW - 600_000],
      [NOW - 60_000, NOW],
    ]);
    expect(bands[1]?.text).toMatch(/^no data: host unreachable .* to now$/);
  });
  it('say that older ones are left out, unless those lie before the range', () => {
    const at = NOW - 60_000;
    expect(leftOut('Gaps', instantFromMs(at), range)).toBe(
      `Gaps before ${clock(at, NOW)} are not marked: there are too many`,
    );
    expect(leftOut('Gaps', instantFromMs(range.fromMs - 1), range)).toBeNull();
    expect(leftOut('Gaps', undefined, range)).toBeNull();
  });
  it('have swaps where a model became ready', () => {
    const events = [
      event('b', 'ready', NOW - 1),
      event('a', 'ready', NOW - 5000),
      event('a', 'starting', NOW - 9000),
      event('*', 'ready', NOW),
      event('old', 'ready', 0),
    ];
    expect(swapTicks(events, range).map(({ text }) => text)).toEqual(['a', 'b']);
  });
  it('are named where there is room, never one over the other', () => {
    const at = (share: number) => event('m', 'ready', range.fromMs + share * 900_000);
    const sides = (...shares: number[]) => swapTicks(shares.map(at), range).map(({ side }) => side);
    expect(sides(0.05, 0.95)).toEqual(['right', 'left']);
    expect(sides(0.1)).toEqual(['right']);
    expect(sides(0.9, 0.92, 0.95)).toEqual(['left', null, null]);
  });
  it('are drawn once, on the first line', () => {
    const palette = {
      series: ['#1'],
      fg: '',
      fg2: '',
      fg3: '',
      line: '',
      lineStrong: '',
      surface: '',
      hatch: '',
    };
    const view = {
      title: 'T',
      unit: 'W',
      max: 4,
      series: [
        { name: 'a', points: [] },
        { name: 'b', points: [] },
      ],
    };
    const option = chartOption(view, { range, bands: [], ticks: [], palette });
    const drawn = option['series'] as Record<string, unknown>[];
    expect(drawn.map((line) => 'markLine' in line)).toEqual([true, false]);
    expect(drawn.every((line) => line['sampling'] === 'lttb')).toBe(true);
  });
});
