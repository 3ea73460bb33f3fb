import { ENVIRONMENT } from '@boocontrol/platform';
import { Module } from '@nestjs/common';
import { TIMINGS } from '../timings.js';
import { CONNECTOR_TIMINGS, ConnectorFactory } from './connector-factory.js';

@Module({
  providers: [
    ConnectorFactory,
    { provide: ENVIRONMENT, useValue: process.env },
    { provide: CONNECTOR_TIMINGS, useValue: TIMINGS },
  ],
  exports: [ConnectorFactory],
})
export class HostModule {}
