import { SuiteSchema, type Sample } from '@boocontrol/contracts';
import { openSession, type MeasuredCell, type Session } from '@boocontrol/measure';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SLOW_MODEL, type HostUnderTest } from './host.js';
import { startReal } from './real.js';

// tools/up/conformance.mjs runs this only where all of it is given. One build is enough: what is measured is llama.cpp.
const { LLAMA_SERVER_BIN: binary, LLAMA_MODEL: model } = process.env;
const swap = ['C', 'B', 'A'].map((generation) => process.env[`LLAMA_SWAP_BIN_${generation}`]).find(Boolean);

const PROMPT = 256;
const OUTPUT = 96;
/** How far our speeds may be from the server's own. */
const TOLERANCE = 0.1;
/** A machine that does other things too holds up one reader or the other: then it is measured again. */
const RUNS = 3;

const suite = SuiteSchema.parse({
  name: 'conformance',
  endpoint: 'completions',
  promptTokens: [PROMPT],
  outputTokens: [OUTPUT],
  repetitions: 5,
  warmup: { requests: 2, until: 'count' },
  sampling: { temperature: 0.8, seed: 11 },
});

function medianOf(samples: readonly Sample[], ratio: (sample: Sample) => number): number {
  const sorted = samples.map(ratio).sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? NaN;
}

describe('what is measured of a real llama.cpp server', () => {
  let host: HostUnderTest;
  let session: Session;
  let result: MeasuredCell;
  let good: Sample[];
  const run = async (attempt: number): Promise<void> => {
    const { index, spec } = session.next([]) ?? expect.fail('a suite without cells');
    result = await session.measureCell(index, spec, { attempt });
    good = result.samples.filter(({ status }) => status === 'ok');
  };

  beforeAll(async () => {
    if (!swap || !binary || !model) throw new Error('run it with: npm run conformance');
    host = await startReal(swap, { generation: 'C', apiKeys: [], llama: { binary, model } });
    session = await openSession({ url: host.url, model: SLOW_MODEL.id, suite });
    await run(0);
  }, 300_000);
  afterAll(async () => {
    await session?.close();
    await host?.stop();
  });

  test('the run ends clean, and knows what it measured', () => {
    expect(result.cell).toMatchObject({ state: 'measured', reason: null });
    expect(session.next([result.cell])).toBeNull();
    expect(session.calibration.method).toBe('tokenizer');
    expect(session.loadMs).toBeGreaterThan(0);
    expect(session.fingerprint).toMatchObject({ hostKind: 'llama-swap', contextTokens: 1_024, slots: 2 });
    expect(session.fingerprint.engineBuild).not.toBeNull();
    expect(good.length).toBeGreaterThanOrEqual(suite.repetitions - 1);
  });

  test('prompts have the length that was asked for within 2 %, answers exactly', () => {
    for (const { promptTokens, outputTokens } of good) {
      expect(Math.abs((promptTokens ?? 0) / PROMPT - 1)).toBeLessThanOrEqual(0.02);
      expect(outputTokens).toBe(OUTPUT);
    }
  });

  test('cold prompts are cold', () => {
    for (const { cacheTokens } of good) expect(cacheTokens).toBe(0);
  });

  test('our speed of generation and the server’s own timings agree within 10 %', async () => {
    // The server counts the first token and its clock begins with it: n tokens in n − 1 times.
    const apart = (): number =>
      Math.abs(
        medianOf(good, (sample) => {
          const theirs = ((sample.hostGenTps ?? NaN) * (OUTPUT - 1)) / OUTPUT;
          return 1000 / (sample.tpotMs ?? NaN) / theirs;
        }) - 1,
      );
    for (let again = 1; again < RUNS && !(apart() <= TOLERANCE); again += 1) await run(again);
    expect(apart()).toBeLessThanOrEqual(TOLERANCE);
  }, 300_000);

  test('our speed of reading prompts is at most the server’s own: it has the way there and back in it', () => {
    const ratio = medianOf(
      good,
      ({ promptTokens, ttftMs, hostPromptTps }) =>
        (1000 * (promptTokens ?? NaN)) / (ttftMs ?? NaN) / (hostPromptTps ?? NaN),
    );
    expect(ratio).toBeGreaterThan(0);
    expect(ratio).toBeLessThanOrEqual(1 + TOLERANCE);
  });
});
