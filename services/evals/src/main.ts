import 'reflect-metadata';
import { bootstrap, loadConfig, runMain } from '@boocontrol/platform';
import { evalsConfig } from './config.js';
import { EvalsServiceModule } from './evals-service.module.js';

await runMain(() =>
  bootstrap({ name: 'evals', config: loadConfig(evalsConfig), module: EvalsServiceModule.of() }),
);
