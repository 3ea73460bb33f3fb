import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EvalItem } from '@boocontrol/contracts';
import { projectRoot } from '@boocontrol/testing';
import { expect, test } from 'vitest';
import { grade } from '../grading/grade.js';
import { gradeFiles } from '../grading/code/coding.js';
import { said } from '../testing/shipped.js';
import { sandboxes } from '../testing/sandboxes.js';
import { importSuite } from './import/import-suite.js';
import { parseSuite } from './parse-suite.js';

const signal = new AbortController().signal;
const LINES = [
  {
    task_id: 'Ours/1',
    prompt: 'def halves(pair, seen=None):\n    """Both halved, as a tuple; `seen` are left as they are."""\n',
    canonical_solution: '    return tuple(x if x in (seen or set()) else x / 2 for x in (pair + ()))\n',
    entry_point: 'halves',
    test: `def check(candidate):
    assert candidate((1, 2)) == (0.5, 1.0)
    assert candidate((4, 6), seen={4, 9}) == (4, 3)
    assert abs(candidate((1e3,))[0] - 500) < 1e-6 or True
`,
  },
  {
    task_id: 'Ours/2',
    prompt: 'def index(words):\n    """Words by their length, each length\'s as a set."""\n',
    canonical_solution:
      '    out = {}\n    for word in words:\n        out.setdefault(len(word), set()).add(word)\n    return out\n',
    entry_point: 'index',
    test: `METADATA = {}

def check(candidate):
    assert candidate(("a", "bc", "de")) == {1: {"a"}, 2: {"de", "bc"}}
    assert candidate([]) == {}
    assert not candidate([]) == True
    assert candidate(["\\u00e9\\n"]) == {2: {'é\\n'}}
`,
  },
  {
    task_id: 'Ours/3',
    prompt: 'def big(n, of=2):\n    """`of` to the power of n."""\n',
    canonical_solution: '    return of ** n\n',
    entry_point: 'big',
    test: `def check(candidate):
    assert candidate(70) == 1180591620717411303424
    assert candidate(1e0, of=float("inf")) == float('inf')
    assert math.isclose(candidate(0.5), 1.41421, rel_tol=1e-5)
    assert isinstance(candidate(1), int)
`,
  },
];
/** Of the tasks above, those whose every assertion can be turned into data. */
const USABLE = LINES.map(({ test, ...task }) => ({
  ...task,
  test: test
    .split('\n')
    .filter((line) => !/ or True|not candidate|isinstance/.test(line))
    .join('\n'),
}));

function written(): EvalItem[] {
  const text = readFileSync(join(projectRoot(), 'docs/evals.md'), 'utf8');
  const example = /```yaml\n(# my-team\.yaml\n[^]*?)```/.exec(text)?.[1];
  if (example === undefined) throw new Error('docs/evals.md has no example of a suite');
  return parseSuite(example, 'my-team').items;
}

/** What becomes of an answer; of code on every sandbox there is. */
async function outcomes(item: EvalItem, which: 'reference' | 'wrong'): Promise<string[]> {
  if (item.kind === 'long-context') return [];
  if (item.kind !== 'coding') {
    const graded = await grade(item, said(item[which] ?? ''), { sandbox: null, label: 'docs', signal });
    return [graded.outcome];
  }
  const files = { ...item.files, ...item[which] };
  const all = (await sandboxes()).map((sandbox) =>
    gradeFiles(item, files, { sandbox, label: 'docs', signal }),
  );
  return (await Promise.all(all)).map(({ outcome, reason }) =>
    outcome === 'failed' || outcome === 'passed' ? outcome : `${outcome}: ${reason?.message ?? ''}`,
  );
}

test('the suite of the documentation is one: its references pass, and its wrong answers fail', async () => {
  const items = written();
  expect(items.map(({ kind }) => kind)).toEqual(['coding', 'text', 'tools']);
  for (const item of items) {
    expect(new Set([item.id, ...(await outcomes(item, 'reference'))])).toEqual(new Set([item.id, 'passed']));
    expect(new Set([item.id, ...(await outcomes(item, 'wrong'))])).toEqual(new Set([item.id, 'failed']));
  }
});

test('what is imported is the same in Python: its references pass, and other code fails', async () => {
  const file = { format: 'humaneval', name: 'ours', title: 'Ours', licence: 'CC0-1.0' } as const;
  const read = (tasks: object[]) =>
    importSuite({ ...file, text: tasks.map((task) => JSON.stringify(task)).join('\n') });
  expect(read(LINES).leftOut.map(({ line }) => line)).toEqual([1, 2, 3]);
  const { suite, leftOut } = read(USABLE);
  expect(leftOut).toEqual([]);
  for (const item of suite?.items ?? []) {
    if (item.kind !== 'coding') throw new Error('it is no code');
    expect(new Set([item.id, ...(await outcomes(item, 'reference'))])).toEqual(new Set([item.id, 'passed']));
    const stub = { 'solution.py': `${item.files?.['solution.py'] ?? ''}    return [1]\n` };
    expect(new Set([item.id, ...(await outcomes({ ...item, wrong: stub }, 'wrong'))])).toEqual(
      new Set([item.id, 'failed']),
    );
  }
});
