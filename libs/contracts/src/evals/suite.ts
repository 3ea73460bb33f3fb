import { z } from 'zod';
import { SearchTextSchema, ShallowSchema } from '../common.js';
import { isKeepable } from '../keepable.js';
import { ScoreCategorySchema } from '../scores.js';
import { EvalCheckSchema } from './checks.js';
import { EvalMessageSchema, ToolExpectationSchema, ToolReplySchema, ToolSchema } from './tools.js';
import { CodeTestSchema } from './code-tests.js';

/** Suites that measure quality: what is asked, and how an answer is graded. Everything here can be graded by a rule or a test. */

export const EvalSuiteNameSchema = z
  .string()
  .regex(
    /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/,
    'use 1 to 63 of a-z, 0-9 and hyphen, no hyphen at the ends',
  )
  .describe('Name of a suite: a slug of a-z, 0-9 and hyphen')
  .meta({ id: 'EvalSuiteName' });

export const EvalItemIdSchema = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._/@-]{0,119}$/, 'use 1 to 120 of letters, digits and . _ / @ -')
  .describe('Names the item within its suite')
  .meta({ id: 'EvalItemId' });

const text = SearchTextSchema.min(1).max(200_000);

/** A path inside the folder that a task is done in. */
export const EvalPathSchema = z
  .string()
  .regex(
    /^(?!.*(?:^|\/)\.{1,2}(?:\/|$))[A-Za-z0-9_][A-Za-z0-9_.-]*(?:\/[A-Za-z0-9_][A-Za-z0-9_.-]*){0,7}$/,
    'use a relative path of letters, digits and . _ -, without . and ..',
  )
  .max(200)
  .describe('Path of a file, relative to the folder of the task')
  .meta({ id: 'EvalPath' });

export const EvalFilesSchema = z
  .record(EvalPathSchema, SearchTextSchema.max(200_000).describe('Its text'))
  .refine((files) => Object.keys(files).length <= 64, 'has more than 64 files')
  .describe('Files by their paths')
  .meta({ id: 'EvalFiles' });
export type EvalFiles = z.infer<typeof EvalFilesSchema>;

const common = {
  id: EvalItemIdSchema,
  family: z
    .string()
    .min(1)
    .max(80)
    .optional()
    .describe(
      'Items that stand or fall together have the same, which widens intervals; absent: it stands alone',
    ),
  difficulty: z.enum(['easy', 'medium', 'hard']).optional().describe('Absent: not graded'),
  tags: z.array(z.string().min(1).max(40)).max(16).optional().describe('For filters; absent: none'),
  system: text.optional().describe('System prompt of this item; absent: that of its suite'),
  maxTokens: z.int().min(1).max(131_072).optional().describe('Longest answer; absent: that of its suite'),
};

export const CodingItemSchema = z
  .strictObject({
    kind: z.literal('coding').describe('Code is written or mended, and tested in the sandbox'),
    ...common,
    language: z.enum(['python', 'javascript', 'typescript']).describe('What the tests run'),
    prompt: text.describe('The task, in words'),
    files: EvalFilesSchema.optional().describe(
      'What is there at the start, shown in the prompt; absent: nothing',
    ),
    target: EvalPathSchema.optional().describe(
      'File that a single block of code without a path is meant for; absent: such an answer has no file',
    ),
    tests: z.array(CodeTestSchema).min(1).max(100).describe('Hidden from the model; all have to pass'),
    reference: EvalFilesSchema.optional().describe(
      'An answer that passes, as the files that it writes; absent: the suite was not checked with one',
    ),
    wrong: EvalFilesSchema.optional().describe('A plausible answer that fails; absent: none is known'),
  })
  .meta({ id: 'EvalCodingItem' });
export type CodingItem = z.infer<typeof CodingItemSchema>;

export const LongContextItemSchema = z
  .strictObject({
    kind: z.literal('long-context').describe('Something has to be found in a long text, which is generated'),
    ...common,
    task: z
      .enum(['single', 'multi-key', 'multi-value', 'aggregate'])
      .describe(
        'single: one needle; multi-key: one needle among others like it; multi-value: all values of one key; aggregate: how often, or which most',
      ),
    tokens: z
      .int()
      .min(256)
      .max(2_000_000)
      .describe('Length of the whole prompt in tokens, by the tokenizer of the model that is asked'),
    depth: z.number().min(0).max(1).describe('Where the needle lies: 0 at the beginning, 1 at the end'),
    needles: z.int().min(1).max(64).default(1).describe('Keys or values that are hidden'),
    seed: z
      .int()
      .min(0)
      .max(2 ** 31 - 1)
      .default(0)
      .describe('The same seed hides the same'),
  })
  .meta({ id: 'EvalLongContextItem' });
export type LongContextItem = z.infer<typeof LongContextItemSchema>;

export const TextItemSchema = z
  .strictObject({
    kind: z.literal('text').describe('A short call whose answer a rule can grade'),
    ...common,
    prompt: text.describe('What is asked'),
    schema: ShallowSchema.optional().describe(
      'JSON Schema that is sent as response_format; absent: the answer is free text',
    ),
    checks: z.array(EvalCheckSchema).min(1).max(32).describe('All have to hold'),
    reference: text.optional().describe('An answer that passes; absent: the suite was not checked with one'),
    wrong: text.optional().describe('A plausible answer that fails; absent: none is known'),
  })
  .meta({ id: 'EvalTextItem' });
export type TextItem = z.infer<typeof TextItemSchema>;

export const ToolItemSchema = z
  .strictObject({
    kind: z.literal('tools').describe('The right functions have to be called with the right arguments'),
    ...common,
    messages: z
      .array(EvalMessageSchema)
      .min(1)
      .max(64)
      .describe('The conversation so far; a user speaks last'),
    tools: z.array(ToolSchema).min(1).max(64).describe('Functions that are offered'),
    replies: z
      .array(ToolReplySchema)
      .max(64)
      .default([])
      .describe('The scripted environment: what calls return; one without a reply returns an error'),
    expect: ToolExpectationSchema,
    maxTurns: z.int().min(1).max(16).default(4).describe('Answers of the model at most'),
    reference: z
      .array(EvalMessageSchema)
      .max(32)
      .optional()
      .describe('Answers of a model that pass, in turn; absent: the suite was not checked with them'),
    wrong: z
      .array(EvalMessageSchema)
      .max(32)
      .optional()
      .describe('Plausible answers that fail, in turn; absent: none are known'),
  })
  .meta({ id: 'EvalToolItem' });
export type ToolItem = z.infer<typeof ToolItemSchema>;

export const EvalItemSchema = z
  .discriminatedUnion('kind', [CodingItemSchema, LongContextItemSchema, TextItemSchema, ToolItemSchema])
  .meta({ id: 'EvalItem' });
export type EvalItem = z.infer<typeof EvalItemSchema>;
export const EvalKindSchema = z
  .enum(['coding', 'long-context', 'text', 'tools'])
  .describe('How an item is asked and graded')
  .meta({ id: 'EvalKind' });
export type EvalKind = z.infer<typeof EvalKindSchema>;

export const EvalSamplerSchema = z
  .strictObject({
    temperature: z.number().min(0).max(5).describe('0: always the likeliest token'),
    topP: z.number().gt(0).max(1).optional().describe('Absent: as the host has it'),
    topK: z.int().min(0).max(1_000).optional().describe('Absent: as the host has it'),
    minP: z.number().min(0).max(1).optional().describe('Absent: as the host has it'),
    maxTokens: z.int().min(1).max(131_072).describe('Longest answer, in tokens, reasoning included'),
    seed: z
      .int()
      .min(0)
      .max(2 ** 31 - 1)
      .optional()
      .describe(
        'Of the first sample of an item, the next has one more; absent: derived from item and sample',
      ),
  })
  .describe('How the model picks its tokens; sent with every request')
  .meta({ id: 'EvalSampler' });
export type EvalSampler = z.infer<typeof EvalSamplerSchema>;

/** Of all items as JSON: a message on the bus takes 1 MB. */
const MAX_BYTES = 700_000;

/** A suite, as it stands in a file or is saved. Its version is the hash of all but `title` and `description`. */
export const EvalSuiteSchema = z
  .strictObject({
    name: EvalSuiteNameSchema,
    title: z.string().min(1).max(120).describe('What to call it for a person'),
    description: z.string().max(4_000).default('').describe('What it measures, and for whom'),
    category: ScoreCategorySchema.describe('What its score says how good a model is at, e.g. agent-coding'),
    licence: z.string().min(1).max(200).describe('Of its items: an SPDX identifier, or in words'),
    samples: z.int().min(1).max(100).default(1).describe('How often each item is asked: k'),
    system: text.optional().describe('System prompt of every item without its own; absent: none'),
    sampler: EvalSamplerSchema,
    timeoutS: z.int().min(1).max(3_600).default(300).describe('Longest wait for an answer, in seconds'),
    items: z.array(EvalItemSchema).min(1).max(5_000).describe('What is asked'),
  })
  .superRefine(({ items }, context) => {
    if (!isKeepable(items, 32)) {
      context.addIssue({
        code: 'custom',
        path: ['items'],
        message: 'must not contain the NUL character or half a character, nor be nested deeply',
      });
      return;
    }
    if (new TextEncoder().encode(JSON.stringify(items)).length > MAX_BYTES)
      context.addIssue({
        code: 'custom',
        path: ['items'],
        message: 'are more than 700 kB; make two suites of it',
      });
    const seen = new Set<string>();
    for (const [index, { id }] of items.entries()) {
      if (seen.has(id))
        context.addIssue({ code: 'custom', path: ['items', index, 'id'], message: `“${id}” is there twice` });
      seen.add(id);
    }
  })
  .meta({ id: 'EvalSuite' });
export type EvalSuite = z.infer<typeof EvalSuiteSchema>;
export type EvalSuiteInput = z.input<typeof EvalSuiteSchema>;
