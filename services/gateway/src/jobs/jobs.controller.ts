import { JobsQuerySchema, JobsSchema, type Jobs } from '@boocontrol/contracts';
import { Controller, Inject } from '@nestjs/common';
import type { z } from 'zod';
import { ApiError } from '../http/errors.js';
import { QueryOf, Route } from '../http/route.js';
import { JobsLive } from './jobs-live.js';

@Controller('api/jobs')
export class JobsController {
  constructor(@Inject(JobsLive) private readonly live: JobsLive) {}

  @Route({
    method: 'get',
    path: '',
    tag: 'jobs',
    summary: 'Jobs of all kinds: benchmarks and the like',
    description:
      'Those that were heard of in the last seven days, 1,000 at most. What a kind has of its own is asked of its own routes. Live changes: the socket’s room `jobs`.',
    status: 200,
    response: JobsSchema,
    responseDescription: 'Last heard of first',
    errors: ['validation', 'starting'],
  })
  list(@QueryOf(JobsQuerySchema) query: z.output<typeof JobsQuerySchema>): Jobs {
    const { jobs } = this.live;
    if (jobs === null)
      throw new ApiError('starting', 'Jobs are being read from the log; try again in a moment.');
    return { jobs: jobs.list(query) };
  }
}
