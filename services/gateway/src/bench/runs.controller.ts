import {
  BenchIdSchema,
  BenchSamplesQuerySchema,
  calls,
  EstimateBenchSchema,
  ImportBenchSchema,
  RerunBenchSchema,
  StartBenchSchema,
  type BenchEstimate,
  type BenchRun,
  type BenchRunDetail,
  type BenchRunsPage,
  type BenchSamplesPage,
} from '@boocontrol/contracts';
import { RpcClient } from '@boocontrol/platform';
import { Controller, Inject } from '@nestjs/common';
import type { z } from 'zod';
import { BodyOf, ParamOf, QueryOf, Route, SourceOf } from '../http/route.js';
import { askService } from '../rpc/ask-service.js';
import { BODY_ERRORS, COMMAND, ERRORS, QUESTION, TAG } from './bench-service.js';

const Id = BenchIdSchema.shape.id;
const AgainstSchema = calls.benchRun.request.pick({ against: true });
const SamplesSchema = BenchSamplesQuerySchema.omit({ id: true });

/** Runs: passed on to the bench service. */
@Controller('api/bench')
export class BenchRunsController {
  constructor(@Inject(RpcClient) private readonly client: RpcClient) {}

  @Route({
    method: 'post',
    path: 'estimate',
    tag: TAG,
    summary: 'How long a run would take, and whom it would disturb',
    description: 'Nothing is done, and no host is asked.',
    status: 200,
    largeBody: true,
    response: calls.estimateBench.reply,
    responseDescription: 'For each model of each host, and for all',
    errors: BODY_ERRORS,
    passesOn: [calls.estimateBench],
  })
  estimate(@BodyOf(EstimateBenchSchema) body: z.output<typeof EstimateBenchSchema>): Promise<BenchEstimate> {
    return askService(this.client, calls.estimateBench, body, QUESTION);
  }

  @Route({
    method: 'post',
    path: 'runs',
    tag: TAG,
    summary: 'Measure models of hosts by a suite',
    description:
      'Each model of each host is a run: hosts are measured side by side, models of one host one after the other, under a lease. A refusal with `requiresConfirmation` says who uses the host: the same again with `confirm: true` takes it from them. What becomes of a run is told on the socket (`control_job`) and by GET /api/bench/runs/{id}.',
    status: 202,
    largeBody: true,
    response: calls.startBench.reply,
    responseDescription: 'Each waits for its turn',
    errors: BODY_ERRORS,
    passesOn: [calls.startBench],
  })
  start(
    @BodyOf(StartBenchSchema) body: z.output<typeof StartBenchSchema>,
    @SourceOf() source: string,
  ): Promise<z.output<typeof calls.startBench.reply>> {
    return askService(this.client, calls.startBench, { ...body, source }, COMMAND);
  }

  @Route({
    method: 'get',
    path: 'runs',
    tag: TAG,
    summary: 'Runs under way, and those that have ended',
    description: 'Follow `nextCursor` for older ones.',
    status: 200,
    response: calls.benchRuns.reply,
    responseDescription: 'Those under way, and one page of what has ended, newest first',
    errors: ERRORS,
    passesOn: [calls.benchRuns],
  })
  list(
    @QueryOf(calls.benchRuns.request) query: z.output<typeof calls.benchRuns.request>,
  ): Promise<BenchRunsPage> {
    return askService(this.client, calls.benchRuns, query, QUESTION);
  }

  @Route({
    method: 'get',
    path: 'runs/:id',
    tag: TAG,
    summary: 'One run with its cells, held against its baseline',
    status: 200,
    response: calls.benchRun.reply,
    responseDescription: 'As it stands now',
    errors: ERRORS,
    passesOn: [calls.benchRun],
  })
  one(
    @ParamOf('id', Id) id: string,
    @QueryOf(AgainstSchema) { against }: z.output<typeof AgainstSchema>,
  ): Promise<BenchRunDetail> {
    return askService(this.client, calls.benchRun, { id, against }, QUESTION);
  }

  @Route({
    method: 'delete',
    path: 'runs/:id',
    tag: TAG,
    summary: 'Remove a run that has ended, its samples included',
    status: 204,
    responseDescription: 'Removed',
    errors: ERRORS,
    passesOn: [calls.removeBenchRun],
  })
  async remove(@ParamOf('id', Id) id: string): Promise<void> {
    await askService(this.client, calls.removeBenchRun, { id }, COMMAND);
  }

  @Route({
    method: 'post',
    path: 'runs/:id/cancel',
    tag: TAG,
    summary: 'End a run before its end',
    description: 'What was measured stands, and the host is free at once.',
    status: 200,
    response: calls.cancelBench.reply,
    responseDescription: 'The run, cancelled or about to be',
    errors: ERRORS,
    passesOn: [calls.cancelBench],
  })
  cancel(@ParamOf('id', Id) id: string, @SourceOf() source: string): Promise<BenchRun> {
    return askService(this.client, calls.cancelBench, { id, source }, COMMAND);
  }

  @Route({
    method: 'post',
    path: 'runs/:id/rerun',
    tag: TAG,
    summary: 'Measure cells of a run again',
    description:
      'Those that something else may have touched, those that the run ended before (`unmeasured`), or those that are named. Confirmed as a new run.',
    status: 202,
    response: calls.rerunBench.reply,
    responseDescription: 'The run, which waits for its turn again',
    errors: BODY_ERRORS,
    passesOn: [calls.rerunBench],
  })
  rerun(
    @ParamOf('id', Id) id: string,
    @BodyOf(RerunBenchSchema) body: z.output<typeof RerunBenchSchema>,
    @SourceOf() source: string,
  ): Promise<BenchRun> {
    return askService(this.client, calls.rerunBench, { ...body, id, source }, COMMAND);
  }

  @Route({
    method: 'get',
    path: 'runs/:id/samples',
    tag: TAG,
    summary: 'Every request of a run',
    description: 'Follow `nextCursor` until it is null.',
    status: 200,
    response: calls.benchSamples.reply,
    responseDescription: 'One page, in the order of cells and of their sending',
    errors: ERRORS,
    passesOn: [calls.benchSamples],
  })
  samples(
    @ParamOf('id', Id) id: string,
    @QueryOf(SamplesSchema) query: z.output<typeof SamplesSchema>,
  ): Promise<BenchSamplesPage> {
    return askService(this.client, calls.benchSamples, { ...query, id }, QUESTION);
  }

  @Route({
    method: 'post',
    path: 'imports',
    tag: TAG,
    summary: 'Keep what llama-bench has measured',
    description:
      'What `llama-bench -o json` printed, in `output`. It stands beside what is measured over HTTP and is never compared with it: the server is slower than the engine alone.',
    status: 201,
    largeBody: true,
    response: calls.importBench.reply,
    responseDescription: 'A run that has ended',
    errors: BODY_ERRORS,
    passesOn: [calls.importBench],
  })
  import(
    @BodyOf(ImportBenchSchema) body: z.output<typeof ImportBenchSchema>,
    @SourceOf() source: string,
  ): Promise<BenchRun> {
    return askService(this.client, calls.importBench, { ...body, source }, COMMAND);
  }
}
