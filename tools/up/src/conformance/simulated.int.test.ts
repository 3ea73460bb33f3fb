import { describeCommands } from './commands.js';
import { describeLlama } from './llama.js';
import { describeConformance } from './scenarios.js';
import { startSimulated } from './simulated.js';

// The same scenarios as against the real thing (npm run conformance), so that they cannot rot where no real build is.
for (const generation of ['A', 'B', 'C'] as const) {
  describeConformance(`the simulator, generation ${generation}`, generation, startSimulated);
  describeCommands(`the simulator, generation ${generation}`, generation, startSimulated);
  describeLlama(`the simulator as llama.cpp, generation ${generation}`, generation, startSimulated, {
    binary: '',
    model: '',
  });
}
