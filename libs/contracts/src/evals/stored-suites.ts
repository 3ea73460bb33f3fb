import { z } from 'zod';
import { InstantSchema, SourceSchema } from '../common.js';
import { ScoreCategorySchema } from '../scores.js';
import { nextCursorOf } from '../paging.js';
import { EvalItemIdSchema, EvalKindSchema, EvalSuiteNameSchema, EvalSuiteSchema } from './suite.js';

/** Suites as the evals service keeps them: named, each with its versions. */

const count = z.int().min(0);

export const EvalSuiteHashSchema = z
  .string()
  .regex(/^[0-9a-f]{16,64}$/)
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
    nextCursor: nextCursorOf('nothing further'),
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
