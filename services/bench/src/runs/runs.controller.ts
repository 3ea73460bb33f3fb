import {
  calls,
  type BenchRun,
  type BenchRunDetail,
  type BenchRunsPage,
  type Sample,
} from '@boocontrol/contracts';
import { answering, refuse, Serve } from '@boocontrol/platform';
import { Controller, Inject } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { z } from 'zod';
import { Cancelling } from './cancelling.js';
import { Details, NO_SUCH_RUN } from './details.js';
import { Launcher } from './launcher.js';
import { Reruns } from './reruns.js';
import { listRuns, listSamples } from './run-lists.repository.js';
import { jobs } from './jobs.js';
import { removeRun } from './removal.repository.js';

@Controller()
export class RunsController {
  constructor(
    @Inject(DataSource) private readonly db: DataSource,
    @Inject(Launcher) private readonly launcher: Launcher,
    @Inject(Reruns) private readonly reruns: Reruns,
    @Inject(Cancelling) private readonly cancelling: Cancelling,
    @Inject(Details) private readonly details: Details,
  ) {}

  @Serve(calls.startBench)
  start(request: z.output<typeof calls.startBench.request>): Promise<{ runs: BenchRun[] }> {
    return answering(
      'bench',
      this.launcher.launch(request).then((runs) => ({ runs })),
    );
  }

  @Serve(calls.rerunBench)
  rerun({ id, ...what }: z.output<typeof calls.rerunBench.request>): Promise<BenchRun> {
    return answering('bench', this.reruns.rerun(id, what));
  }

  @Serve(calls.cancelBench)
  cancel({ id, source }: z.output<typeof calls.cancelBench.request>): Promise<BenchRun> {
    return answering('bench', this.cancelling.cancel(id, source));
  }

  @Serve(calls.benchRuns)
  list(query: z.output<typeof calls.benchRuns.request>): Promise<BenchRunsPage> {
    return answering('bench', listRuns(this.db, query));
  }

  @Serve(calls.benchRun)
  one({ id, against }: z.output<typeof calls.benchRun.request>): Promise<BenchRunDetail> {
    return answering('bench', this.details.of(id, against));
  }

  @Serve(calls.benchSamples)
  samples(
    query: z.output<typeof calls.benchSamples.request>,
  ): Promise<{ samples: Sample[]; nextCursor: string | null }> {
    return answering('bench', this.samplesOf(query));
  }

  @Serve(calls.removeBenchRun)
  remove({ id }: z.output<typeof calls.removeBenchRun.request>): Promise<null> {
    return answering('bench', this.removed(id));
  }

  /** @throws {CallError} `unknown_run`, `bad_cursor` */
  private async samplesOf(
    query: z.output<typeof calls.benchSamples.request>,
  ): Promise<{ samples: Sample[]; nextCursor: string | null }> {
    if ((await jobs.find(this.db, query.id)) === null)
      throw refuse(calls.benchSamples, 'unknown_run', NO_SUCH_RUN);
    return listSamples(this.db, query);
  }

  /** @throws {CallError} `unknown_run`, `not_ended`, `is_baseline` */
  private async removed(id: string): Promise<null> {
    const call = calls.removeBenchRun;
    const outcome = await removeRun(this.db, id);
    if (outcome === 'unknown_run') throw refuse(call, outcome, NO_SUCH_RUN);
    if (outcome === 'not_ended')
      throw refuse(call, outcome, 'This run has not ended. Cancel it first, then remove it.');
    if (outcome === 'is_baseline')
      throw refuse(call, outcome, 'Other runs are held against this one. Set another baseline first.');
    return null;
  }
}
