import { SuiteSchema } from '@boocontrol/contracts';
import { describe, expect, test } from 'vitest';
import { cellName, cellsOf, contextOf, lengthsOf, requestsOf } from './cells.js';
import { preset, PRESET_NAMES } from './presets.js';
import { suiteHash } from './suite.js';

const suite = SuiteSchema.parse({ name: 'mine', promptTokens: [512], outputTokens: [64] });

test('what is measured makes the hash, the name does not, nor the order of fields', () => {
  expect(suiteHash({ ...suite, name: 'other', description: 'x' })).toBe(suiteHash(suite));
  expect(suiteHash({ ...suite, repetitions: 6 })).not.toBe(suiteHash(suite));
  const sampled = (sampling: object) => SuiteSchema.parse({ ...suite, sampling });
  expect(suiteHash(sampled({ top_k: 4, min_p: 0 }))).toBe(suiteHash(sampled({ min_p: 0, top_k: 4 })));
  expect(suiteHash(sampled({ top_k: 4 }))).not.toBe(suiteHash(sampled({ top_k: 5 })));
});

test('sampling is kept as it is, and cannot change what is measured', () => {
  const sampling = { temperature: 0.3, top_k: 7, min_p: 0.02, repeat_penalty: 1.1 };
  expect(SuiteSchema.parse({ ...suite, sampling }).sampling).toEqual(sampling);
  for (const field of ['stream', 'max_tokens', 'model', 'cache_prompt'])
    expect(SuiteSchema.safeParse({ ...suite, sampling: { [field]: 1 } }).success).toBe(false);
});

test('there is no run without a warm-up', () => {
  expect(suite.warmup.requests).toBe(1);
  expect(SuiteSchema.safeParse({ ...suite, warmup: { requests: 0 } }).success).toBe(false);
});

describe('cells', () => {
  test('every combination, lower loads first', () => {
    const many = SuiteSchema.parse({
      ...suite,
      promptTokens: [8, 16],
      depth: [0, 100],
      load: { kind: 'closed', concurrency: [4, 1] },
      repetitions: 3,
    });
    const cells = cellsOf(many) ?? [];
    expect(cells).toHaveLength(8);
    expect(cells.slice(0, 2).map(cellName)).toEqual(['pp8 tg64 d0 c1', 'pp8 tg64 d0 c4']);
    expect(cells.slice(0, 2).map((cell) => requestsOf(cell, many.repetitions))).toEqual([3, 12]);
  });

  test('of a replay are one for each depth, as long as its longest request', () => {
    const requests = [
      { atMs: 0, promptTokens: 300, outputTokens: 10 },
      { atMs: 5, promptTokens: 20, outputTokens: 200 },
    ];
    const replay = SuiteSchema.parse({
      ...suite,
      load: { kind: 'replay', requests, speed: 4 },
      depth: [0, 50],
    });
    const [first, second] = cellsOf(replay) ?? [];
    if (!first || !second) expect.fail('two cells');
    expect([first, second].map(cellName)).toEqual(['pp300 tg200 d0 replay x4', 'pp300 tg200 d50 replay x4']);
    expect(requestsOf(first, 3)).toBe(6);
    // The longest request, not the longest prompt with the longest answer.
    expect([contextOf(first), contextOf(second)]).toEqual([310, 360]);
    expect([2, 3].map((at) => lengthsOf(first, at).promptTokens)).toEqual([300, 20]);
  });

  test('of a search are not known before', () => {
    const slo = { ttftMs: 100 };
    expect(cellsOf(SuiteSchema.parse({ ...suite, slo, load: { kind: 'search' } }))).toBeNull();
  });

  test('of an open loop are named by their rate', () => {
    const open = SuiteSchema.parse({ ...suite, load: { kind: 'open', ratePerS: [2.5] } });
    expect(cellsOf(open)?.map(cellName)).toEqual(['pp512 tg64 d0 2.5/s poisson']);
  });
});

test.each(PRESET_NAMES)(
  'the preset %s is a suite that says what it is, and names no host and no model',
  (name) => {
    const found = preset(name);
    expect(found?.name).toBe(name);
    expect(found?.description).not.toBe('');
    expect(JSON.stringify(found)).not.toMatch(/https?:|localhost|\d+\.\d+\.\d+\.\d+|"model"/);
  },
);

test('a preset that there is not', () => {
  expect(preset('toString')).toBeNull();
});
