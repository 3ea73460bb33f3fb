import { createHash } from 'node:crypto';
import { z } from 'zod';

const tokens = z.int().min(1).max(1_000_000);
const some = <T extends z.ZodType>(item: T, what: string) => z.array(item).min(1).max(64).describe(what);

/** Fields of a request that say what is measured. */
const OURS = [
  'model',
  'messages',
  'prompt',
  'stream',
  'stream_options',
  'max_tokens',
  'n_predict',
  'cache_prompt',
  'ignore_eos',
];

/** Passed on as it is: what is absent is not sent, so the host's own default holds. */
const SamplingSchema = z
  .looseObject({
    temperature: z.number().min(0).optional(),
    top_p: z.number().min(0).max(1).optional(),
    top_k: z.int().min(0).optional(),
    min_p: z.number().min(0).max(1).optional(),
    seed: z.int().optional(),
  })
  .refine(
    (sampling) => !OURS.some((key) => key in sampling),
    `${OURS.join(', ')} are set by what is measured, not by sampling`,
  )
  .describe('Sent with every request as it stands; further fields that the host knows are sent too');

const SloSchema = z
  .strictObject({
    ttftMs: z.number().positive().optional(),
    tpotMs: z.number().positive().optional(),
    e2eMs: z.number().positive().optional(),
  })
  .refine((slo) => Object.keys(slo).length > 0, 'a limit at least');

const LoadSchema = z.discriminatedUnion('kind', [
  z
    .strictObject({
      kind: z.literal('closed'),
      concurrency: some(z.int().min(1).max(1_024), 'Requests at once'),
    })
    .describe('Closed loop: the next request is sent when one has ended'),
  z
    .strictObject({
      kind: z.literal('open'),
      ratePerS: some(z.number().positive().max(10_000), 'Requests a second'),
      arrivals: z.enum(['constant', 'poisson']).default('poisson'),
      requests: z.int().min(1).max(100_000).default(20).describe('Of a repetition'),
    })
    .describe('Open loop: requests are sent when they are due, whatever became of those before'),
]);
export type Load = z.infer<typeof LoadSchema>;

/** What is to be measured. */
export const SuiteSchema = z.strictObject({
  name: z.string().min(1).max(100),
  description: z.string().max(1_000).default(''),
  endpoint: z
    .enum(['chat', 'completions'])
    .default('chat')
    .describe('/v1/chat/completions or /v1/completions'),
  promptTokens: some(tokens, 'Length of the prompt by the tokenizer of the model, its template included'),
  outputTokens: some(tokens, 'Length of the answer'),
  depth: some(
    z.int().min(0).max(1_000_000),
    'Tokens before the prompt that are in the cache already',
  ).default([0]),
  load: LoadSchema.default({ kind: 'closed', concurrency: [1] }),
  repetitions: z.int().min(1).max(1_000).default(5).describe('Verdicts need five'),
  cache: z
    .enum(['cold', 'warm'])
    .default('cold')
    .describe(
      'cold: no prompt begins like another, and the host is told to use no cache; warm: all are the same',
    ),
  warmup: z
    .strictObject({
      requests: z
        .int()
        .min(1)
        .max(100)
        .default(1)
        .describe('Before each cell, for each that is sent at once'),
      until: z
        .enum(['count', 'stable'])
        .default('stable')
        .describe('stable: more, until two in a row are within 5 % of each other or ten were sent'),
    })
    .prefault({}),
  sampling: SamplingSchema.default({}),
  ignoreEos: z.boolean().default(true).describe('llama.cpp: the answer is as long as asked for'),
  slo: SloSchema.optional().describe('What counts as good for goodput'),
  stop: z
    .strictObject({
      maxS: z.number().positive().optional().describe('Seconds for the whole run'),
      maxErrors: z.int().min(1).default(10).describe('Requests that failed, over the whole run'),
      saturation: z
        .boolean()
        .default(false)
        .describe('Leave out higher loads when twice as many requests gave less than 10 % more'),
    })
    .prefault({}),
});
export type Suite = z.infer<typeof SuiteSchema>;
export type SuiteInput = z.input<typeof SuiteSchema>;

/** Of a suite's content, whatever its name: two suites with the same hash measure the same. */
export function suiteHash({ name: _name, description: _description, ...content }: Suite): string {
  return createHash('sha256').update(canonical(content)).digest('hex').slice(0, 16);
}

/** JSON with the keys of every object in order. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, one: unknown) =>
    typeof one === 'object' && one !== null && !Array.isArray(one)
      ? Object.fromEntries(Object.entries(one).sort(([a], [b]) => (a < b ? -1 : 1)))
      : one,
  );
}
