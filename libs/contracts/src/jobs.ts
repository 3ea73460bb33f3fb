import { z } from 'zod';
import { InstantSchema, ProblemSchema, ShallowSchema } from './common.js';

/**
 * The life of a job (a benchmark, an eval run …): queued, running, then succeeded, failed, cancelled or interrupted.
 * `kind` is open: a new kind of job is no new schema. Fields that a kind has of its own stand beside those of the event.
 */
const jobFact = <E extends string, B extends z.ZodRawShape>(event: E, body: B) =>
  z.object({
    kind: z
      .string()
      .regex(/^[a-z0-9-]+$/)
      .describe('What sort of job, e.g. bench'),
    run: z
      .string()
      .regex(/^[A-Za-z0-9-]+$/)
      .describe('Which job of that kind'),
    event: z.literal(event).describe('What happened to it'),
    at: InstantSchema.describe('When its worker stated the fact'),
    body: z
      .object(body)
      .catchall(ShallowSchema)
      .meta({ id: `Job_${event}` })
      .describe('What the event tells; a kind may add fields of its own'),
  });

export const JobFactSchema = z
  .discriminatedUnion('event', [
    jobFact('queued', {}),
    jobFact('running', {}),
    jobFact('progress', {
      done: z.int().min(0).describe('Steps that are done'),
      total: z.int().min(0).nullable().describe('Steps in all; null while unknown'),
    }),
    jobFact('succeeded', {}),
    jobFact('failed', { reason: ProblemSchema.describe('Why it failed') }),
    jobFact('cancelled', {}),
    jobFact('interrupted', {
      reason: ProblemSchema.describe('Why going on would have made the result untrue'),
    }),
  ])
  .describe('One step in the life of a job; progress at most four times a second')
  .meta({ id: 'JobFact' });
export type JobFact = z.infer<typeof JobFactSchema>;
export type JobEvent = JobFact['event'];
