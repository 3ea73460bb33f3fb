import { readFileSync } from 'node:fs';
import type { Gaps, PerfSeries } from '@boocontrol/contracts';
import { instantFromMs, instantToMs } from '@boocontrol/fleet-model';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gpu, perf } from '../../testing/hosts';
import { perfSeries } from '../../testing/readings';
import { appendPerf, tailQuery } from './append';
import { gapBands, leftOut } from './bands';
import { dataOption, frameOption, tickText } from './option';
import { SERIES_COLORS } from './palette';
import { timeMarks } from './time-marks';
import { highest, hostCharts, niceTop, valueAt } from './views';

const NOW = Date.UTC(2026, 10, 20, 12);
const range = { fromMs: NOW - 900_000, toMs: NOW };
const host = { perf: perf('tower', NOW, [gpu(0, 'NVIDIA GeForce RTX 5090', 32_607, 0.5)], 0.5) };
const seriesOf = (fromMs: number, nowMs: number, maxPoints = 720): PerfSeries =>
  perfSeries(
    new URLSearchParams({ providerId: 'tower', from: instantFromMs(fromMs), maxPoints: `${maxPoints}` }),
    nowMs,
    host,
    NOW,
  );
const series = seriesOf(range.fromMs, NOW);

describe('charts of a host', () => {
  it('have a hole where samples are missing', () => {
    const vram = hostCharts(series).find(({ title }) => title === 'VRAM');
    expect(vram?.top).toBe(32);
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
  it('draw no more than the pixels can show, and only what is switched on', () => {
    const view = {
      title: 'T',
      unit: 'W',
      digits: 0 as const,
      top: 4,
      series: [
        { name: 'a', points: [] },
        { name: 'b', points: [] },
      ],
    };
    const palette = { series: ['#1', '#2'], fg3: '', line: '' };
    const { series: drawn } = dataOption(view, range, palette, new Set(['a']));
    expect(drawn).toMatchObject([{ id: 'b', color: '#2', sampling: 'lttb' }]);
    expect(frameOption(palette)).not.toHaveProperty('series');
  });
  it('draw a point that has none beside it as a dot, and lines without', () => {
    const palette = { series: ['#1'], fg3: '', line: '' };
    const drawn = (points: [number, number | null][]): unknown =>
      dataOption(
        { title: 'T', unit: '%', digits: 0, top: 100, series: [{ name: 'a', points }] },
        range,
        palette,
        new Set(),
      )['series'];
    const lone: [number, number | null][] = [
      [NOW - 4, 1],
      [NOW - 3, 2],
      [NOW - 2, null],
      [NOW - 1, 3],
    ];
    expect(drawn(lone)).toMatchObject([
      { showSymbol: true, symbol: 'none', data: [...lone.slice(0, 3), { value: lone[3], symbol: 'circle' }] },
    ]);
    expect(drawn(lone.slice(0, 2))).toMatchObject([{ showSymbol: false, data: lone.slice(0, 2) }]);
  });
});

describe('a reading at a moment', () => {
  it('is the newest that is not newer, as long as it stands', () => {
    const points: [number, number | null][] = [
      [10, 1],
      [20, 2],
      [25, null],
      [90, 3],
    ];
    expect([5, 10, 19, 20, 24, 25, 60, 90, 150].map((ms) => valueAt(points, ms, 50))).toEqual([
      null,
      1,
      1,
      2,
      2,
      null,
      null,
      3,
      null,
    ]);
  });
  it('and its highest leaves holes out', () => {
    expect(highest([[1, null]])).toBeNull();
    expect(
      highest([
        [1, -4],
        [2, null],
      ]),
    ).toBe(-4);
  });
});

describe('a series that is appended to', () => {
  const step = fc.integer({ min: 0, max: 200_000 });
  it('is what asking for the whole would have given, however often and late', () => {
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 12 }),
        fc.constantFrom(900_000, 3_600_000, 86_400_000),
        (steps, ms) => {
          let now = NOW;
          let known = seriesOf(now - ms, now);
          for (const later of steps) {
            now += later;
            const asked = tailQuery(known, now - ms, now);
            const tail = seriesOf(asked.fromMs, now, asked.maxPoints);
            expect(tail.stepS).toBe(known.stepS);
            known = appendPerf(known, tail, now - ms);
          }
          const whole = seriesOf(now - ms, now);
          const within = ({ points }: PerfSeries): string[] =>
            points.flatMap(({ ts }) => (instantToMs(ts) >= now - ms ? [ts] : []));
          expect(within(known)).toEqual(within(whole));
        },
      ),
    );
  });
  it('is the same object while nothing is new', () => {
    const { fromMs, maxPoints } = tailQuery(series, range.fromMs, NOW);
    expect(appendPerf(series, seriesOf(fromMs, NOW, maxPoints), range.fromMs)).toBe(series);
    expect(appendPerf(series, { ...series, points: [] }, range.fromMs)).toBe(series);
  });
  it('takes the newer half of a step that was still filling', () => {
    const last = series.points.at(-1)!;
    const fuller = { ...last, samples: 2, cpuUtilPct: { avg: 99, max: 99 } };
    const { points } = appendPerf(series, { ...series, points: [fuller] }, range.fromMs);
    expect([points.length, points.at(-1)]).toEqual([series.points.length, fuller]);
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

describe('the figures on a value axis', () => {
  it.each([
    [1.2, ['0.3', '0.6', '0.9', '1.2']],
    [0.02, ['0.005', '0.01', '0.015', '0.02']],
    [4_000_000, ['1000000', '2000000', '3000000', '4000000']],
  ])('are round where the top is %s', (top, texts) => {
    const steps = [1, 2, 3, 4].map((step) => (top / 4) * step);
    expect(steps.map(tickText)).toEqual(texts);
  });
});

describe('moments on the time axis', () => {
  const hours = (n: number) => n * 3_600_000;
  it.each([hours(0.25), hours(1), hours(24), hours(168), hours(24 * 95), hours(24 * 1_000)])(
    'are at most five and inside, over %i ms',
    (ms) => {
      for (let shift = 0; shift < 40; shift++) {
        const from = NOW + shift * 37_000;
        const marks = timeMarks({ fromMs: from, toMs: from + ms }, hours(5.5));
        expect(marks.length).toBeGreaterThanOrEqual(2);
        expect(marks.length).toBeLessThanOrEqual(5);
        // Over all of it, not only at its beginning.
        expect(marks.at(-1)).toBeGreaterThan(from + ms / 2);
        expect(marks.every((mark) => mark >= from && mark <= from + ms)).toBe(true);
      }
    },
  );
  it('are round on the wall: local midnights for a week', () => {
    const [first = 0] = timeMarks({ fromMs: NOW, toMs: NOW + hours(168) }, hours(1));
    expect(new Date(first + hours(1)).toISOString()).toMatch(/T00:00:00/);
  });
});

describe('gaps', () => {
  const gap = (fromMs: number, toMs: number | null, more: Partial<Gaps['gaps'][number]> = {}) => ({
    providerId: 'tower',
    kind: 'unreachable' as const,
    fromTs: instantFromMs(fromMs),
    toTs: toMs === null ? null : instantFromMs(toMs),
    reason: 'host_down',
    missingRows: null,
    ...more,
  });
  it('lie within the range, an open one to its end', () => {
    const bands = gapBands([gap(0, NOW - 600_000), gap(NOW - 60_000, null), gap(0, 5)], range);
    expect(bands.map(({ fromMs, toMs }) => [fromMs, toMs])).toEqual([
      [range.fromMs, NOW - 600_000],
      [NOW - 60_000, NOW],
    ]);
    expect(bands[1]?.text).toMatch(/^no data: host unreachable \S+ to now$/);
  });
  it('say why: in the words of the host, or in ours', () => {
    const texts = gapBands(
      [
        gap(NOW - 60_000, null, { reason: 'connection refused' }),
        gap(NOW - 60_000, NOW, { kind: 'lost', reason: 'perf_ring_overflow', missingRows: 12 }),
        gap(NOW - 60_000, NOW, { kind: 'lost', reason: 'of another kind' }),
      ],
      range,
    ).map(({ text }) => text);
    expect(texts[0]).toMatch(/to now \(connection refused\)$/);
    expect(texts[1]).toMatch(/^12 samples between .* are missing: they are older than the hour/);
    expect(texts[2]).toMatch(/^no data: samples lost .* \(of another kind\)$/);
  });
  it('that did not come, because there are too many, are told', () => {
    const at = instantFromMs(NOW - 60_000);
    expect(leftOut('Gaps', at, range)).toMatch(/^Gaps before \d\d:\d\d are not marked: there are too many$/);
    expect(leftOut('Gaps', instantFromMs(range.fromMs), range)).toBeNull();
    expect(leftOut('Gaps', undefined, range)).toBeNull();
  });
});

describe('the colours of series', () => {
  const tokens = readFileSync(new URL('../app/tokens.css', import.meta.url), 'utf8');
  const themes = tokens.split(":root[data-theme='light']").map((css) =>
    [...css.matchAll(/--series-\d: oklch\(([\d.]+) ([\d.]+) ([\d.]+)\)/g)].map(([, l, c, h]) => {
      const angle = (Number(h) * Math.PI) / 180;
      return [Number(l), Number(c) * Math.cos(angle), Number(c) * Math.sin(angle)];
    }),
  );
  it.each(['dark', 'light'].map((name, i) => [name, themes[i] ?? []] as const))(
    'can be told apart, %s',
    (_name, colors) => {
      expect(colors).toHaveLength(SERIES_COLORS);
      const distances = colors.flatMap((a, i) =>
        colors.slice(i + 1).map((b) => Math.hypot(...a.map((value, axis) => value - (b[axis] ?? 0)))),
      );
      expect(Math.min(...distances)).toBeGreaterThan(0.12);
    },
  );
});
