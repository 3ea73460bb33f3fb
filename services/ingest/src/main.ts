import 'reflect-metadata';
import { baseConfig, bootstrap, loadConfig, runMain } from '@boocontrol/platform';
import { IngestModule } from './ingest.module.js';

await runMain(() => bootstrap({ name: 'ingest', config: loadConfig(baseConfig), module: IngestModule }));
