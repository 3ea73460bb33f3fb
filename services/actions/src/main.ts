import 'reflect-metadata';
import { bootstrap, loadConfig, runMain } from '@boocontrol/platform';
import { ActionsServiceModule } from './actions-service.module.js';
import { actionsConfig } from './config.js';

await runMain(() =>
  bootstrap({ name: 'actions', config: loadConfig(actionsConfig), module: ActionsServiceModule.of() }),
);
