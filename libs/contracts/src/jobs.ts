import { z } from 'zod';
import { InstantSchema, ProblemSchema, ProviderIdSchema, ShallowSchema } from './common.js';

const JobKindSchema = z
  .string()
  .regex(/^[a-z0-9-]+$/)
  .describe('What sort of job, e.g. bench');
const JobRunSchema = z
  .string()
  .regex(/^[A-Za-z0-9-]+$/)
  .describe('Which job of that kind');

const factOf = <K extends z.ZodType<string>, E extends string, B extends z.ZodRawShape>(
  kind: K,
  event: E,
  body: B,
  describesBody: string,
) =>
  z.object({
    kind,
    run: JobRunSchema,
    n: z
      .int()
      .min(1)
      .optional()
      .describe(
        'Counts the facts of the run: of two, the higher one is newer. Absent: by their place on the stream',
      ),
    event: z.literal(event).describe('What happened to it'),
    at: InstantSchema.describe('When its worker stated the fact'),
    providerId: ProviderIdSchema.optional().describe('The host that it is about; absent: none, or several'),
    title: z
      .string()
      .min(1)
      .max(200)
      .optional()
      .describe('What to call the job for a person; absent: not told'),
    body: z
      .object(body)
      .catchall(ShallowSchema)
      .meta({ id: `Job_${event}` })
      .describe(describesBody),
  });

const cellName = z.string().min(1).max(200).describe('Its name, for a person');
const figureName = z.string().min(1).max(64);

/**
 * The life of a job (a benchmark, an eval run …): queued, running, then succeeded, failed, cancelled or interrupted.
 * The kind of these is open: a new kind of job is no new schema. Fields that a kind has of its own stand beside those of the
 * event; an event that a kind has of its own is of that kind alone.
 */
const jobFact = <E extends string, B extends z.ZodRawShape>(event: E, body: B) =>
  factOf(JobKindSchema, event, body, 'What the event tells; a kind may add fields of its own');

const benchFact = <E extends string, B extends z.ZodRawShape>(event: E, body: B) =>
  factOf(z.literal('bench').describe('A benchmark'), event, body, 'What the event tells');

export const JobFactSchema = z
  .discriminatedUnion('event', [
    jobFact('queued', {}),
    jobFact('running', {}),
    jobFact('progress', {
      done: z.int().min(0).describe('Steps that are done'),
      total: z.int().min(0).nullable().describe('Steps in all; null while unknown'),
      cell: z
        .int()
        .min(0)
        .optional()
        .describe('Of a benchmark: index of the cell under way; absent: none is'),
      figures: z
        .record(figureName, z.number())
        .optional()
        .describe('Of a benchmark: newest values by the names of figures; absent: there are none yet'),
      outcomes: z
        .record(z.string().min(1).max(32), z.int().min(0))
        .optional()
        .describe('Of an eval: samples so far by what became of them; absent: there are none yet'),
    }),
    benchFact('cell', {
      index: z.int().min(0).describe('Which cell of the run has ended, from 0'),
      cell: cellName,
      state: z
        .enum(['measured', 'partial', 'skipped', 'contaminated'])
        .describe(
          'measured: whole; partial: stopped before it was whole; skipped: not measured; contaminated: something else kept the host busy meanwhile',
        ),
    }),
    benchFact('regressed', {
      figures: z
        .array(
          z.object({
            cell: cellName,
            figure: figureName.describe('Name of the figure'),
            ratio: z.number().min(0).describe('Of its median in this run to that of the baseline'),
          }),
        )
        .max(200)
        .describe('What has become worse than the baseline; the 200 worst'),
    }),
    jobFact('succeeded', {}),
    jobFact('failed', { reason: ProblemSchema.describe('Why it failed') }),
    jobFact('cancelled', {}),
    jobFact('interrupted', {
      reason: ProblemSchema.describe('Why going on would have made the result untrue'),
    }),
  ])
  .describe(
    'One step in the life of a job; progress at most four times a second. Nats-Msg-Id is `<run>:<n>`, so each is stated once.',
  )
  .meta({ id: 'JobFact' });
export type JobFact = z.infer<typeof JobFactSchema>;
export type JobEvent = JobFact['event'];

/** What stands in the queue of a host, once for each host of a run; the rest is in the table of the service. */
export const QueuedJobSchema = z
  .object({ run: JobRunSchema, providerId: ProviderIdSchema })
  .describe(
    'A job waiting for its turn on a host; its kind is in the subject. A work queue: the service of that kind takes them.',
  )
  .meta({ id: 'QueuedJob' });
export type QueuedJob = z.infer<typeof QueuedJobSchema>;

export const JobStateSchema = z
  .enum(['queued', 'running', 'succeeded', 'failed', 'cancelled', 'interrupted'])
  .describe('interrupted: going on after its worker was gone would have made the result untrue');
export type JobState = z.infer<typeof JobStateSchema>;

export const JobSchema = z
  .object({
    kind: JobKindSchema,
    run: JobRunSchema,
    title: z.string().nullable().describe('What to call it for a person; null: not told'),
    providerId: ProviderIdSchema.nullable().describe('The host that it is about; null: none, or several'),
    state: JobStateSchema,
    at: InstantSchema.describe('When it was last heard of'),
    done: z.int().min(0).nullable().describe('Steps that are done; null: not told'),
    total: z.int().min(0).nullable().describe('Steps in all; null while unknown'),
    reason: ProblemSchema.nullable().describe('Why it failed or was interrupted; else null'),
  })
  .meta({ id: 'Job' });
export type Job = z.infer<typeof JobSchema>;

/** GET /api/jobs. */
export const JobsQuerySchema = z.strictObject({
  kind: z.array(JobKindSchema).max(64).optional().describe('Any of these kinds; absent: all'),
  state: z.array(JobStateSchema).max(6).optional().describe('In any of these states; absent: all'),
  limit: z.int().min(1).max(500).default(100).describe('Jobs at most'),
});
export const JobsSchema = z
  .object({ jobs: z.array(JobSchema).describe('Last heard of first') })
  .meta({ id: 'Jobs' });
export type Jobs = z.infer<typeof JobsSchema>;
