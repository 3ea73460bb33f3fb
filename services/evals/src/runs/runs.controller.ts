import {
  calls,
  type EvalRun,
  type EvalRunDetail,
  type EvalRunEstimate,
  type EvalRunsPage,
  type EvalSample,
  type EvalSamplesPage,
} from '@boocontrol/contracts';
import { answering, refuse, Serve } from '@boocontrol/platform';
import { Controller, Inject } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { z } from 'zod';
import { Cancelling } from './cancelling.js';
import { Details, NO_SUCH_RUN } from './details.js';
import { Estimates } from './estimates.js';
import { Launcher } from './launcher.js';
import { Resuming } from './resuming.js';
import { removeRun } from './runs.repository.js';
import { listRuns } from './sample-lists.repository.js';
import { Samples } from './samples.js';

const WHAT = 'evals';

@Controller()
export class RunsController {
  constructor(
    @Inject(DataSource) private readonly db: DataSource,
    @Inject(Launcher) private readonly launcher: Launcher,
    @Inject(Estimates) private readonly estimates: Estimates,
    @Inject(Resuming) private readonly resuming: Resuming,
    @Inject(Cancelling) private readonly cancelling: Cancelling,
    @Inject(Details) private readonly details: Details,
    @Inject(Samples) private readonly samples: Samples,
  ) {}

  @Serve(calls.estimateEval)
  estimate(request: z.output<typeof calls.estimateEval.request>): Promise<EvalRunEstimate> {
    return answering(WHAT, this.estimates.of(request));
  }

  @Serve(calls.startEval)
  start(request: z.output<typeof calls.startEval.request>): Promise<{ runs: EvalRun[] }> {
    return answering(
      WHAT,
      this.launcher.launch(request).then((runs) => ({ runs })),
    );
  }

  @Serve(calls.resumeEval)
  resume(request: z.output<typeof calls.resumeEval.request>): Promise<EvalRun> {
    return answering(WHAT, this.resuming.resume(request));
  }

  @Serve(calls.cancelEval)
  cancel({ id, source }: z.output<typeof calls.cancelEval.request>): Promise<EvalRun> {
    return answering(WHAT, this.cancelling.cancel(id, source));
  }

  @Serve(calls.evalRuns)
  list(query: z.output<typeof calls.evalRuns.request>): Promise<EvalRunsPage> {
    return answering(WHAT, listRuns(this.db, query));
  }

  @Serve(calls.evalRun)
  one(request: z.output<typeof calls.evalRun.request>): Promise<EvalRunDetail> {
    return answering(WHAT, this.details.of(request));
  }

  @Serve(calls.removeEvalRun)
  remove({ id }: z.output<typeof calls.removeEvalRun.request>): Promise<null> {
    return answering(WHAT, this.removed(id));
  }

  @Serve(calls.evalSamples)
  listSamples(query: z.output<typeof calls.evalSamples.request>): Promise<EvalSamplesPage> {
    return answering(WHAT, this.samples.list(query));
  }

  @Serve(calls.evalSample)
  sample(key: z.output<typeof calls.evalSample.request>): Promise<EvalSample> {
    return answering(WHAT, this.samples.one(key));
  }

  @Serve(calls.regradeEvalSample)
  regrade(request: z.output<typeof calls.regradeEvalSample.request>): Promise<EvalSample> {
    return answering(WHAT, this.samples.regrade(request));
  }

  /** @throws {CallError} `unknown_run`, `not_ended` */
  private async removed(id: string): Promise<null> {
    const outcome = await removeRun(this.db, id);
    if (outcome === 'unknown_run') throw refuse(calls.removeEvalRun, outcome, NO_SUCH_RUN);
    if (outcome === 'not_ended')
      throw refuse(calls.removeEvalRun, outcome, 'This run has not ended. Cancel it first, then remove it.');
    return null;
  }
}
