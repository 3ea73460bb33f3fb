import { z } from 'zod';
import { SearchTextSchema, ShallowSchema } from '../common.js';

const phrase = SearchTextSchema.min(1).max(10_000);
const ignoreCase = z.boolean().default(true).describe('true: upper and lower case are alike');
const bounds = {
  min: z.int().min(0).optional().describe('At least so many; absent: none'),
  max: z.int().min(0).optional().describe('At most so many; absent: no limit'),
};
const pointer = z
  .string()
  .regex(/^(?:\/[^/]*)*$/, 'use a JSON pointer, e.g. /address/city')
  .max(500)
  .describe('JSON pointer to a value of the answer; empty: the whole');

/** A rule that an answer has to keep. Answers are trimmed; `json` rules read the answer as JSON, inside a code fence too. */
export const EvalCheckSchema = z
  .discriminatedUnion('check', [
    z.strictObject({
      check: z.literal('equals').describe('It is one of these'),
      values: z.array(phrase).min(1).max(100).describe('Any of them'),
      ignoreCase,
    }),
    z.strictObject({
      check: z.literal('contains').describe('All of these are in it'),
      values: z.array(phrase).min(1).max(100).describe('Each of them'),
      ignoreCase,
    }),
    z.strictObject({
      check: z.literal('contains-any').describe('At least one of these is in it'),
      values: z.array(phrase).min(1).max(100).describe('Any of them'),
      ignoreCase,
    }),
    z.strictObject({
      check: z.literal('avoids').describe('None of these is in it'),
      values: z.array(phrase).min(1).max(100).describe('None of them'),
      ignoreCase,
    }),
    z.strictObject({
      check: z
        .literal('matches')
        .describe('A regular expression (RE2: linear time, no look-around) fits somewhere'),
      pattern: z.string().min(1).max(1_000).describe('The expression'),
      ignoreCase,
    }),
    z.strictObject({ check: z.literal('words').describe('How many words'), ...bounds }),
    z.strictObject({ check: z.literal('characters').describe('How many characters'), ...bounds }),
    z.strictObject({ check: z.literal('lines').describe('How many lines that are not empty'), ...bounds }),
    z.strictObject({ check: z.literal('sentences').describe('How many sentences'), ...bounds }),
    z.strictObject({
      check: z.literal('number').describe('The last number in it'),
      value: z.number().describe('What it has to be'),
      within: z.number().min(0).default(0).describe('Largest difference'),
    }),
    z.strictObject({
      check: z.literal('json-schema').describe('It is JSON that fits a schema'),
      schema: ShallowSchema.describe('JSON Schema'),
    }),
    z.strictObject({
      check: z.literal('json-value').describe('A value in the JSON'),
      at: pointer,
      equals: ShallowSchema.describe('What it has to be; texts without regard to case and outer white space'),
      unordered: z.boolean().default(false).describe('true: lists in any order'),
    }),
    z.strictObject({
      check: z.literal('json-absent').describe('There is no such value in the JSON'),
      at: pointer,
    }),
  ])
  .meta({ id: 'EvalCheck' });
export type EvalCheck = z.infer<typeof EvalCheckSchema>;
