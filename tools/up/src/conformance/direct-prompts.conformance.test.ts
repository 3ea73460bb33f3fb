import { test } from 'vitest';
import { REAL_BUILDS } from './builds.js';
import { describeDirectPrompts } from './direct-prompts.js';
import { startReal } from './real.js';

// tools/up/conformance.mjs runs this only where all of it is given.
const { LLAMA_SERVER_BIN: server, LLAMA_MODEL: model } = process.env;
const builds = server && model ? REAL_BUILDS : [];
for (const { generation, binary } of builds) {
  const name = `prompts straight to llama.cpp behind llama-swap generation ${generation}`;
  const llama = { binary: server ?? '', model: model ?? '' };
  describeDirectPrompts(name, generation, (options) => startReal(binary, options), llama);
}
if (builds.length === 0)
  test('LLAMA_SERVER_BIN, LLAMA_MODEL and one of LLAMA_SWAP_BIN_A, _B, _C are set', () =>
    Promise.reject(new Error('run it with: npm run conformance')));
