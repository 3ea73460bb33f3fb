import {
  BenchScheduleInputSchema,
  BenchSchedulesSchema,
  calls,
  type BenchSchedule,
} from '@boocontrol/contracts';
import { RpcClient } from '@boocontrol/platform';
import { Controller, Inject } from '@nestjs/common';
import type { z } from 'zod';
import { BodyOf, ParamOf, Route } from '../http/route.js';
import { askService } from '../rpc/ask-service.js';
import { BODY_ERRORS, COMMAND, ERRORS, QUESTION, TAG } from './bench-service.js';
import { everyPage } from '../rpc/every-page.js';

const Id = calls.removeBenchSchedule.request.shape.id;
type Input = z.output<typeof BenchScheduleInputSchema>;

/** Runs that begin by themselves: passed on to the bench service. */
@Controller('api/bench/schedules')
export class BenchSchedulesController {
  constructor(@Inject(RpcClient) private readonly client: RpcClient) {}

  @Route({
    method: 'get',
    path: '',
    tag: TAG,
    summary: 'Runs that begin by themselves',
    status: 200,
    response: BenchSchedulesSchema,
    responseDescription: 'The next one first, with what became of each the last time',
    errors: ERRORS,
  })
  async list(): Promise<z.output<typeof BenchSchedulesSchema>> {
    const pages = everyPage((cursor) => askService(this.client, calls.benchSchedules, { cursor }, QUESTION));
    const schedules: BenchSchedule[] = [];
    for await (const page of pages) schedules.push(...page.schedules);
    return { schedules };
  }

  @Route({
    method: 'post',
    path: '',
    tag: TAG,
    summary: 'Have runs begin by themselves',
    description:
      'At a time of day of a time zone. They never take a host from anybody: a host that is used or leased is left out, and `last` says why.',
    status: 201,
    response: calls.saveBenchSchedule.reply,
    responseDescription: 'Made; `nextAt` is when it is due',
    errors: BODY_ERRORS,
    passesOn: [calls.saveBenchSchedule],
  })
  create(@BodyOf(BenchScheduleInputSchema) body: Input): Promise<BenchSchedule> {
    return askService(this.client, calls.saveBenchSchedule, body, COMMAND);
  }

  @Route({
    method: 'put',
    path: ':id',
    tag: TAG,
    summary: 'Change a schedule',
    description: 'The whole of it is replaced.',
    status: 200,
    response: calls.saveBenchSchedule.reply,
    responseDescription: 'Changed',
    errors: BODY_ERRORS,
    passesOn: [calls.saveBenchSchedule],
  })
  replace(
    @ParamOf('id', Id) id: string,
    @BodyOf(BenchScheduleInputSchema) body: Input,
  ): Promise<BenchSchedule> {
    return askService(this.client, calls.saveBenchSchedule, { ...body, id }, COMMAND);
  }

  @Route({
    method: 'delete',
    path: ':id',
    tag: TAG,
    summary: 'Remove a schedule',
    description: 'Its runs stay.',
    status: 204,
    responseDescription: 'Removed',
    errors: ERRORS,
    passesOn: [calls.removeBenchSchedule],
  })
  async remove(@ParamOf('id', Id) id: string): Promise<void> {
    await askService(this.client, calls.removeBenchSchedule, { id }, COMMAND);
  }
}
