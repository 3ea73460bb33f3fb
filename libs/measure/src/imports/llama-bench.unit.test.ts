import { CellSchema, FigureKeySchema } from '@boocontrol/contracts';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readLlamaBench } from './llama-bench.js';

/** Printed by llama.cpp b11669: llama-bench -p 64 -n 32 -pg 32,8 -d 0,128 -r 3 -t 2 -o json */
const RECORDED = readFileSync(new URL('../testing/llama-bench.json', import.meta.url), 'utf8');
type Printed = Record<string, unknown> & { n_prompt: number; n_gen: number; avg_ts: number };
const printed = JSON.parse(RECORDED) as Printed[];
const withTests = (change: (test: Printed, at: number) => object): string =>
  JSON.stringify(printed.map((one, at) => ({ ...one, ...change(one, at) })));

test('each test of a recorded run is a cell, with the engine’s own speed and every repetition', () => {
  const { cells, leftOut, facts } = readLlamaBench(RECORDED);
  expect(cells.map(({ name }) => name)).toEqual([
    'pp64 tg0 d0 c1',
    'pp0 tg32 d0 c1',
    'pp64 tg0 d128 c1',
    'pp0 tg32 d128 c1',
  ]);
  expect(leftOut).toBe(2);
  for (const cell of cells) expect(CellSchema.parse(cell)).toEqual(cell);
  const alone = printed.filter(({ n_prompt: prompt, n_gen: gen }) => prompt === 0 || gen === 0);
  for (const [at, cell] of cells.entries()) {
    const key = cell.spec.promptTokens > 0 ? 'hostPromptTps' : 'hostGenTps';
    expect(Object.keys(cell.figures)).toEqual([FigureKeySchema.parse(key)]);
    const figure = cell.figures[key] ?? expect.fail(key);
    expect(figure.repetitions).toEqual(alone[at]?.['samples_ts']);
    expect(figure.n).toBe(3);
    const mean = figure.repetitions.reduce((sum, each) => sum + each, 0) / 3;
    expect(mean).toBeCloseTo(alone[at]?.avg_ts ?? NaN, 2);
    expect(figure.low).toBeLessThanOrEqual(figure.median);
  }
  expect(facts).toMatchObject({ file: 'tiny.gguf', engineBuild: 'b11669-Debian' });
  expect(facts.command).toContain('n_threads=2');
  expect(facts.command).toContain('type_k=f16');
  expect(facts.command).not.toContain('avg_ts');
});

test('when it was measured is said by its tests', () => {
  const { startedAt, endedAt } = readLlamaBench(RECORDED);
  expect(startedAt).toBe(new Date(String(printed[0]?.['test_time'])).toISOString());
  expect(Date.parse(endedAt)).toBeGreaterThan(Date.parse(String(printed.at(-1)?.['test_time'])));
});

test('the name of the processor stands for a GPU that there is not', () => {
  expect(readLlamaBench(RECORDED).facts.gpus).toEqual([printed[0]?.['cpu_info']]);
  const gpu = withTests(() => ({ gpu_info: 'NVIDIA GeForce RTX 4090' }));
  expect(readLlamaBench(gpu).facts.gpus).toEqual(['NVIDIA GeForce RTX 4090']);
});

test('one repetition has no interval, and the same test twice is one cell', () => {
  const once = readLlamaBench(withTests(() => ({ samples_ts: [12.5] })));
  expect(once.cells[0]?.figures.hostPromptTps).toMatchObject({ n: 1, median: 12.5, low: null, high: null });
  const twice = readLlamaBench(JSON.stringify([...printed, ...printed]));
  expect(twice.cells.map(({ requests }) => requests.ok)).toEqual([6, 6, 6, 6]);
});

test.each([
  ['no JSON', '| model | size |', 'llama-bench prints JSON with -o json'],
  ['something else', '{"kind":"boocontrol.bench"}', 'not what llama-bench -o json prints'],
  ['nothing', '[]', 'There is no test in it'],
  ['no speed', withTests(() => ({ samples_ts: [] })), 'samples_ts'],
  ['two parameters', withTests((_test, at) => ({ n_threads: at })), 'differ in n_threads'],
  ['two models', withTests((_test, at) => ({ model_filename: `${at}.gguf` })), 'differ in model_filename'],
])('%s is refused with words', (_what, text, message) => {
  expect(() => readLlamaBench(text)).toThrow(
    expect.objectContaining({ code: 'bad_suite', message: expect.stringContaining(message) as string }),
  );
});
