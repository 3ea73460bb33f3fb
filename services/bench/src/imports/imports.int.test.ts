import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BenchHistoryQuerySchema, calls, type BenchRun } from '@boocontrol/contracts';
import { MODEL } from '@boocontrol/stage';
import { projectRoot } from '@boocontrol/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Stage, type Host } from '../testing/stage.js';

let stage: Stage;
let host: Host;
beforeAll(async () => {
  stage = await Stage.open();
  host = await stage.host(await stage.service());
});
afterAll(() => stage?.close());

/** What llama-bench printed once. */
const printed = readFileSync(join(projectRoot(), 'libs/measure/src/testing/llama-bench.json'), 'utf8');
const body = (output: string) => ({ providerId: host.id, model: MODEL.id, output, source: 'anna' });
const put = (output: string): Promise<BenchRun> => stage.ask(calls.importBench, body(output));

test('figures of llama-bench are a run that has ended, of its own kind', async () => {
  const run = await put(printed);
  expect(run).toMatchObject({
    ...{ kind: 'imported', state: 'succeeded', suiteName: 'llama-bench import', source: 'anna' },
    ...{ providerId: host.id, model: MODEL.id, contaminated: 0, regressed: null },
    reason: { code: 'left_out' },
  });
  expect(run.engineBuild).toContain('11669');
  expect(run.headline.hostPromptTps).toBeGreaterThan(0);
  const { cells, fingerprint, comparison } = await stage.detail(run.id);
  expect(cells.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['pp64 tg0 d0 c1', 'pp0 tg32 d0 c1', 'pp64 tg0 d128 c1', 'pp0 tg32 d128 c1']),
  );
  expect(fingerprint?.hostKind).toBe('llama.cpp');
  expect(comparison.baseline).toBeNull();
});

test('nothing is held against it, and it is in no history but its own', async () => {
  await put(printed);
  const again = await put(printed);
  expect((await stage.detail(again.id)).comparison).toMatchObject({ baseline: null, judged: [] });
  const asked = { id: again.id, source: 'anna' };
  expect((await stage.refused(calls.setBenchBaseline, asked)).code).toBe('nothing_measured');
  const query = BenchHistoryQuerySchema.parse({ figure: 'hostGenTps', days: 3_650 });
  expect((await stage.ask(calls.benchHistory, query)).points).toEqual([]);
  const own = await stage.ask(calls.benchHistory, { ...query, suite: 'llama-bench import' });
  expect(own.points.length).toBeGreaterThan(0);
  expect((await stage.ask(calls.benchFastest, {})).models).toEqual([]);
});

test('text that a database cannot keep is kept without it', async () => {
  const run = await put(printed.replaceAll('"model_filename": "', '"model_filename": "a\\u0000b'));
  expect((await stage.detail(run.id)).fingerprint?.file).not.toContain('\0');
});

test('what is something else is refused with words', async () => {
  for (const output of ['no JSON', '[]', '{}', '[{"build_number":1}]', '[null]']) {
    const { code, message } = await stage.refused(calls.importBench, body(output));
    expect(code).toBe('not_llama_bench');
    expect(message).not.toBe('');
  }
  const both = (JSON.parse(printed) as { n_prompt: number; n_gen: number }[]).filter(
    ({ n_prompt: prompt, n_gen: gen }) => prompt > 0 && gen > 0,
  );
  expect((await stage.refused(calls.importBench, body(JSON.stringify(both)))).message).toContain('-pg');
  const elsewhere = { ...body(printed), providerId: 'nowhere' };
  expect((await stage.refused(calls.importBench, elsewhere)).code).toBe('unknown_provider');
});
