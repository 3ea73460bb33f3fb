import { BenchRunDetailSchema, type BenchRunDetail } from '@boocontrol/contracts';
import { MAX_REPLY_BYTES } from '@boocontrol/platform';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { fitting } from './details.js';

const sample = new URL('../../../../libs/contracts/samples/0.1.0/call.benchRun.reply.json', import.meta.url);
const detail = BenchRunDetailSchema.parse(JSON.parse(readFileSync(sample, 'utf8')));
const bytes = (one: BenchRunDetail): number => Buffer.byteLength(JSON.stringify(one));

/** The same cells so often. */
const times = (count: number): BenchRunDetail => ({
  ...detail,
  cells: Array.from({ length: count }, (_, at) => ({
    ...detail.cells[at % detail.cells.length]!,
    index: at,
  })),
});

test('a run that fits is told whole', () => {
  expect(fitting(detail)).toBe(detail);
});

test.each([100, 500, 2_000])('a run of %i cells fits into a message, and is still one', (count) => {
  const fit = fitting(times(count));
  expect(bytes(fit)).toBeLessThanOrEqual(MAX_REPLY_BYTES);
  expect(BenchRunDetailSchema.parse(fit).run).toEqual(detail.run);
});
