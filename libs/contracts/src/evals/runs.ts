import { z } from 'zod';
import { FingerprintSchema, ContaminationSchema } from '../bench/result.js';
import { BenchTargetSchema } from '../bench/runs.js';
import { InstantSchema, ModelIdSchema, ProblemSchema, ProviderIdSchema, SourceSchema } from '../common.js';
import { JobStateSchema } from '../jobs.js';
import { ScoreCategorySchema } from '../scores.js';
import {
  EvalFilesSchema,
  EvalItemIdSchema,
  EvalItemSchema,
  EvalKindSchema,
  EvalSamplerSchema,
  EvalSuiteNameSchema,
  EvalSuiteSchema,
} from './suite.js';
import { EvalMessageSchema } from './tools.js';

/** Quality as the evals service keeps it: suites with their versions, runs, samples. */

const count = z.int().min(0);
const hash = z.string().regex(/^[0-9a-f]{16,64}$/);
const cursor = z
  .string()
  .max(512)
  .optional()
  .describe('nextCursor of the page before; absent: the first page');
const nextCursor = z.string().nullable().describe('null: nothing further');

export const EvalSuiteHashSchema = hash
  .describe(
    'Version of a suite: hash of what it asks and how it grades; scores of two versions are never compared',
  )
  .meta({ id: 'EvalSuiteHash' });

/** A suite in a list: without its items. */
export const EvalSuiteHeadSchema = z
  .object({
    name: EvalSuiteNameSchema,
    hash: EvalSuiteHashSchema,
    origin: z
      .enum(['builtin', 'file', 'stored'])
      .describe(
        'builtin: it came with the program; file: from a YAML file of the data folder; stored: saved here',
      ),
    title: z.string().describe('What to call it for a person'),
    description: z.string().describe('What it measures, and for whom'),
    category: ScoreCategorySchema,
    licence: z.string().describe('Of its items'),
    samples: count.describe('How often each item is asked'),
    items: count.describe('Its items, retired ones included'),
    kinds: z.array(EvalKindSchema).describe('What kinds of items it has'),
    retired: z.array(EvalItemIdSchema).describe('Items that are asked no more and are in no score'),
    at: InstantSchema.describe('When this version was stored'),
    runs: count.describe('Runs of this version'),
    faults: count
      .nullable()
      .describe(
        'References that do not pass and wrong solutions that do; null: they have not all been tried, or the suite came with the program',
      ),
  })
  .describe('One version of a suite')
  .meta({ id: 'EvalSuiteHead' });
export type EvalSuiteHead = z.infer<typeof EvalSuiteHeadSchema>;

export const EvalSuitesSchema = z
  .object({
    suites: z.array(EvalSuiteHeadSchema).describe('The newest version of each, by name'),
    problems: z
      .array(
        z.object({
          file: z.string().describe('Name of the file'),
          message: z.string().describe('What is wrong with it'),
        }),
      )
      .describe('Files of the data folder that are no suites'),
    nextCursor,
  })
  .meta({ id: 'EvalSuites' });
export type EvalSuites = z.infer<typeof EvalSuitesSchema>;

/** Whether the references of a suite pass and its wrong solutions fail, as it is here. */
export const EvalSuiteCheckSchema = z
  .object({
    at: InstantSchema.nullable().describe('When all of them had been tried; null: that goes on'),
    tried: count.describe('References and wrong solutions that were graded so far'),
    total: count.describe('References and wrong solutions that the suite has'),
    faults: z
      .array(
        z.object({
          item: EvalItemIdSchema,
          solution: z.enum(['reference', 'wrong']).describe('reference: it does not pass; wrong: it passes'),
          message: z.string().max(2_000).describe('What came of it, in words'),
        }),
      )
      .max(100)
      .describe('Items that need mending; the first hundred'),
    leftOut: count.describe('Solutions that could not be tried on this machine'),
    reason: z.string().nullable().describe('Why those could not be tried; null: all could'),
  })
  .describe('What came of trying the references and wrong solutions of one version of a suite')
  .meta({ id: 'EvalSuiteCheck' });
export type EvalSuiteCheck = z.infer<typeof EvalSuiteCheckSchema>;

export const EvalSuiteDetailSchema = z
  .object({
    head: EvalSuiteHeadSchema,
    suite: EvalSuiteSchema.describe('With its items'),
    versions: z
      .array(
        z.object({
          hash: EvalSuiteHashSchema,
          at: InstantSchema.describe('When it was stored'),
          runs: count.describe('Its runs'),
        }),
      )
      .describe('Newest first'),
    retired: z
      .array(
        z.object({
          item: EvalItemIdSchema,
          reason: z.string().describe('Why, in words'),
          by: SourceSchema.describe('Who retired it'),
          at: InstantSchema.describe('When'),
        }),
      )
      .describe('Items that are asked no more and are in no score'),
    check: EvalSuiteCheckSchema.nullable().describe(
      'null: it has not begun, or the suite came with the program',
    ),
  })
  .meta({ id: 'EvalSuiteDetail' });
export type EvalSuiteDetail = z.infer<typeof EvalSuiteDetailSchema>;

export const RetireEvalItemSchema = z
  .strictObject({
    hash: EvalSuiteHashSchema,
    item: EvalItemIdSchema,
    reason: z.string().min(1).max(500).nullable().describe('Why, in words; null: it is asked again'),
  })
  .meta({ id: 'RetireEvalItem' });

export const ImportEvalSuiteSchema = z
  .strictObject({
    format: z
      .enum(['jsonl', 'humaneval', 'mbpp', 'gsm8k'])
      .describe(
        'jsonl: one item of a suite a line; humaneval, mbpp: tasks in Python with assertions; gsm8k: questions whose answers end with #### and a number',
      ),
    text: z
      .string()
      .min(2)
      .max(700_000)
      .describe('The file, as it is: JSON Lines; a larger one is imported in parts'),
    name: EvalSuiteNameSchema,
    title: z.string().min(1).max(120).describe('What to call it for a person'),
    licence: z.string().min(1).max(200).describe('Of its items, as its makers say'),
  })
  .meta({ id: 'ImportEvalSuite' });
export const ImportedEvalSuiteSchema = z
  .object({
    head: EvalSuiteHeadSchema,
    leftOut: z
      .array(
        z.object({
          line: z.int().min(1).describe('Line of the file'),
          reason: z.string().describe('Why, in words'),
        }),
      )
      .max(5_000)
      .describe('Lines that are no item that can be graded here'),
  })
  .meta({ id: 'ImportedEvalSuite' });
export type ImportedEvalSuite = z.infer<typeof ImportedEvalSuiteSchema>;

export const EvalOutcomeSchema = z
  .enum(['passed', 'failed', 'timeout', 'oom', 'refused', 'invalid', 'harness_error'])
  .describe(
    'failed: a wrong answer, or none that could be used; timeout, oom: its code took too long or too much memory; refused: the model would not; invalid: it was not asked what was meant, so it does not count; harness_error: our fault, does not count',
  )
  .meta({ id: 'EvalOutcome' });
export type EvalOutcome = z.infer<typeof EvalOutcomeSchema>;

export const EvalOutcomesSchema = z
  .partialRecord(EvalOutcomeSchema, count)
  .describe('Samples by what became of them; one that is absent: none')
  .meta({ id: 'EvalOutcomes' });

/** A share with its interval, each from 0 to 1. */
export const EvalEstimateSchema = z
  .object({
    mean: z.number().min(0).max(1).describe('The estimate'),
    low: z.number().min(0).max(1).describe('Lower end of the 95 % interval'),
    high: z.number().min(0).max(1).describe('Upper end'),
  })
  .meta({ id: 'EvalEstimate' });
export type EvalEstimate = z.infer<typeof EvalEstimateSchema>;

export const EvalScoreSchema = z
  .object({
    pass1: EvalEstimateSchema.describe('Share of items that one try passes'),
    passAtK: EvalEstimateSchema.describe('Share of items of which at least one of k tries passes, unbiased'),
    passHatK: EvalEstimateSchema.describe('Share of items of which all k tries pass'),
    k: z.int().min(1).describe('Tries of an item'),
    items: z.int().min(1).describe('Items with at least one sample that counts'),
    families: z.int().min(1).describe('Groups of items that stand or fall together: what the interval is of'),
    samples: z.int().min(1).describe('Samples that count'),
    left: count.describe('Samples that do not count: invalid and harness_error'),
  })
  .describe('How well a model did in a suite')
  .meta({ id: 'EvalScore' });
export type EvalScore = z.infer<typeof EvalScoreSchema>;

export const EvalSpeedSchema = z
  .object({
    genTps: z
      .number()
      .nullable()
      .describe('Median tokens/s of generation, of samples that nothing else touched; null: not measured'),
    ttftMs: z
      .number()
      .nullable()
      .describe('Median time to the first token in milliseconds; null: not measured'),
    outputTokens: z.number().nullable().describe('Median length of an answer; null: not told'),
    concurrency: z.int().min(1).describe('Requests that were under way at the same time'),
  })
  .meta({ id: 'EvalSpeed' });
export type EvalSpeed = z.infer<typeof EvalSpeedSchema>;

const what = {
  suite: EvalSuiteNameSchema,
  hash: EvalSuiteHashSchema.optional().describe('Version of the suite; absent: the newest'),
  targets: z
    .array(BenchTargetSchema)
    .min(1)
    .max(200)
    .describe('Models of hosts; hosts are asked side by side'),
  samples: z
    .int()
    .min(1)
    .max(100)
    .optional()
    .describe('How often each item is asked; absent: as the suite says'),
  items: z
    .array(EvalItemIdSchema)
    .min(1)
    .max(5_000)
    .optional()
    .describe('Only these; absent: all that are not retired'),
  sampler: EvalSamplerSchema.partial()
    .optional()
    .describe('What is sent instead of the sampler of the suite; absent: nothing'),
  concurrency: z.int().min(1).max(32).default(1).describe('Requests to a host at the same time'),
};
export const EstimateEvalSchema = z.strictObject(what).meta({ id: 'EstimateEval' });
export const StartEvalSchema = z
  .strictObject({
    ...what,
    confirm: z
      .boolean()
      .default(false)
      .describe(
        'true: also on hosts that others use or have used a moment ago, and on those that are leased',
      ),
  })
  .meta({ id: 'StartEval' });

export const EvalEstimateOfRunSchema = z
  .object({
    targets: z
      .array(
        z.object({
          ...BenchTargetSchema.shape,
          samples: count.describe('Requests, turns of conversations not counted'),
          seconds: z.number().min(0).describe('How long it will take, about'),
          from: z
            .enum(['runs', 'activity', 'guess'])
            .describe(
              'What that is reckoned from: earlier runs, requests of the last days, or nothing known',
            ),
          mustLoad: z.boolean().describe('Its model is not loaded, so that is done first'),
          disturbs: z.array(z.string()).describe('Who used the host in the last minutes'),
          objection: ProblemSchema.nullable().describe(
            'Why it would be refused now, or would have to be confirmed; null: nothing speaks against it',
          ),
        }),
      )
      .describe('Each model of each host'),
    seconds: z
      .number()
      .min(0)
      .describe('For all: hosts side by side, models of one host one after the other'),
  })
  .meta({ id: 'EvalRunEstimate' });
export type EvalRunEstimate = z.infer<typeof EvalEstimateOfRunSchema>;

export const EvalRunSchema = z
  .object({
    id: z.uuid().describe('Names the run'),
    launch: z.uuid().describe('Runs that were asked for together have the same'),
    version: z
      .int()
      .min(1)
      .describe('Counts its changes: of two copies, the one with the higher version is newer'),
    suiteName: EvalSuiteNameSchema,
    suiteHash: EvalSuiteHashSchema,
    suiteTitle: z.string().describe('What its suite is called'),
    category: ScoreCategorySchema,
    ...BenchTargetSchema.shape,
    state: JobStateSchema,
    reason: ProblemSchema.nullable().describe('Why it is not whole; null: it is, or has not ended'),
    source: SourceSchema.describe('Who asked for it'),
    createdAt: InstantSchema.describe('When it was asked for'),
    startedAt: InstantSchema.nullable().describe('null: it has not begun'),
    endedAt: InstantSchema.nullable().describe('null: it has not ended'),
    k: z.int().min(1).describe('How often each item is asked'),
    isWhole: z.boolean().describe('false: only some items of the suite were asked for'),
    sampler: EvalSamplerSchema,
    concurrency: z.int().min(1).describe('Requests to its host at the same time'),
    done: count.describe('Samples that have their outcome'),
    total: count.describe('Samples in all'),
    outcomes: EvalOutcomesSchema,
    score: EvalScoreSchema.nullable().describe('null: no sample counts yet'),
    speed: EvalSpeedSchema.nullable().describe('null: no answer yet'),
    contaminated: count.describe(
      'Samples during which something else used the host: their times are not the model’s own',
    ),
    loadMs: z.number().nullable().describe('How long the model took to load; null: it was loaded already'),
    engineBuild: z.string().nullable().describe('Of its fingerprint; null: not told'),
    quant: z.string().nullable().describe('Quantisation, as the file or model name tells; null: not told'),
  })
  .describe('One model of one host, asked all items of a suite')
  .meta({ id: 'EvalRun' });
export type EvalRun = z.infer<typeof EvalRunSchema>;

export const EvalItemResultSchema = z
  .object({
    item: EvalItemIdSchema,
    kind: EvalKindSchema,
    family: z.string().nullable().describe('Items that stand or fall together; null: it stands alone'),
    difficulty: z.enum(['easy', 'medium', 'hard']).nullable().describe('null: not graded'),
    retired: z.boolean().describe('true: it is in no score'),
    samples: z
      .array(
        z.object({
          sample: count.describe('Which one of the item, from 0'),
          state: z.enum(['waiting', 'asking', 'grading', 'done']).describe('Where it is'),
          outcome: EvalOutcomeSchema.nullable().describe('null: not done'),
          isContaminated: z.boolean().describe('Something else used the host meanwhile'),
        }),
      )
      .describe('k of them'),
  })
  .meta({ id: 'EvalItemResult' });
export type EvalItemResult = z.infer<typeof EvalItemResultSchema>;

export const EvalRunDetailSchema = z
  .object({
    run: EvalRunSchema,
    fingerprint: FingerprintSchema.nullable().describe('null: not known yet'),
    contamination: z.array(ContaminationSchema).max(200).describe('What else the host was busy with'),
    items: z.array(EvalItemResultSchema).describe('One page of them, in the order of the suite'),
    nextCursor,
  })
  .meta({ id: 'EvalRunDetail' });
export type EvalRunDetail = z.infer<typeof EvalRunDetailSchema>;

export const EvalIdSchema = z.strictObject({ id: z.uuid().describe('Of the run') });
export const EvalRunQuerySchema = z.strictObject({ cursor });
export const EvalRunsQuerySchema = z.strictObject({
  providerId: ProviderIdSchema.optional().describe('Of this host; absent: of all'),
  model: ModelIdSchema.optional().describe('Of this model; absent: of all'),
  suite: EvalSuiteNameSchema.optional().describe('Of this suite; absent: of all'),
  state: JobStateSchema.optional().describe('In this state; absent: in any'),
  limit: z.int().min(1).max(200).default(50).describe('Runs of a page at most'),
  cursor,
});
export const EvalRunsPageSchema = z
  .object({
    open: z.array(EvalRunSchema).describe('Not ended, in the order of their turns; the same on every page'),
    ended: z.array(EvalRunSchema).describe('Newest first'),
    nextCursor,
  })
  .meta({ id: 'EvalRunsPage' });
export type EvalRunsPage = z.infer<typeof EvalRunsPageSchema>;
export const EvalStartedSchema = z
  .object({ runs: z.array(EvalRunSchema).describe('One for each model of each host') })
  .meta({ id: 'EvalStarted' });
export type EvalStarted = z.infer<typeof EvalStartedSchema>;

/** One rule or test, as it came out. */
export const EvalFindingSchema = z
  .object({
    name: z.string().max(300).describe('Of the test, or the rule in words'),
    passed: z.boolean().describe('Whether it held'),
    expected: z.string().max(20_000).nullable().describe('What had to come; null: nothing to say'),
    got: z.string().max(20_000).nullable().describe('What came instead; null: nothing to say'),
  })
  .meta({ id: 'EvalFinding' });
export type EvalFinding = z.infer<typeof EvalFindingSchema>;

const sampleHead = {
  item: EvalItemIdSchema,
  sample: count.describe('Which one of the item, from 0'),
  kind: EvalKindSchema,
  outcome: EvalOutcomeSchema,
  reason: ProblemSchema.nullable().describe('Why it did not pass, in words; null: it did'),
  at: InstantSchema.describe('When it was sent'),
  seed: z.int().describe('As sent'),
  promptTokens: count.nullable().describe('As the host counts; null: not told'),
  outputTokens: count.nullable().describe('As the host counts, reasoning included; null: not told'),
  ttftMs: z.number().nullable().describe('To the first token, in milliseconds; null: not measured'),
  e2eMs: z.number().nullable().describe('To the last token, in milliseconds; null: not measured'),
  genTps: z.number().nullable().describe('Tokens/s of generation by our clock; null: not measured'),
  finishReason: z.string().nullable().describe('As the host says it; null: not told'),
  isContaminated: z
    .boolean()
    .describe('Something else used the host meanwhile: its times are not the model’s own'),
};
export const EvalSampleHeadSchema = z
  .object({ ...sampleHead, answerStart: z.string().max(300).describe('How the answer begins') })
  .describe('A sample in a list')
  .meta({ id: 'EvalSampleHead' });
export type EvalSampleHead = z.infer<typeof EvalSampleHeadSchema>;

export const EvalSampleSchema = z
  .object({
    ...sampleHead,
    run: EvalRunSchema.pick({
      id: true,
      suiteName: true,
      suiteHash: true,
      providerId: true,
      model: true,
    }).describe('Of which run'),
    question: EvalItemSchema.describe('The item, as its suite has it'),
    promptHash: z.string().describe('SHA-256 of the request that was sent, without model and seed'),
    sampler: EvalSamplerSchema,
    prompt: z
      .array(EvalMessageSchema)
      .describe('What was sent; a long text is cut in its middle, and says so'),
    answer: z.array(EvalMessageSchema).describe('What came: of a conversation with functions, all of it'),
    reasoning: z.string().nullable().describe('What it thought before it answered; null: nothing'),
    answerCut: z.boolean().describe('true: the answer was longer than is kept'),
    files: EvalFilesSchema.nullable().describe('Of code: files as the answer leaves them; null: it has none'),
    findings: z.array(EvalFindingSchema).max(400).describe('Every rule and test'),
    output: z
      .object({
        stdout: z.string().describe('What was printed'),
        stderr: z.string().describe('What was printed as errors'),
        isCut: z.boolean().describe('true: there was more'),
        sandbox: z.string().describe('Which sandbox it ran in'),
      })
      .nullable()
      .describe('Of code: what its tests printed; null: nothing was run'),
    regraded: z
      .object({ at: InstantSchema.describe('When'), was: EvalOutcomeSchema.describe('What it was before') })
      .nullable()
      .describe('Graded once more after the run; null: never'),
  })
  .describe('One sample, whole')
  .meta({ id: 'EvalSample' });
export type EvalSample = z.infer<typeof EvalSampleSchema>;

export const EvalSamplesQuerySchema = z.strictObject({
  id: z.uuid().describe('Of the run'),
  outcome: EvalOutcomeSchema.optional().describe('With this outcome; absent: with any'),
  item: EvalItemIdSchema.optional().describe('Of this item; absent: of all'),
  limit: z.int().min(1).max(1_000).default(200).describe('Samples of a page at most'),
  cursor,
});
export const EvalSamplesPageSchema = z
  .object({ samples: z.array(EvalSampleHeadSchema).describe('In the order of the suite'), nextCursor })
  .meta({ id: 'EvalSamplesPage' });
export type EvalSamplesPage = z.infer<typeof EvalSamplesPageSchema>;
export const EvalSampleKeySchema = z.strictObject({
  id: z.uuid().describe('Of the run'),
  item: EvalItemIdSchema,
  sample: count.describe('Which one of the item, from 0'),
});

/** Where code of models may run on this machine. */
export const EvalSandboxesSchema = z
  .object({
    usable: z.array(z.string()).describe('Backends whose canaries all passed, the one in use first'),
    refused: z
      .array(
        z.object({
          name: z.string().describe('Which backend'),
          reason: z.string().describe('Why, and what to do'),
        }),
      )
      .describe('Backends that are not used'),
  })
  .describe('Without a usable one, code is not run and coding items are refused')
  .meta({ id: 'EvalSandboxes' });
export type EvalSandboxes = z.infer<typeof EvalSandboxesSchema>;
