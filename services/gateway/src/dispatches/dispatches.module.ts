import { Module } from '@nestjs/common';
import { tableRetention } from '../database/table-retention.js';
import { RECORDER } from '../inference/parts.js';
import { KeysModule } from '../keys/keys.module.js';
import { DispatchRecorder } from './dispatch-recorder.js';
import { DispatchesConsumer } from './dispatches.consumer.js';
import { DispatchesController } from './dispatches.controller.js';

/** Records of requests to /v1: to the log, from there into the table, and to whoever asks. */
@Module({
  imports: [KeysModule],
  controllers: [DispatchesController],
  providers: [
    DispatchRecorder,
    DispatchesConsumer,
    tableRetention('gateway.dispatches'),
    { provide: RECORDER, useExisting: DispatchRecorder },
  ],
  exports: [RECORDER, DispatchRecorder],
})
export class DispatchesModule {}
