import { describe, expect, test } from 'vitest';
import { said, shippedItems, shippedSuites } from '../testing/shipped.js';
import { grade, whyUngradable } from './grade.js';

const context = { sandbox: null, label: 'shipped', signal: new AbortController().signal };

test('every shipped item has rules that can be used', () => {
  const bad = shippedSuites().flatMap(({ name, items }) =>
    items.flatMap((item) => {
      const why = whyUngradable(item);
      return why === null ? [] : [`${name} ${item.id}: ${why}`];
    }),
  );
  expect(bad).toEqual([]);
});

describe('of text and tools items', () => {
  test('the reference passes and the wrong answer fails', async () => {
    const bad: string[] = [];
    for (const { suite, item } of [...shippedItems('text'), ...shippedItems('tools')]) {
      const { reference, wrong } = item;
      if (reference === undefined || wrong === undefined) {
        bad.push(`${suite} ${item.id}: has no reference or no wrong answer`);
        continue;
      }
      const right = await grade(item, said(reference), context);
      if (right.outcome !== 'passed')
        bad.push(`${suite} ${item.id}: reference: ${right.reason?.message ?? ''}`);
      const fails = await grade(item, said(wrong), context);
      if (fails.outcome !== 'failed') bad.push(`${suite} ${item.id}: wrong answer: ${fails.outcome}`);
    }
    expect(bad).toEqual([]);
  });
});
