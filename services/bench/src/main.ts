import 'reflect-metadata';
import { bootstrap, loadConfig, runMain } from '@boocontrol/platform';
import { BenchServiceModule } from './bench-service.module.js';
import { benchConfig } from './config.js';

await runMain(() =>
  bootstrap({ name: 'bench', config: loadConfig(benchConfig), module: BenchServiceModule.of() }),
);
