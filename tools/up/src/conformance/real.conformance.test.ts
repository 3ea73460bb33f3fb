import { describe, test } from 'vitest';
import { REAL_BUILDS } from './builds.js';
import { describeCommands } from './commands.js';
import { startReal } from './real.js';
import { describeConformance } from './scenarios.js';

// Beside each other, because they mostly wait for models; what is in one suite runs in order.
describe.concurrent.each(REAL_BUILDS)('generation $generation', ({ generation, binary }) => {
  describeConformance('llama-swap', generation, (options) => startReal(binary, options));
  describeCommands('llama-swap', generation, (options) => startReal(binary, options));
});
if (REAL_BUILDS.length === 0)
  test('at least one of LLAMA_SWAP_BIN_A, _B, _C is set', () =>
    Promise.reject(new Error('run it with: npm run conformance')));
