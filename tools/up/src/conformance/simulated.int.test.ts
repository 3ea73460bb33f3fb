import { describeConformance } from './scenarios.js';
import { startSimulated } from './simulated.js';

// The same scenarios as against the real thing (npm run conformance), so that they cannot rot where no real build is.
describeConformance('the simulator, generation A', 'A', startSimulated);
describeConformance('the simulator, generation B', 'B', startSimulated);
describeConformance('the simulator, generation C', 'C', startSimulated);
