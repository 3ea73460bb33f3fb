import { describe } from 'vitest';
import { describeCommands } from './commands.js';
import { describeLlama } from './llama.js';
import { describeLogs } from './logs.js';
import { describeConformance } from './scenarios.js';
import { startSimulated } from './simulated.js';

// The same scenarios as against the real thing (npm run conformance), so that they cannot rot where no real build is.
// Suites run beside each other, because they mostly wait for models; what is in one runs in order.
describe.concurrent.each(['A', 'B', 'C'] as const)('generation %s', (generation) => {
  describeConformance('the simulator', generation, startSimulated);
  describeCommands('the simulator', generation, startSimulated);
  describeLogs('the simulator', generation, startSimulated);
  describeLlama('the simulator as llama.cpp', generation, startSimulated, { binary: '', model: '' });
});
