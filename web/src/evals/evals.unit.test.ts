import type { EvalItemResult } from '@boocontrol/contracts';
import { describe, expect, it } from 'vitest';
import { boardOf } from '../../testing/eval-board';
import { manyEvals, evalHash } from '../../testing/eval-runs';
import { BUILTIN_EVALS } from '../../testing/eval-suites';
import { homeFleet } from '../../testing/fleet';
import { pairKey, readPair, readSampleKey, sampleKey, viewHref, viewOf } from './address';
import { commonSuites, entryOf, placed, ranked, scatterView, shownRows, suitesOf } from './board';
import { diffFiles, diffLines } from './diff';
import { checkWords, stepWords } from './item-words';
import { counted, groupsOf, neighbour, outcomeOf, settledOf } from './items';
import { changesOf, itemsOf, NO_CHANGES, problemOf } from './launch-form';
import { formIn, inNotation, linesOfItems, notationOf } from './items-text';
import { formOf, itemsText, NEW_SUITE } from './suite-form';
import { readItems, readSuite } from './suite-read';
import { between, OUTCOME, OUTCOMES, points, pWords, rankWords, share } from './words';

const NOW = Date.UTC(2026, 10, 22, 6);
const { fleet } = homeFleet(NOW, 0);
const runs = manyEvals(NOW);
const hashes = new Map(BUILTIN_EVALS.map((suite) => [suite.name, evalHash(suite)]));
const board = boardOf(runs, hashes, fleet, new URLSearchParams());
const ALL = { category: null, host: null, size: null, text: '' };
const nameOf = (id: string): string => (id === 'tower' ? 'Tower' : id);

describe('the address', () => {
  it('names a view, a sample and a pair, and nonsense is none', () => {
    expect([viewOf(null), viewOf('runs'), viewOf('nonsense')]).toEqual(['board', 'runs', 'board']);
    expect([viewHref('board'), viewHref('suites')]).toEqual(['/evals/', '/evals/?what=suites']);
    expect(readSampleKey(sampleKey('a/b@1.2', 3))).toEqual({ item: 'a/b@1.2', sample: 3 });
    expect([readSampleKey('a'), readSampleKey(null), readSampleKey(':1')]).toEqual([null, null, null]);
    expect(readPair(pairKey('x', 'y'))).toEqual({ a: 'x', b: 'y' });
    expect([readPair('x'), readPair(null)]).toEqual([null, null]);
  });
});

describe('a share in words', () => {
  it.each([
    [0, '0 %'],
    [0.001, '<1 %'],
    [0.784, '78 %'],
    [0.999, '>99 %'],
    [1, '100 %'],
  ])('%s is %s', (value, text) => expect(share(value)).toBe(text));
  it('has an interval, a place and a difference', () => {
    expect(between({ low: 0.7, high: 0.852 })).toBe('70 to 85 %');
    expect([rankWords({ from: 2, to: 2 }), rankWords({ from: 2, to: 11 })]).toEqual(['2', '2 to 11']);
    expect([points(0.09), points(-0.12), points(0.001)]).toEqual(['+9', '−12', '±0']);
    expect([pWords(0.0312), pWords(0.00001)]).toEqual(['p = 0.031', 'p < 0.001']);
  });
  it('every outcome has its own sign', () => {
    expect(new Set(OUTCOMES.map((outcome) => OUTCOME[outcome].sign)).size).toBe(OUTCOMES.length);
  });
});

describe('the leaderboard', () => {
  it('is filtered by category, host, size and text', () => {
    expect(shownRows(board, ALL, nameOf)).toHaveLength(board.rows.length);
    const tower = shownRows(board, { ...ALL, host: 'tower' }, nameOf);
    expect(new Set(tower.map(({ providerId }) => providerId))).toEqual(new Set(['tower']));
    const large = shownRows(board, { ...ALL, size: 'large' }, nameOf);
    expect(large.length).toBeGreaterThan(0);
    expect(large.every(({ sizeB }) => sizeB !== null && sizeB > 40)).toBe(true);
    expect(shownRows(board, { ...ALL, text: 'QWEN tower 32b' }, nameOf).map(({ model }) => model)).toEqual([
      'qwen3-32b-Q4_K_M',
    ]);
    const tools = shownRows(board, { ...ALL, category: 'tool-calls' }, nameOf);
    expect(tools).toHaveLength(9);
    expect(tools.every(({ scores }) => scores.length === 1)).toBe(true);
    expect(shownRows(board, { ...ALL, category: 'nothing' }, nameOf)).toEqual([]);
  });
  it('has a column for each suite, and says so where a category has several', () => {
    expect(suitesOf(board.rows).map(({ name }) => name)).toEqual([
      'agent-coding',
      'long-context',
      'tool-calls',
      'utility',
    ]);
    const [row] = board.rows;
    const [entry] = row?.scores ?? [];
    if (!row || !entry) throw new Error('no row');
    const two = [{ ...row, scores: [entry, { ...entry, suiteName: 'our-coding' }] }];
    expect(suitesOf(two).map(({ isOneOfSeveral }) => isOneOfSeveral)).toEqual([true, true]);
  });
  it('is ordered by the suite that it is about; those without a score come last', () => {
    const means = ranked(board.rows, 'tool-calls').map(
      (row) => entryOf(row, 'tool-calls')?.score.pass1.mean ?? -1,
    );
    expect(means).toEqual(means.toSorted((a, b) => b - a));
    expect(means.at(-1)).toBe(-1);
  });
  it('compares only where both were asked the same version', () => {
    const [a, b] = ['qwen3-32b-Q4_K_M', 'phi-4-Q8_0'].map((name) =>
      board.rows.find(({ model }) => model === name),
    );
    if (!a || !b) throw new Error('no rows');
    expect(commonSuites(a, b)).toContain('agent-coding');
    const older = { ...b, scores: b.scores.map((entry) => ({ ...entry, suiteHash: 'f'.repeat(16) })) };
    expect(commonSuites(a, older)).toEqual([]);
  });
  it('draws every model with its interval, and the front on its own', () => {
    const all = placed(board.rows, 'agent-coding', board.pareto);
    expect(all).toHaveLength(board.rows.length);
    const view = scatterView(all, ({ model }) => model);
    expect(view?.series.map(({ looks }) => looks)).toEqual(['line', 'points']);
    const [front, rest] = view?.series ?? [];
    expect((front?.points.length ?? 0) + (rest?.points.length ?? 0)).toBe(all.length);
    expect(front?.points.every(({ low, high, y }) => low! <= y && y <= high!)).toBe(true);
    // Quality falls along the front, or the slower one would not be on it.
    const qualities = front?.points.map(({ y }) => y) ?? [];
    expect(qualities).toEqual(qualities.toSorted((a, b) => b - a));
    expect(scatterView([], ({ model }) => model)).toBeNull();
  });
});

const item = (name: string, more: Partial<EvalItemResult> = {}): EvalItemResult => ({
  item: name,
  kind: 'text',
  family: null,
  difficulty: 'easy',
  retired: false,
  samples: [
    { sample: 0, state: 'done', outcome: 'passed', isContaminated: false },
    { sample: 1, state: 'asking', outcome: null, isContaminated: false },
  ],
  ...more,
});

describe('items of a run', () => {
  const items = [
    item('a', { difficulty: 'hard' }),
    item('b', { difficulty: null }),
    item('c', {
      samples: [
        { sample: 0, state: 'done', outcome: 'harness_error', isContaminated: false },
        { sample: 1, state: 'done', outcome: 'failed', isContaminated: false },
      ],
    }),
    item('d', { retired: true }),
  ];
  it('stand in groups from easy to hard, and only what counts is counted', () => {
    expect(groupsOf(items, 'difficulty').map(({ name, passed, counted: n }) => [name, passed, n])).toEqual([
      ['easy', 0, 1],
      ['hard', 1, 1],
      ['not graded', 1, 1],
    ]);
    expect(groupsOf([item('x', { family: 'y' }), item('z')], 'family').map(({ name }) => name)).toEqual([
      'y',
      'on their own',
    ]);
  });
  it('are gone over sample by sample, all or those with one outcome', () => {
    const all = settledOf(items, null);
    expect(all.map(({ item: name, sample }) => `${name}${sample}`)).toEqual(['a0', 'b0', 'c0', 'c1', 'd0']);
    expect(neighbour(all, { item: 'b', sample: 0 }, 1)).toEqual({ item: 'c', sample: 0 });
    expect(neighbour(all, { item: 'a', sample: 0 }, -1)).toBeNull();
    expect(neighbour(settledOf(items, 'failed'), { item: 'a', sample: 0 }, 1)).toEqual({
      item: 'c',
      sample: 1,
    });
  });
  it('are counted in one order, without those that there are none of', () => {
    expect(counted({ failed: 2, passed: 3, oom: 0 }).map(({ outcome, n }) => [outcome, n])).toEqual([
      ['passed', 3],
      ['failed', 2],
    ]);
    expect([outcomeOf('oom'), outcomeOf('nonsense'), outcomeOf(null)]).toEqual(['oom', null, null]);
  });
});

describe('files against those at the start', () => {
  const text = (before: string, after: string): string =>
    diffLines(before, after)
      .map(({ sign, text: line }) => sign + line)
      .join('|');
  it('is the shortest way from one to the other', () => {
    expect(text('a\nb\nc\n', 'a\nx\nc\nd\n')).toBe(' a|-b|+x| c|+d');
    expect([text('', 'a\n'), text('a', ''), text('a\n', 'a')]).toEqual(['+a', '-a', ' a']);
  });
  it('names new ones, and puts what is unchanged last', () => {
    const diffs = diffFiles(
      { 'a.py': '1\n', 'b.py': '2\n' },
      { 'a.py': '1\n', 'b.py': '3\n', 'c.py': '4\n' },
    );
    expect(diffs.map(({ path, kind, lines }) => [path, kind, lines.length])).toEqual([
      ['b.py', 'changed', 2],
      ['c.py', 'new', 1],
      ['a.py', 'same', 0],
    ]);
  });
  it('does not compare what is far too long', () => {
    const long = 'x\n'.repeat(2_500);
    expect(diffLines(long, `${long}y\n`)).toHaveLength(5_001);
  });
});

describe('the launcher', () => {
  const suite = BUILTIN_EVALS.find(({ name }) => name === 'utility')!;
  it('asks some items only where that was chosen, and none that is retired', () => {
    expect(itemsOf(suite, [], NO_CHANGES)).toBeNull();
    const easy = itemsOf(suite, ['title-1'], { difficulty: 'easy', kind: null });
    expect(easy).toHaveLength(13);
    expect(easy).not.toContain('title-1');
    expect(itemsOf(suite, [], { difficulty: null, kind: 'coding' })).toEqual([]);
  });
  it('sends only what was filled in, and nothing while a field does not fit', () => {
    expect(changesOf(NO_CHANGES)).toEqual({});
    expect(changesOf({ ...NO_CHANGES, samples: '5', temperature: '0.7', maxTokens: '8,192' })).toEqual({
      samples: 5,
      sampler: { temperature: 0.7, maxTokens: 8_192 },
    });
    expect(changesOf({ ...NO_CHANGES, samples: '0' })).toBeNull();
    expect([problemOf('samples', '1.5'), problemOf('temperature', '1.5')]).toEqual([
      'From 1 to 100, a whole number.',
      undefined,
    ]);
  });
});

describe('a suite in the editor', () => {
  const team = BUILTIN_EVALS.find(({ name }) => name === 'tool-calls')!;
  it('goes through the form as it was', () => {
    expect(readSuite(formOf(team), team)).toEqual({ suite: team });
    expect(readSuite({ ...NEW_SUITE, title: 'Ours' }, null)).toHaveProperty('suite.items.length', 1);
  });
  it('names the line of what is no JSON', () => {
    expect(readItems('[\n  {"kind": "text",\n   id: 1}\n]')).toEqual({
      problems: [{ line: 3, message: 'This is not JSON from here on.' }],
    });
    expect(readItems('{}')).toEqual({
      problems: [{ line: 1, message: 'Items are a list: [ … ] in JSON, “- …” in YAML.' }],
    });
    expect(readItems('[]')).toEqual({ problems: [{ line: 1, message: 'There is no item yet.' }] });
  });
  it('names the line, the item and the part of what is no item', () => {
    const [one, two] = team.items;
    if (one?.kind !== 'tools' || !two) throw new Error('no items');
    const { tools: _, ...without } = one;
    const text = JSON.stringify([two, without, { ...two, colour: 'red' }, two], null, 2);
    const lines = linesOfItems(text);
    expect(readItems(text)).toEqual({
      problems: [
        { line: lines[1], message: 'Item “weather-1”, tools: it is missing.' },
        { line: lines[2], message: 'Item “weather-2”: "colour" is not known here.' },
        { line: lines[3], message: 'Item “weather-2” is there twice: ids are told apart.' },
      ],
    });
    expect(text.split('\n')[(lines[1] ?? 0) - 1]?.trim()).toBe('{');
  });
  it('is written in YAML as well, with the same items and the same words about them', () => {
    const yaml = inNotation(itemsText(team.items), 'yaml') ?? '';
    expect([notationOf(yaml), notationOf(itemsText(team.items))]).toEqual(['yaml', 'json']);
    expect(readSuite({ ...formOf(team), items: yaml }, team)).toEqual({ suite: team });
    expect(inNotation(yaml, 'json')).toBe(itemsText(team.items));
    expect(readItems('- kind: text\n  id: a\n  prompt: [b\n')).toMatchObject({
      problems: [{ line: expect.any(Number), message: expect.stringMatching(/^This is not YAML: /) }],
    });
    const checks = 'checks: [{ check: equals, values: [a] }]';
    const two = `# Ours\n- { kind: text, id: a, prompt: b, ${checks} }\n\n- kind: text\n  id: c\n  ${checks}\n`;
    expect(readItems(two)).toEqual({ problems: [{ line: 4, message: 'Item “c”, prompt: it is missing.' }] });
    expect(inNotation('- a: [', 'json')).toBeNull();
  });
  it('fills the fields from the file of a whole suite', () => {
    const file = `title: Ours\nsamples: 3\nsampler: { temperature: 0.2, maxTokens: 64 }\nitems:\n  - { kind: text, id: a }\n`;
    expect(formIn(file)).toEqual({
      ...{ title: 'Ours', samples: '3', temperature: '0.2', maxTokens: '64' },
      items: '- kind: text\n  id: a\n',
    });
    expect(formIn(JSON.stringify({ title: 'Ours', items: [] }))).toEqual({ title: 'Ours', items: '[]' });
    expect([formIn('- items: 1'), formIn('[]'), formIn('items: 3')]).toEqual([null, null, null]);
  });
  it('says what is wrong with the fields beside them', () => {
    const read = readSuite({ ...NEW_SUITE, name: 'No name', temperature: 'hot' }, null);
    expect(read).toMatchObject({
      fields: { name: expect.stringMatching(/a-z/), title: 'Enter a title.', sampler: 'Enter a number.' },
      items: [],
      rest: null,
    });
    expect(linesOfItems(itemsText(team.items))).toHaveLength(team.items.length);
  });
});

describe('items in words', () => {
  it.each([
    [{ check: 'equals', values: ['Paris'], ignoreCase: true }, 'It is “Paris”.'],
    [{ check: 'avoids', values: ['a', 'b'], ignoreCase: true }, 'None of “a”, “b” is in it.'],
    [{ check: 'words', max: 6 }, 'It has at most 6 words.'],
    [{ check: 'lines', min: 1, max: 1 }, 'It has exactly 1 line.'],
    [{ check: 'sentences', min: 2 }, 'It has at least 2 sentences.'],
    [{ check: 'number', value: 4, within: 0.5 }, 'Its last number is 4, give or take 0.5.'],
    [{ check: 'json-value', at: '/city', equals: 'Graz', unordered: false }, 'In its JSON, /city is "Graz".'],
  ] as const)('%j', (check, text) =>
    expect(checkWords({ ...check } as Parameters<typeof checkWords>[0])).toBe(text),
  );
  it('steps of a test read as code', () => {
    expect(stepWords({ do: 'call', name: 'join', args: [[1, 2]], expect: [3] })).toBe('join([1,2]) is [3]');
    expect(stepWords({ do: 'new', name: 'Cache', args: [2], as: 'c' })).toBe('c = new Cache(2)');
    expect(stepWords({ do: 'call', on: 'c', name: 'get', args: ['x'], throws: 'KeyError' })).toBe(
      'c.get("x") fails with KeyError',
    );
    expect(stepWords({ do: 'get', name: 'VERSION', expect: '1' })).toBe('VERSION is "1"');
  });
});
