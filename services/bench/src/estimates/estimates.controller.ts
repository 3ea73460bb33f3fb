import { calls, type BenchEstimate } from '@boocontrol/contracts';
import { answering, Serve } from '@boocontrol/platform';
import { Controller, Inject } from '@nestjs/common';
import type { z } from 'zod';
import { Estimates } from './estimates.js';

@Controller()
export class EstimatesController {
  constructor(@Inject(Estimates) private readonly estimates: Estimates) {}

  @Serve(calls.estimateBench)
  estimate(request: z.output<typeof calls.estimateBench.request>): Promise<BenchEstimate> {
    return answering('benchmarks', this.estimates.of(request));
  }
}
