import { calls, type BenchSuite } from '@boocontrol/contracts';
import { answering, Serve } from '@boocontrol/platform';
import { Controller, Inject } from '@nestjs/common';
import type { z } from 'zod';
import { SuiteSources } from './suite-sources.js';
import { Suites } from './suites.js';

@Controller()
export class SuitesController {
  constructor(
    @Inject(Suites) private readonly suites: Suites,
    @Inject(SuiteSources) private readonly sources: SuiteSources,
  ) {}

  @Serve(calls.benchSuites)
  async list({
    cursor,
  }: z.output<typeof calls.benchSuites.request>): Promise<z.output<typeof calls.benchSuites.reply>> {
    const page = await answering('benchmarks', this.suites.list(cursor));
    return { ...page, problems: [...this.sources.problems] };
  }

  @Serve(calls.benchSuiteVersions)
  versions({
    name,
    cursor,
  }: z.output<typeof calls.benchSuiteVersions.request>): Promise<
    z.output<typeof calls.benchSuiteVersions.reply>
  > {
    return answering('benchmarks', this.suites.versions(name, cursor));
  }

  @Serve(calls.saveBenchSuite)
  save({ name, suite, ifHash }: z.output<typeof calls.saveBenchSuite.request>): Promise<BenchSuite> {
    return answering('benchmarks', this.suites.save(name, suite, ifHash));
  }

  @Serve(calls.removeBenchSuite)
  async remove({ name }: z.output<typeof calls.removeBenchSuite.request>): Promise<null> {
    await answering('benchmarks', this.suites.remove(name));
    return null;
  }
}
