import {
  calls,
  type EvalSuiteDetail,
  type EvalSuiteHead,
  type EvalSuites,
  type ImportedEvalSuite,
} from '@boocontrol/contracts';
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

  @Serve(calls.evalSuites)
  async list({ cursor }: z.output<typeof calls.evalSuites.request>): Promise<EvalSuites> {
    const page = await answering('evals', this.suites.list(cursor));
    return { ...page, problems: [...this.sources.problems] };
  }

  @Serve(calls.evalSuite)
  one({ name, hash }: z.output<typeof calls.evalSuite.request>): Promise<EvalSuiteDetail> {
    return answering('evals', this.suites.detail(name, hash));
  }

  @Serve(calls.saveEvalSuite)
  async save({ suite, ifHash }: z.output<typeof calls.saveEvalSuite.request>): Promise<EvalSuiteHead> {
    return answering('evals', this.suites.save(suite, ifHash));
  }

  @Serve(calls.removeEvalSuite)
  async remove({ name }: z.output<typeof calls.removeEvalSuite.request>): Promise<null> {
    await answering('evals', this.suites.remove(name));
    return null;
  }

  @Serve(calls.retireEvalItem)
  retire({ name, ...item }: z.output<typeof calls.retireEvalItem.request>): Promise<EvalSuiteHead> {
    return answering('evals', this.suites.retire(name, item));
  }

  @Serve(calls.importEvalSuite)
  import(request: z.output<typeof calls.importEvalSuite.request>): Promise<ImportedEvalSuite> {
    return answering('evals', this.suites.import(request));
  }
}
