import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CONFIG } from '@boocontrol/platform';
import { Module } from '@nestjs/common';
import type { GatewayConfig } from '../config.js';
import { EdgeModule } from '../edge/edge.module.js';
import { ExportIndex } from './export-index.js';
import { WebApp } from './web-app.js';

const DEFAULT_WEB_DIR = fileURLToPath(new URL('../../../../web/out', import.meta.url));

@Module({
  imports: [EdgeModule],
  providers: [
    WebApp,
    {
      provide: ExportIndex,
      inject: [CONFIG],
      useFactory: ({ BOOCONTROL_WEB_DIR: dir }: GatewayConfig) =>
        new ExportIndex(resolve(dir ?? DEFAULT_WEB_DIR)),
    },
  ],
  exports: [ExportIndex, WebApp],
})
export class WebModule {}
