import { calls, type BenchBaseline } from '@boocontrol/contracts';
import { answering, refuse, Serve } from '@boocontrol/platform';
import { Controller, Inject } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { z } from 'zod';
import { candidate, listBaselines, removeBaseline, setBaseline } from './baselines.repository.js';

/** Which runs others are held against, where somebody has said so. */
@Controller()
export class BaselinesController {
  constructor(@Inject(DataSource) private readonly db: DataSource) {}

  @Serve(calls.benchBaselines)
  async list(
    _request: z.output<typeof calls.benchBaselines.request>,
  ): Promise<{ baselines: BenchBaseline[] }> {
    return { baselines: await answering('benchmarks', listBaselines(this.db)) };
  }

  @Serve(calls.setBenchBaseline)
  set({ id, source }: z.output<typeof calls.setBenchBaseline.request>): Promise<BenchBaseline> {
    return answering('benchmarks', this.choose(id, source));
  }

  @Serve(calls.removeBenchBaseline)
  async remove(key: z.output<typeof calls.removeBenchBaseline.request>): Promise<null> {
    await answering('benchmarks', removeBaseline(this.db, key));
    return null;
  }

  /** @throws {CallError} `unknown_run`, `not_ended`, `nothing_measured` */
  private async choose(id: string, source: string): Promise<BenchBaseline> {
    const call = calls.setBenchBaseline;
    const run = await candidate(this.db, id);
    if (run === null) throw refuse(call, 'unknown_run', 'There is no such run. It may have been removed.');
    if (!run.hasEnded) throw refuse(call, 'not_ended', 'The run has not ended. Set it when it has.');
    if (run.kind === 'imported')
      throw refuse(
        call,
        'nothing_measured',
        'These are figures of llama-bench. What is measured over HTTP cannot be held against them.',
      );
    if (!run.hasMeasured)
      throw refuse(call, 'nothing_measured', 'Nothing was measured in this run. Choose another one.');
    const baseline = await setBaseline(this.db, id, source);
    if (baseline !== null) return baseline;
    throw refuse(call, 'not_ended', 'The run is being measured again. Set it when that has ended.');
  }
}
