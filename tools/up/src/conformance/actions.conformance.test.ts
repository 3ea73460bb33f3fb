import { describe } from 'vitest';
import { describeActions, withActions } from './actions.js';
import { REAL_BUILDS } from './builds.js';
import { startReal } from './real.js';

const running = withActions();
describe.concurrent.each(REAL_BUILDS)('generation $generation', ({ generation, binary }) => {
  describeActions('llama-swap', generation, (options) => startReal(binary, options), running);
});
