import 'reflect-metadata';
import { bootstrap, loadConfig, runMain } from '@boocontrol/platform';
import { fleetStateConfig } from './config.js';
import { FleetStateModule } from './fleet-state.module.js';

await runMain(() =>
  bootstrap({
    name: 'fleet-state',
    config: loadConfig(fleetStateConfig),
    module: FleetStateModule,
  }),
);
