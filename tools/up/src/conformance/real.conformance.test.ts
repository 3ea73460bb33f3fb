import { describe, test } from 'vitest';
import { describeCommands } from './commands.js';
import { startReal } from './real.js';
import { describeConformance } from './scenarios.js';

// tools/up/conformance.mjs says which builds are missing and why.
const builds = (['A', 'B', 'C'] as const).flatMap((generation) => {
  const binary = process.env[`LLAMA_SWAP_BIN_${generation}`];
  return binary ? [{ generation, binary }] : [];
});
// Beside each other, because they mostly wait for models; what is in one suite runs in order.
describe.concurrent.each(builds)('generation $generation', ({ generation, binary }) => {
  describeConformance('llama-swap', generation, (options) => startReal(binary, options));
  describeCommands('llama-swap', generation, (options) => startReal(binary, options));
});
if (builds.length === 0)
  test('at least one of LLAMA_SWAP_BIN_A, _B, _C is set', () =>
    Promise.reject(new Error('run it with: npm run conformance')));
