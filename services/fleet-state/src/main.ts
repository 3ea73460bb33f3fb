import { bootstrap, loadConfig, runMain } from '@boocontrol/platform';
import { fleetStateConfig } from './config.js';
import { startFleetState } from './service.js';

await runMain(() => startFleetState(loadConfig(fleetStateConfig), bootstrap));
