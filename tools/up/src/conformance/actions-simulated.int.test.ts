import { describe } from 'vitest';
import { describeActions, withActions } from './actions.js';
import { startSimulated } from './simulated.js';

const running = withActions();
describe.concurrent.each(['A', 'B', 'C'] as const)('generation %s', (generation) => {
  describeActions('the simulator', generation, startSimulated, running);
});
