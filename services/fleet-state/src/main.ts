import { bootstrap, loadConfig } from '@boocontrol/platform';
import { fleetStateConfig } from './config.js';
import { startFleetState } from './service.js';

await startFleetState(loadConfig(fleetStateConfig), bootstrap);
