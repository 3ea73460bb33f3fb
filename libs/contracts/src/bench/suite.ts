import { z } from 'zod';
import { isKeepable } from '../keepable.js';

/** What is measured, and how. The engine that does it is libs/measure. */

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

/** Characters of further fields of a sampling, as JSON. */
const SAMPLING_CHARACTERS = 20_000;
/** Cells of a suite at most; a search decides as it goes. */
const MAX_CELLS = 1_000;

/** Passed on as it is: what is absent is not sent, so the host's own default holds. */
const SamplingSchema = z
  .looseObject({
    temperature: z
      .number()
      .min(0)
      .optional()
      .describe('How evenly tokens are drawn; 0: always the likeliest'),
    top_p: z.number().min(0).max(1).optional().describe('Drawn from the likeliest with this sum'),
    top_k: z.int().min(0).optional().describe('Drawn from so many of the likeliest'),
    min_p: z.number().min(0).max(1).optional().describe('Drawn from those this likely beside the likeliest'),
    seed: z.int().optional().describe('Of the host’s own drawing'),
  })
  .refine(
    (sampling) => !OURS.some((key) => key in sampling),
    `${OURS.join(', ')} are set by what is measured, not by sampling`,
  )
  .refine((sampling) => isKeepable(sampling) && JSON.stringify(sampling).length <= SAMPLING_CHARACTERS, {
    message: `must not be nested deeply, contain NUL, or be longer than ${SAMPLING_CHARACTERS} characters`,
  })
  .describe('Sent with every request as it stands; further fields that the host knows are sent too');

export const SloSchema = z
  .strictObject({
    ttftMs: z.number().positive().optional().describe('Time to first token at most, milliseconds'),
    tpotMs: z.number().positive().optional().describe('Time per token at most, milliseconds'),
    e2eMs: z.number().positive().optional().describe('Whole answer at most, milliseconds'),
  })
  .refine((slo) => Object.keys(slo).length > 0, 'a limit at least');

const arrivals = z
  .enum(['constant', 'poisson'])
  .describe('constant: the same time between two; poisson: as chance has it, as with many independent users');

/** A request of recorded traffic: when it came, and how long it and its answer were. */
export const ReplayedSchema = z.strictObject({
  atMs: z.number().min(0).describe('Milliseconds after the first one'),
  promptTokens: tokens.describe('Length of its prompt'),
  outputTokens: tokens.describe('Length of its answer'),
});
export type Replayed = z.infer<typeof ReplayedSchema>;

const LoadSchema = z.discriminatedUnion('kind', [
  z
    .strictObject({
      kind: z.literal('closed').describe('Closed loop'),
      concurrency: some(z.int().min(1).max(1_024), 'Requests at once'),
    })
    .describe('Closed loop: the next request is sent when one has ended'),
  z
    .strictObject({
      kind: z.literal('open').describe('Open loop'),
      ratePerS: some(z.number().positive().max(10_000), 'Requests a second'),
      arrivals: arrivals.default('poisson'),
      requests: z.int().min(1).max(100_000).default(20).describe('Of a repetition'),
    })
    .describe('Open loop: requests are sent when they are due, whatever became of those before'),
  z
    .strictObject({
      kind: z.literal('search').describe('Search'),
      fromPerS: z.number().positive().max(10_000).default(0.5).describe('The first rate that is tried'),
      toPerS: z.number().positive().max(10_000).default(64).describe('No higher rate is tried'),
      arrivals: arrivals.default('poisson'),
      requests: z.int().min(1).max(100_000).default(20).describe('Of a repetition'),
    })
    .describe(
      'The highest rate that keeps the limits of the suite, which is when at least 95 % of its requests do: doubled until it does not, then halved in between to 10 %',
    ),
  z
    .strictObject({
      kind: z.literal('replay').describe('Replay'),
      requests: z
        .array(ReplayedSchema)
        .min(1)
        .max(5_000)
        .describe('Recorded traffic, in the order of its times'),
      speed: z.number().positive().max(1_000).default(1).describe('2: twice as fast as it was recorded'),
    })
    .describe(
      'Recorded traffic again, at the times and of the lengths that it had; promptTokens and outputTokens of the suite are not used',
    ),
]);
export type Load = z.infer<typeof LoadSchema>;

const glob = z.string().min(1).max(256).refine(isKeepable, 'must not contain the NUL character');

interface Varied {
  promptTokens: readonly number[];
  outputTokens: readonly number[];
  depth: readonly number[];
  load: Load;
}

/** How many cells it has; of a search those of its lowest rate. */
function combinationsOf({ promptTokens, outputTokens, depth, load }: Varied): number {
  if (load.kind === 'replay') return 1;
  const loads =
    load.kind === 'closed' ? load.concurrency.length : load.kind === 'open' ? load.ratePerS.length : 1;
  return promptTokens.length * outputTokens.length * depth.length * loads;
}

/** What is to be measured. */
export const SuiteSchema = z
  .strictObject({
    name: z
      .string()
      .min(1)
      .max(100)
      .refine((text) => !/[\p{Cc}\p{Cs}]/u.test(text), 'must not contain control characters')
      .describe('What it is called'),
    description: z
      .string()
      .max(1_000)
      .refine(isKeepable, 'must not contain the NUL character')
      .default('')
      .describe('What it is for'),
    targets: z
      .array(
        z.strictObject({
          provider: glob.describe('Id of a provider; * stands for any text'),
          model: glob.describe('Name of a model; * stands for any text'),
        }),
      )
      .max(100)
      .default([])
      .describe(
        'Where it is measured unless something else is said; whoever measures one address needs none',
      ),
    endpoint: z
      .enum(['chat', 'completions'])
      .default('chat')
      .describe('/v1/chat/completions or /v1/completions'),
    stream: z
      .boolean()
      .default(true)
      .describe('false: answers come whole, so nothing is known of times between their tokens'),
    promptTokens: some(tokens, 'Length of the prompt by the tokenizer of the model, its template included'),
    outputTokens: some(tokens, 'Length of the answer'),
    depth: some(
      z.int().min(0).max(1_000_000),
      'Tokens before the prompt that are in the cache already',
    ).default([0]),
    load: LoadSchema.default({ kind: 'closed', concurrency: [1] }).describe('How requests come'),
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
      .prefault({})
      .describe('Requests that are in no figure'),
    sampling: SamplingSchema.default({}),
    ignoreEos: z.boolean().default(true).describe('llama.cpp: the answer is as long as asked for'),
    slo: SloSchema.optional().describe('What counts as good for goodput, and for the search of a rate'),
    stop: z
      .strictObject({
        maxS: z.number().positive().optional().describe('Seconds for the whole run'),
        maxErrors: z.int().min(1).default(10).describe('Requests that failed, over the whole run'),
        saturation: z
          .boolean()
          .default(false)
          .describe('Leave out higher loads when twice as many requests gave less than 10 % more'),
      })
      .prefault({})
      .describe('When a run ends before its end'),
  })
  .refine(({ load, slo }) => load.kind !== 'search' || slo !== undefined, {
    path: ['slo'],
    message: 'the search of a rate needs the limits that are to be kept (slo)',
  })
  .refine((suite) => combinationsOf(suite) <= MAX_CELLS, {
    message: `it has more than ${MAX_CELLS.toLocaleString('en')} combinations of lengths, depths and loads`,
  })
  .describe('What is measured, and how')
  .meta({ id: 'BenchSuiteBody' });
export type Suite = z.infer<typeof SuiteSchema>;
export type SuiteInput = z.input<typeof SuiteSchema>;

export const CellLoadSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('closed').describe('Closed loop'),
    concurrency: z.int().min(1).describe('Requests at once'),
  }),
  z.strictObject({
    kind: z.literal('open').describe('Open loop'),
    ratePerS: z.number().positive().describe('Requests a second'),
    arrivals,
    requests: z.int().min(1).describe('Of a repetition'),
  }),
  z.strictObject({
    kind: z.literal('replay').describe('Recorded traffic'),
    requests: z.array(ReplayedSchema).min(1).describe('What is sent in each repetition'),
    speed: z.number().positive().describe('2: twice as fast as it was recorded'),
  }),
]);
export type CellLoad = z.infer<typeof CellLoadSchema>;

/** One combination of what a suite varies. */
export const CellSpecSchema = z
  .strictObject({
    promptTokens: z
      .int()
      .min(0)
      .describe('New tokens, template included; of a replay the longest; 0: a figure of generation alone'),
    outputTokens: z
      .int()
      .min(0)
      .describe(
        'Of the answer; of a replay the longest; 0: a figure of prompts alone, as llama-bench has it',
      ),
    depth: z.int().min(0).describe('Tokens before them that the cache has'),
    load: CellLoadSchema.describe('How requests come'),
  })
  .describe('One combination of what a suite varies')
  .meta({ id: 'BenchCellSpec' });
export type CellSpec = z.infer<typeof CellSpecSchema>;
