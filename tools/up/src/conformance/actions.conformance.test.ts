import { describe } from 'vitest';
import { describeActions, withActions } from './actions.js';
import { REAL_BUILDS } from './builds.js';
import { startReal } from './real.js';

const { LLAMA_SERVER_BIN, LLAMA_MODEL } = process.env;
const llama = LLAMA_SERVER_BIN && LLAMA_MODEL ? { binary: LLAMA_SERVER_BIN, model: LLAMA_MODEL } : undefined;

const running = withActions();
describe.concurrent.each(REAL_BUILDS)('generation $generation', ({ generation, binary }) => {
  describeActions('llama-swap', generation, (options) => startReal(binary, options), running);
  if (llama !== undefined)
    describeActions(
      'llama-swap with llama.cpp',
      generation,
      (options) => startReal(binary, { ...options, llama }),
      running,
    );
});
