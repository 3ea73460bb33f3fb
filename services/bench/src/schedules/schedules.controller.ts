import { calls, type BenchSchedule } from '@boocontrol/contracts';
import { answering, refuse, Serve } from '@boocontrol/platform';
import { Controller, Inject } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { z } from 'zod';
import { Suites } from '../suites/suites.js';
import { isTimeZone, nextDue } from './due.js';
import { NOW, type Now } from './scheduler.js';
import { listSchedules, removeSchedule, storeSchedule } from './schedules.repository.js';

const NO_SUCH_SCHEDULE = 'There is no such schedule. It may have been removed.';

/** Runs that begin by themselves. */
@Controller()
export class SchedulesController {
  constructor(
    @Inject(DataSource) private readonly db: DataSource,
    @Inject(Suites) private readonly suites: Suites,
    @Inject(NOW) private readonly now: Now,
  ) {}

  @Serve(calls.benchSchedules)
  list({
    cursor,
  }: z.output<typeof calls.benchSchedules.request>): Promise<z.output<typeof calls.benchSchedules.reply>> {
    return answering('benchmarks', listSchedules(this.db, cursor));
  }

  @Serve(calls.saveBenchSchedule)
  save(request: z.output<typeof calls.saveBenchSchedule.request>): Promise<BenchSchedule> {
    return answering('benchmarks', this.store(request));
  }

  @Serve(calls.removeBenchSchedule)
  async remove({ id }: z.output<typeof calls.removeBenchSchedule.request>): Promise<null> {
    if (await answering('benchmarks', removeSchedule(this.db, id))) return null;
    throw refuse(calls.removeBenchSchedule, 'unknown_schedule', NO_SUCH_SCHEDULE);
  }

  /** @throws {CallError} `unknown_schedule`, `unknown_suite`, `unknown_time_zone`, `nothing_to_measure` */
  private async store({
    id,
    ...input
  }: z.output<typeof calls.saveBenchSchedule.request>): Promise<BenchSchedule> {
    const call = calls.saveBenchSchedule;
    const { suiteName, targets, timeZone, enabled } = input;
    if (!isTimeZone(timeZone))
      throw refuse(call, 'unknown_time_zone', `There is no time zone "${timeZone}". One is Europe/Berlin.`);
    const suite = await this.suites.byName(suiteName);
    if (suite === null) throw refuse(call, 'unknown_suite', `There is no suite "${suiteName}".`);
    if (targets.length === 0 && suite.suite.targets.length === 0)
      throw refuse(
        call,
        'nothing_to_measure',
        `The suite "${suiteName}" names no models of hosts. Say which ones to measure.`,
      );
    const stored = await storeSchedule(this.db, id, input, enabled ? nextDue(input, this.now()) : null);
    if (stored === null) throw refuse(call, 'unknown_schedule', NO_SUCH_SCHEDULE);
    return stored;
  }
}
