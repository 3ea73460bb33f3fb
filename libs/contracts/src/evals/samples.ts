import { z } from 'zod';
import { InstantSchema, ProblemSchema } from '../common.js';
import { CursorSchema, nextCursorOf } from '../paging.js';
import { EvalRunSchema } from './runs.js';
import { EvalOutcomeSchema } from './score.js';
import {
  EvalFilesSchema,
  EvalItemIdSchema,
  EvalItemSchema,
  EvalKindSchema,
  EvalSamplerSchema,
} from './suite.js';
import { EvalMessageSchema } from './tools.js';

/** Single answers and how they were graded. */

const count = z.int().min(0);

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
  cursor: CursorSchema,
});

export const EvalSamplesPageSchema = z
  .object({
    samples: z.array(EvalSampleHeadSchema).describe('In the order of the suite'),
    nextCursor: nextCursorOf('nothing further'),
  })
  .meta({ id: 'EvalSamplesPage' });
export type EvalSamplesPage = z.infer<typeof EvalSamplesPageSchema>;

export const EvalSampleKeySchema = z.strictObject({
  id: z.uuid().describe('Of the run'),
  item: EvalItemIdSchema,
  sample: count.describe('Which one of the item, from 0'),
});
