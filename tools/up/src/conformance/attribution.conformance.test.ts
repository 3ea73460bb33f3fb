import { describe, test } from 'vitest';
import { describeAttribution } from './attribution.js';
import { REAL_BUILDS } from './builds.js';
import { startReal } from './real.js';

for (const { generation, binary } of REAL_BUILDS) {
  describe(`generation ${generation}`, () => {
    describeAttribution('llama-swap', generation, (options) => startReal(binary, options), true);
    if (generation === 'C')
      describeAttribution('llama-swap', generation, (options) => startReal(binary, options), false);
  });
}
if (REAL_BUILDS.length === 0)
  test('at least one of LLAMA_SWAP_BIN_A, _B, _C is set', () =>
    Promise.reject(new Error('run it with: npm run conformance')));
