import { calls, EvalSuiteSchema, type EvalSuite, type EvalSuiteDetail } from '@boocontrol/contracts';
import { sandboxFolder, waitFor } from '@boocontrol/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { World, type Replica } from '../testing/world.js';

let world: World;
let replica: Replica;
let folder: string;
beforeAll(async () => {
  [world, folder] = await Promise.all([World.open(), sandboxFolder()]);
});
afterAll(() => world?.close());

const sum = (id: string, reference: string, wrong: string): EvalSuite['items'][number] => ({
  ...{ kind: 'text', id, prompt: '6 × 7?', checks: [{ check: 'number', value: 42, within: 0 }] },
  ...{ reference, wrong },
});
const add = (id: string, right: string, wrong: string): EvalSuite['items'][number] => ({
  ...{ kind: 'coding', id, language: 'python', prompt: 'Add two numbers.', target: 'a.py' },
  tests: [{ name: 'adds', module: 'a.py', steps: [{ do: 'call', name: 'add', args: [1, 2], expect: 3 }] }],
  reference: { 'a.py': `def add(a, b):\n    return ${right}\n` },
  wrong: { 'a.py': `def add(a, b):\n    return ${wrong}\n` },
});
const suiteOf = (name: string, items: EvalSuite['items']): EvalSuite =>
  EvalSuiteSchema.parse({
    ...{ name, title: 'Sums', category: 'math', licence: 'CC0-1.0', items },
    sampler: { temperature: 0, maxTokens: 64 },
  });

async function saved(suite: EvalSuite): Promise<void> {
  const head = await waitFor(
    () =>
      world.ask(calls.saveEvalSuite, { suite }).catch((error: unknown) => {
        if ((error as { isRetryable?: boolean }).isRetryable === true) return undefined;
        throw error;
      }),
    { what: 'the suite to be saved' },
  );
  expect(head.faults).toBeNull();
}

/** Once all of its solutions have been tried that can be. */
function checked(name: string, isSo: (detail: EvalSuiteDetail) => boolean = () => true) {
  return waitFor(
    async () => {
      const detail = await world.ask(calls.evalSuite, { name });
      return detail.check?.at != null && isSo(detail) ? detail : undefined;
    },
    { what: `the solutions of ${name} to be tried` },
  );
}

const mixed = suiteOf('mixed', [
  sum('sum/fine', 'It is 42.', 'It is 41.'),
  sum('sum/reference', 'It is 43.', 'It is 41.'),
  add('code/fine', 'a + b', 'a - b'),
  add('code/wrong', 'a + b', 'b + a'),
  add('code/reference', 'a * b', 'a - b'),
]);

test('without a sandbox code is left out, and said to be', async () => {
  replica = await world.service();
  await saved(mixed);
  const { check, head } = await checked('mixed');
  expect(check).toMatchObject({
    ...{ total: 10, tried: 4, leftOut: 6, reason: expect.stringContaining('No sandbox is usable') },
    faults: [{ item: 'sum/reference', solution: 'reference' }],
  });
  expect(head.faults).toBe(1);
  await saved(suiteOf('code', [add('code/fine', 'a + b', 'a - b')]));
  // Nothing was tried, so nothing is said to be right.
  expect((await checked('code')).head.faults).toBeNull();
});

test('where a sandbox is usable the rest is tried, and it is told what fails and what passes', async () => {
  await replica.stop();
  replica = await world.service({ BOOCONTROL_SANDBOX: folder });
  const { check, head } = await checked('mixed', (detail) => detail.check?.leftOut === 0);
  expect(check).toMatchObject({ total: 10, tried: 10, reason: null });
  expect(check?.faults.map(({ item, solution }) => `${item} ${solution}`)).toEqual([
    'sum/reference reference',
    'code/wrong wrong',
    'code/reference reference',
  ]);
  expect(check?.faults.map(({ message }) => message)).toEqual([
    expect.stringContaining('The reference does not pass:'),
    expect.stringContaining('The wrong solution passes'),
    expect.stringContaining('The reference does not pass:'),
  ]);
  expect(head.faults).toBe(3);
  const { suites } = await world.ask(calls.evalSuites, {});
  expect(suites.find(({ name }) => name === 'mixed')?.faults).toBe(3);
  expect(suites.find(({ origin }) => origin === 'builtin')?.faults).toBeNull();
});

test('each version is tried anew, and what a process has left half done is done by another', async () => {
  const mended = suiteOf('mixed', [sum('sum/reference', 'It is 42.', 'It is 41.')]);
  await saved(mended);
  const { head } = await checked('mixed');
  expect(head.faults).toBe(0);
  await world
    .db(replica)
    .query(
      `UPDATE evals.checks SET done_at = NULL, tried = 0, claimed_at = now() - interval '1 hour' WHERE hash = $1`,
      [head.hash],
    );
  // Whatever is stored has the processes look at once.
  await saved(suiteOf('other', [sum('sum/fine', 'It is 42.', 'It is 41.')]));
  expect((await checked('mixed')).check).toMatchObject({ tried: 2, total: 2, faults: [] });
});
