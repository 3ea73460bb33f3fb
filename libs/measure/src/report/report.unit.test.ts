import type { Summary } from '@boocontrol/contracts';
import { describe, expect, test } from 'vitest';
import { csvOf } from './csv.js';
import { markdownOf } from './markdown.js';
import type { Reported } from './reported.js';

const figure = (median: number): Summary => ({
  ...{ n: 5, median, low: median - 1, high: median + 1, p95: null, p99: null },
  ...{ min: median - 2, max: median + 2, repetitions: [median] },
});
const requests = { asked: 5, ok: 5, errors: 0, incomplete: 0, aborted: 0 };
const run: Reported = {
  ...{ runId: 'r-1', startedAt: '2026-11-22T01:00:00.000Z', reason: null, loadMs: 2_500 },
  suite: { name: 'quick' },
  fingerprint: {
    ...{ host: 'http://tower:8080', hostKind: 'llama-swap', hostVersion: 'v170' },
    ...{ model: 'org/m', engineBuild: 'b7112' },
  },
  cells: [
    {
      ...{ name: 'pp64 tg8 d0 c1', reason: null, requests, pollution: [] },
      figures: { ttftMs: figure(123.456), genTps: figure(50) },
    },
    {
      ...{
        name: 'pp64 tg8 d0 c4',
        reason: '10 requests failed',
        requests: { ...requests, ok: 0, errors: 5 },
      },
      ...{ figures: {}, pollution: [{ reason: 'cached', samples: 2 }] },
      contamination: [{ what: 'anna, m2' }, { what: 'a "swap"' }],
    },
  ],
  saturation: [{ cells: 'pp64 tg8 d0', load: 1 }],
  rates: [{ cells: 'pp64 tg8 d0', highestPerS: 4, why: '4.2 a second did not' }],
};

/** As RFC 4180 says it. */
function fieldsOf(csv: string): string[][] {
  return csv
    .split('\r\n')
    .slice(0, -1)
    .map((line) =>
      [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(
        ([, quoted, bare]) => quoted?.replaceAll('""', '"') ?? bare ?? '',
      ),
    );
}

describe('CSV', () => {
  test('has a line for each figure, as exact as it was measured, and for a cell without one', () => {
    const [head = [], ...lines] = fieldsOf(csvOf(run));
    const rows = lines.map((line) => Object.fromEntries(line.map((field, at) => [head[at], field])));
    expect(lines.every((line) => line.length === head.length)).toBe(true);
    expect(rows.map(({ cell, figure: key, median, p95 }) => [cell, key, median, p95])).toEqual([
      ['', 'loadMs', '2500', ''],
      ['pp64 tg8 d0 c1', 'ttftMs', '123.456', ''],
      ['pp64 tg8 d0 c1', 'genTps', '50', ''],
      ['pp64 tg8 d0 c4', '', '', ''],
    ]);
    expect(rows[1]).toMatchObject({ run: 'r-1', model: 'org/m', unit: 'ms', n: '5', requests_ok: '5' });
    expect(rows[3]).toMatchObject({ polluted: 'cached', contaminated: 'anna, m2; a "swap"' });
  });

  test('a name that looks like a formula is a text', () => {
    const csv = csvOf({ ...run, fingerprint: { ...run.fingerprint, model: '=HYPERLINK("http://x")' } });
    expect(fieldsOf(csv)[1]?.[3]).toBe(`'=HYPERLINK("http://x")`);
  });
});

describe('Markdown', () => {
  test('is a table of medians with their intervals, with what is wrong below it', () => {
    const text = markdownOf(run);
    expect(text).toContain('### org/m on http://tower:8080 (llama-swap v170, llama.cpp b7112), suite quick');
    expect(text).toContain('| cell | requests | TTFT, ms | generation, tokens/s |');
    expect(text).toContain('| pp64 tg8 d0 c1 | 5/5 | 123 (122 to 124) | 50 (49 to 51) |');
    expect(text).toContain('| pp64 tg8 d0 c4 | 0/5 | – | – |');
    for (const said of ['in 2 of 0 the host had part', 'anna, m2', '5 requests failed', '10 requests failed'])
      expect(text).toContain(`- **pp64 tg8 d0 c4**: ${said}`);
    expect(text).toContain('- The model was loaded first: 2.5 s');
    expect(text).toContain('- pp64 tg8 d0: 4 requests a second kept the limits; 4.2 a second did not.');
  });

  test('names say nothing to who renders it', () => {
    const model = 'a|b<img src=x>\n# [c](d) *e*';
    const text = markdownOf({ ...run, fingerprint: { ...run.fingerprint, model } });
    expect(text.split('\n')[0]).toContain('a\\|b\\<img src=x\\> # \\[c\\](d) \\*e\\*');
  });
});
