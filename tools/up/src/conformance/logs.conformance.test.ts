import { test } from 'vitest';
import { describeLogs } from './logs.js';
import { startReal } from './real.js';

// tools/up/conformance.mjs runs this only where all of it is given.
const { LLAMA_SERVER_BIN: binary, LLAMA_MODEL: model } = process.env;
const builds = (['A', 'B', 'C'] as const).flatMap((generation) => {
  const swap = process.env[`LLAMA_SWAP_BIN_${generation}`];
  return swap && binary && model ? [{ generation, swap, llama: { binary, model } }] : [];
});
for (const { generation, swap, llama } of builds) {
  const name = `llama.cpp servers behind llama-swap generation ${generation}`;
  describeLogs(name, generation, (options) => startReal(swap, options), llama);
}
if (builds.length === 0)
  test('LLAMA_SERVER_BIN, LLAMA_MODEL and one of LLAMA_SWAP_BIN_A, _B, _C are set', () =>
    Promise.reject(new Error('run it with: npm run conformance')));
