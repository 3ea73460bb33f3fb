import { test } from 'vitest';
import { describeCommands } from './commands.js';
import { startReal } from './real.js';
import { describeConformance } from './scenarios.js';

// tools/up/conformance.mjs says which builds are missing and why.
const builds = (['A', 'B', 'C'] as const).flatMap((generation) => {
  const binary = process.env[`LLAMA_SWAP_BIN_${generation}`];
  return binary ? [{ generation, binary }] : [];
});
for (const { generation, binary } of builds) {
  const name = `llama-swap generation ${generation}`;
  describeConformance(name, generation, (options) => startReal(binary, options));
  describeCommands(name, generation, (options) => startReal(binary, options));
}
if (builds.length === 0)
  test('at least one of LLAMA_SWAP_BIN_A, _B, _C is set', () =>
    Promise.reject(new Error('run it with: npm run conformance')));
