import { bootstrap, loadConfig } from '@boocontrol/platform';
import { fleetStateConfig } from './config.js';
import { startFleetState } from './service.js';

try {
  await startFleetState(loadConfig(fleetStateConfig), bootstrap);
} catch (error) {
  // Before there is a logger: a variable is wrong. The message says which and what to do.
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}
