import { expect, test } from 'vitest';
import { shippedItems } from '../testing/shipped.js';
import { sandboxes } from '../testing/sandboxes.js';
import { gradeFiles } from './code/coding.js';

const AT_ONCE = 3;

/** What the tests of every coding item say to its two solutions, on one backend. */
test('on every sandbox there is, the reference of each coding item passes and its wrong solution fails', async () => {
  const signal = new AbortController().signal;
  const bad: string[] = [];
  for (const sandbox of await sandboxes()) {
    const left = shippedItems('coding');
    const worker = async (): Promise<void> => {
      for (let next = left.shift(); next !== undefined; next = left.shift()) {
        const { suite, item } = next;
        const context = { sandbox, label: 'shipped', signal };
        for (const [which, files] of [
          ['reference', item.reference],
          ['wrong', item.wrong],
        ] as const) {
          const { outcome, reason } = files
            ? await gradeFiles(item, { ...item.files, ...files }, context)
            : { outcome: 'missing', reason: null };
          const isRight =
            which === 'reference' ? outcome === 'passed' : ['failed', 'timeout', 'oom'].includes(outcome);
          if (!isRight)
            bad.push(`${sandbox.name} ${suite} ${item.id}: ${which}: ${outcome}: ${reason?.message ?? ''}`);
        }
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
  }
  expect(bad).toEqual([]);
}, 300_000);
