import { SuiteSchema, type BenchRun, type ControlJob } from '@boocontrol/contracts';
import { instantFromMs } from '@boocontrol/fleet-model';
import { describe, expect, it } from 'vitest';
import { PRESET_SUITES } from '../../testing/bench-cells';
import { contaminate, endedRun, manyRuns, measureCell, queuedRun, begin } from '../../testing/bench-runs';
import { historyOf } from '../../testing/bench-books';
import { commandOf } from './command';
import { curveOf } from './curves';
import { figureOf, figuresIn, interval, say, sayWhole } from './figures';
import { gridOf, isClean } from './grid';
import { buildChanges, historyView } from './history';
import { changedRuns, takeProgress } from '../live/jobs';
import { dotsView, percentileView } from './samples';
import { daysWords } from './schedule-form';
import { draftOf, formOf, jsonOf, NEW_SUITE, readJson, readNumbers, suiteProblems } from './suite-form';
import { copyName, freeName } from '../runs/copy-name';
import { insistVerb } from '../control/refusal';
import { hostsOf, namedBy, readTarget, targetKey } from '../runs/targets';
import { aboutWords } from '../runs/run-words';
import { ordered, summaryWords } from './verdicts';
import { cellWords, changeWords, taints } from './words';
import { homeFleet } from '../../testing/fleet';

const NOW = Date.UTC(2026, 10, 22, 2);
const users = PRESET_SUITES.find(({ name }) => name === 'users')!;
const TOWER = { providerId: 'tower', model: 'qwen3-32b-Q4_K_M' };
const ended = endedRun({ n: 1, suite: users, ...TOWER, createdMs: NOW });

describe('a figure in words', () => {
  it('is a dash where nothing was measured, and never 0', () => {
    expect(say('genTps', null)).toBe('–');
    expect(sayWhole('ttftMs', undefined)).toBe('–');
    expect(say('genTps', 0)).toBe('0');
  });
  it.each([
    ['ttftMs', 3.21, '3.2'],
    ['ttftMs', 812.4, '812'],
    ['genTps', 61.23, '61.2'],
    ['requestsPerS', 0.307, '0.31'],
    ['promptTokens', 2_000, '2,000'],
  ] as const)('%s %s is %s', (figure, value, text) => expect(say(figure, value)).toBe(text));
  it('has an interval only where there is one', () => {
    expect(interval('genTps', { low: 60.1, high: 62.4 })).toBe('60.1 to 62.4');
    expect(interval('genTps', { low: null, high: null })).toBeNull();
  });
  it('is offered only where a cell has it', () => {
    expect(figuresIn([{}])).toEqual([]);
    const offered = figuresIn(ended.cells.map(({ figures }) => figures));
    expect(offered.slice(0, 3)).toEqual(['ttftMs', 'genTps', 'tokensPerS']);
    expect(offered).not.toContain('goodputPerS');
    expect([figureOf('genTps', offered), figureOf('nonsense', offered), figureOf('genTps', [])]).toEqual([
      'genTps',
      'ttftMs',
      null,
    ]);
  });
});

describe('the grid', () => {
  it('has rows of what is sent and columns of how much at a time, lowest load first', () => {
    const { rows, columns } = gridOf(ended.cells.toReversed());
    expect(columns.map(({ words }) => words)).toEqual([
      'alone',
      '2 at once',
      '4 at once',
      '8 at once',
      '16 at once',
    ]);
    expect(rows.map(({ words }) => words)).toEqual(['2,000 in, 100 out', '400 in, 100 out']);
    expect(rows.every(({ cells }) => cells.every((cell) => cell !== null))).toBe(true);
  });
  it('leaves a place empty where a suite has no such cell', () => {
    expect(gridOf(ended.cells.slice(0, 6)).rows[1]?.cells.filter((cell) => cell !== null)).toHaveLength(1);
  });
  it('tells a cell that something touched', () => {
    const made = endedRun({ n: 2, suite: users, ...TOWER, createdMs: NOW });
    contaminate(made, 1, 'opencode', NOW);
    expect(made.cells.map(isClean).indexOf(false)).toBe(1);
    expect(taints(made.run)).toEqual(['1 cell contaminated']);
  });
});

describe('curves', () => {
  it('go along the load, a line for each shape, with intervals', () => {
    const view = curveOf([{ name: '', cells: ended.cells }], 'ttftMs', 'load')!;
    expect(view.marks.map(({ text }) => text)).toEqual(['1', '2', '4', '8', '16']);
    expect(view.series.map(({ name }) => name)).toEqual(['400 in, 100 out', '2,000 in, 100 out']);
    expect(view.series[0]?.points[0]?.low).toBeLessThanOrEqual(view.series[0]?.points[0]?.y ?? 0);
  });
  it('need two places, and leave out what was not measured', () => {
    const made = queuedRun({ n: 3, suite: users, ...TOWER, createdMs: NOW });
    expect(curveOf([{ name: '', cells: made.cells }], 'ttftMs', 'load')).toBeNull();
    begin(made, NOW);
    measureCell(made, 0);
    expect(curveOf([{ name: '', cells: made.cells }], 'ttftMs', 'load')).toBeNull();
  });
  it('of two runs are told apart', () => {
    const runs = [
      { name: 'this run', cells: ended.cells },
      { name: 'the other', cells: ended.cells },
    ];
    expect(curveOf(runs, 'genTps', 'prompt')?.series[0]?.name).toMatch(/^this run: 100 out/);
  });
});

describe('requests one by one', () => {
  it('the tail has a nine as wide as the one before, and ends where there are values', () => {
    const view = percentileView(ended.cells.slice(0, 1), ended.samples, 'ttftMs')!;
    expect(view.marks.map(({ text }) => text)).toEqual(['p0', 'p50', 'p90']);
    expect(view.series[0]?.points).toHaveLength(5);
    const many = percentileView(ended.cells.slice(4, 5), ended.samples, 'ttftMs')!;
    expect(many.marks.map(({ text }) => text)).toContain('p95');
    expect(many.marks.map(({ text }) => text)).not.toContain('p99.9');
  });
  it('one with something against it is a triangle', () => {
    const [first, ...others] = ended.samples;
    const view = dotsView([{ ...first!, pollution: ['cached'] }, ...others], 'ttftMs')!;
    expect(view.series.map(({ looks, points }) => [looks, points.length])).toEqual([
      ['dots', others.length],
      ['triangles', 1],
    ]);
  });
  it('there is nothing to draw of times that were not measured', () => {
    const unmeasured = ended.samples.map((sample) => ({ ...sample, tpotMs: null }));
    expect(dotsView(unmeasured, 'tpotMs')).toBeNull();
    expect(percentileView(ended.cells, unmeasured, 'tpotMs')).toBeNull();
  });
});

describe('the history', () => {
  const runs = manyRuns(60, NOW);
  const { points } = historyOf(
    runs,
    new URLSearchParams({ figure: 'genTps', cell: 'pp128 tg64 d0 c1' }),
    NOW,
  );
  it('has a line for each host and model, and marks where engines changed', () => {
    const view = historyView(points, 'genTps', NOW, (id) => id)!;
    expect(view.series.map(({ name }) => name)).toContain('tower, phi-4-Q8_0');
    expect(view.marks.length).toBeLessThanOrEqual(5);
    expect(view.events?.length).toBeGreaterThan(0);
    expect(historyView([], 'genTps', NOW, (id) => id)).toBeNull();
  });
  it('tells changes that are near each other as one', () => {
    const at = (ms: number, providerId: string, engineBuild: string) => ({
      ...points[0]!,
      at: instantFromMs(NOW + ms),
      providerId,
      engineBuild,
    });
    const changed = [
      at(0, 'a', 'b1'),
      at(0, 'b', 'b1'),
      at(50, 'a', 'b2'),
      at(51, 'b', 'b2'),
      at(90, 'a', 'b3'),
    ];
    expect(buildChanges(changed, NOW, NOW + 100)).toEqual([
      { at: NOW + 50, text: 'b2' },
      { at: NOW + 90, text: 'b3' },
    ]);
  });
});

describe('what is told of runs', () => {
  const fact = (event: string, body: object, run = 'a', kind = 'bench') =>
    ({ kind, run, event, at: instantFromMs(NOW), seq: 1, body }) as unknown as ControlJob['jobs'][number];
  it('keeps the newest progress, until the run has ended', () => {
    const begun = takeProgress(
      {},
      [
        fact('progress', { done: 1, total: 4, cell: 1, figures: { genTps: 40 } }),
        fact('progress', { done: 1, total: 4, cell: 1, figures: { genTps: 41 } }),
      ],
      'bench',
    );
    expect(begun).toEqual({ a: { done: 1, total: 4, cell: 1, figures: { genTps: 41 }, outcomes: {} } });
    expect(takeProgress(begun, [fact('cell', { index: 1 })], 'bench')).toBe(begun);
    expect(takeProgress(begun, [fact('progress', { done: 9, total: 9 }, 'a', 'eval')], 'bench')).toBe(begun);
    expect(takeProgress(begun, [fact('succeeded', {})], 'bench')).toEqual({});
  });
  it('asks again for all but progress', () => {
    expect(
      changedRuns([fact('progress', {}), fact('cell', {}, 'b'), fact('running', {}, 'b')], 'bench'),
    ).toEqual(['b']);
    expect(changedRuns([fact('cell', {}, 'c', 'eval')], 'bench')).toEqual([]);
  });
});

describe('a suite in the editor', () => {
  it.each([
    ['128, 1,024', [128, 1_024]],
    ['1,4,16', [1, 4, 16]],
    ['0.5 2', [0.5, 2]],
    ['', []],
  ])('"%s" is %j', (typed, numbers) => expect(readNumbers(typed)).toEqual(numbers));

  it.each(PRESET_SUITES.map((suite) => [suite.name, suite] as const))(
    'form and JSON say the same of %s',
    (_name, suite) => {
      const draft = draftOf(formOf({ ...suite }), { ...suite });
      expect(SuiteSchema.parse(draft)).toEqual(suite);
      expect(readJson(jsonOf(draft))).toEqual(JSON.parse(JSON.stringify(draft)));
    },
  );
  it('keeps what the form has no field for, and its own load of another kind goes', () => {
    const before = { ...NEW_SUITE, sampling: { temperature: 0.7 }, slo: { e2eMs: 900 } };
    const draft = draftOf({ ...formOf(before), loadKind: 'open', loads: '1, 2', sloTtft: '500' }, before);
    expect(SuiteSchema.parse(draft)).toMatchObject({
      sampling: { temperature: 0.7 },
      slo: { e2eMs: 900, ttftMs: 500 },
      load: { kind: 'open', ratePerS: [1, 2], arrivals: 'poisson' },
    });
  });
  it('is told beside its field what is wrong, and where it is when it has none', () => {
    const wrong = SuiteSchema.safeParse({
      ...NEW_SUITE,
      promptTokens: [Number.NaN],
      load: { kind: 'search' },
    });
    const { fields } = suiteProblems(wrong.error!.issues);
    expect(Object.keys(fields)).toContain('promptTokens');
    const { rest } = suiteProblems(
      SuiteSchema.safeParse({ ...NEW_SUITE, warmup: { requests: 0 } }).error!.issues,
    );
    expect(rest).toMatch(/^warmup\.requests: /);
    expect(readJson('[1]')).toBeNull();
    expect(readJson('{')).toBeNull();
  });
  it('has a name of its own when it is copied', () => {
    expect(copyName('chat', [])).toBe('chat-copy');
    expect(freeName('requests of Open WebUI', [])).toBe('requests-of-open-webui');
    expect(freeName('夜', ['suite'])).toBe('suite-2');
    expect(copyName('chat', ['chat-copy', 'chat-copy-2'])).toBe('chat-copy-3');
  });
});

describe('the command line', () => {
  it('names a preset, and has any other suite as a file, so that nothing of it is left out', () => {
    const of = (origin: 'builtin' | 'stored', name: string): string =>
      commandOf({ name, origin }, 'http://tower.lan:8080', "it's", 7);
    const host = "npx boocontrol bench --url http://tower.lan:8080 --model 'it'\\''s'";
    expect(of('builtin', 'users')).toBe(`${host} --preset users --seed 7`);
    expect(of('stored', 'at-night')).toBe(`${host} --suite at-night.json --seed 7`);
    expect(of('stored', 'At night; rm -rf /')).toBe(`${host} --suite At-night-rm--rf.json --seed 7`);
    expect(of('stored', '夜')).toBe(`${host} --suite suite.json --seed 7`);
  });
});

describe('where something is measured', () => {
  const { providers, fleet } = homeFleet(NOW, 0);
  it('offers what is connected first, found by words of host and model', () => {
    const offered = hostsOf(providers, fleet.hosts, null, '');
    expect(offered[0]).toMatchObject({ provider: { id: 'tower' }, away: null });
    expect(offered.findIndex(({ away }) => away !== null)).toBeGreaterThan(2);
    expect(hostsOf(providers, fleet.hosts, null, 'tower phi').flatMap(({ models }) => models)).toEqual([
      'phi-4-Q8_0',
    ]);
  });
  it('leaves out what is hidden, and has favourites first', () => {
    const marks = {
      hidden: [{ providerId: 'mac-studio', model: null, hiddenAt: instantFromMs(0) }],
      favorites: [{ ...TOWER, createdAt: instantFromMs(0) }],
    };
    const offered = hostsOf(providers, fleet.hosts, marks, '');
    expect(offered.map(({ provider }) => provider.id)).not.toContain('mac-studio');
    expect(offered[0]?.models[0]).toBe(TOWER.model);
  });
  it('knows what patterns of a suite fit', () => {
    const places = [TOWER, { providerId: 'nas', model: 'a/b' }];
    expect(namedBy({ targets: [{ provider: 'tower', model: 'qwen*' }] }, places)).toEqual([TOWER]);
    expect(readTarget(targetKey(places[1]!))).toEqual(places[1]);
  });
});

describe('words', () => {
  it.each([
    [0.918, '−8 %'],
    [1.2, '+20 %'],
    [1.001, '±0 %'],
    [null, null],
  ])('a ratio of %s is %s', (ratio, text) => expect(changeWords(ratio)).toBe(text));
  it.each([
    [20, 'about 20 s'],
    [150, 'about 3 min'],
    [7_800, 'about 2 h 10 min'],
    [7_200, 'about 2 h'],
  ])('%s s: %s', (seconds, text) => expect(aboutWords(seconds)).toBe(text));
  it.each([
    [[1, 2, 3, 4, 5, 6, 7], 'every day'],
    [[5, 1, 2, 3, 4], 'Mon to Fri'],
    [[3, 1], 'Mon, Wed'],
  ])('days %j: %s', (days, text) => expect(daysWords(days)).toBe(text));
  it('say a cell, and what insisting does', () => {
    expect(
      cellWords({
        promptTokens: 1_000,
        outputTokens: 150,
        depth: 8_000,
        load: { kind: 'closed', concurrency: 1 },
      }),
    ).toBe('1,000 in, 150 out, 8,000 cached; alone');
    expect([insistVerb({ code: 'host_leased' }), insistVerb({ code: 'host_busy' })]).toEqual([
      'Take over and measure',
      'Measure anyway',
    ]);
  });
  it('sum verdicts up, what became worse first', () => {
    const judged = (['same', 'regressed', 'no_baseline', 'regressed', 'improved'] as const).map(
      (verdict, i) => ({
        cell: `${i}`,
        figure: 'genTps' as const,
        verdict,
        ratio: 1,
        low: null,
        high: null,
        reason: null,
      }),
    );
    expect(summaryWords({ judged })).toBe('2 figures regressed, 1 improved, 1 the same');
    expect(summaryWords({ judged: [] })).toBeNull();
    expect(ordered(judged)[0]?.verdict).toBe('regressed');
  });
  it('a run without anything against it has no marks', () => {
    const run = { contaminated: 0, polluted: 0 } satisfies Partial<BenchRun>;
    expect(taints(run)).toEqual([]);
  });
});
