import { Module } from '@nestjs/common';
import { BenchBaselinesController } from './baselines.controller.js';
import { BenchExportController } from './export.controller.js';
import { BenchFiguresController } from './figures.controller.js';
import { BenchRunsController } from './runs.controller.js';
import { BenchSchedulesController } from './schedules.controller.js';
import { BenchSuitesController } from './suites.controller.js';

/** Benchmarks: what the bench service keeps and does, over REST. */
@Module({
  controllers: [
    BenchSuitesController,
    BenchRunsController,
    BenchExportController,
    BenchBaselinesController,
    BenchSchedulesController,
    BenchFiguresController,
  ],
})
export class BenchModule {}
