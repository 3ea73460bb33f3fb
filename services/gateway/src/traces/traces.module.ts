import { createRequire } from 'node:module';
import { CONFIG, LOG, ProviderDirectory, ProviderDirectoryModule, type Log } from '@boocontrol/platform';
import { Module } from '@nestjs/common';
import type { GatewayConfig } from '../config.js';
import { TRACER } from '../inference/parts.js';
import { collectorOf } from './collector.js';
import { SpanQueue } from './span-queue.js';
import { SpanTracer } from './span-tracer.js';

const { version } = createRequire(import.meta.url)('../../package.json') as { version: string };

/** Spans of requests to /v1, where the environment names a collector. */
@Module({
  imports: [ProviderDirectoryModule],
  providers: [
    {
      provide: TRACER,
      inject: [CONFIG, LOG, ProviderDirectory],
      useFactory: (config: GatewayConfig, log: Log, directory: ProviderDirectory): SpanTracer | null => {
        const collector = collectorOf(config);
        if (collector === null) return null;
        log.info({ origin: new URL(collector.url).origin }, 'spans of requests to /v1 go to a collector');
        const attributes = {
          'service.name': config.OTEL_SERVICE_NAME,
          'service.version': version,
          'service.instance.id': config.SERVICE_INSTANCE,
        };
        const resource = { attributes, scope: { name: 'boocontrol.gateway', version } };
        const queue = new SpanQueue({ collector, resource, log });
        return new SpanTracer(queue, (id) => directory.get(id)?.baseUrl ?? null);
      },
    },
  ],
  exports: [TRACER],
})
export class TracesModule {}
