import { Module } from '@nestjs/common';
import { EvalBoardController } from './board.controller.js';
import { EvalExportController } from './export.controller.js';
import { EvalRunsController } from './runs.controller.js';
import { EvalSamplesController } from './samples.controller.js';
import { EvalSuitesController } from './suites.controller.js';

/** Measuring quality: what the evals service keeps and does, over REST. */
@Module({
  controllers: [
    EvalSuitesController,
    EvalRunsController,
    EvalSamplesController,
    EvalExportController,
    EvalBoardController,
  ],
})
export class EvalsModule {}
