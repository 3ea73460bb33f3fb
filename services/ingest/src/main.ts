import 'reflect-metadata';
import { baseConfig, bootstrap, loadConfig } from '@boocontrol/platform';
import { IngestModule } from './ingest.module.js';

await bootstrap({ name: 'ingest', config: loadConfig(baseConfig), module: IngestModule });
