import { z } from 'zod';
import { SearchTextSchema, ShallowSchema } from '../common.js';

/**
 * Tests of code as data. What is expected never enters the sandbox: a driver there only calls the candidate and returns
 * what came of it, and that is compared outside.
 */

const identifier = /^[A-Za-z_$][A-Za-z0-9_$]{0,63}$/;
const path = z
  .string()
  .regex(/^[A-Za-z0-9_][A-Za-z0-9_.-]*(?:\/[A-Za-z0-9_][A-Za-z0-9_.-]*){0,7}$/)
  .max(200);

const compare = z
  .discriminatedUnion('as', [
    z.strictObject({ as: z.literal('exact').describe('The same JSON; keys of objects in any order') }),
    z.strictObject({ as: z.literal('unordered').describe('A list with the same members in any order') }),
    z.strictObject({
      as: z.literal('close').describe('Numbers, also inside lists and objects, that are near enough'),
      within: z.number().gt(0).describe('Largest difference, absolute or as a part of the expected one'),
    }),
    z.strictObject({
      as: z.literal('text').describe('Text, apart from white space at the ends of lines and of it all'),
    }),
  ])
  .describe('How it is compared; absent: exact');
export type CodeCompare = z.infer<typeof compare>;

const expected = {
  expect: ShallowSchema.optional().describe('JSON that it has to return; absent: whatever it returns'),
  compare: compare.optional(),
  throws: z
    .string()
    .min(1)
    .max(100)
    .optional()
    .describe('Name of the error that it has to raise, or * for any; absent: it must not raise one'),
};

export const CodeStepSchema = z
  .discriminatedUnion('do', [
    z.strictObject({
      do: z.literal('call').describe('Call a function of the module, or a method of a value made before'),
      on: z.string().regex(identifier).optional().describe('Value whose method it is; absent: the module'),
      name: z.string().regex(identifier).describe('Name of the function or method'),
      args: z.array(ShallowSchema).max(32).default([]).describe('Arguments, as JSON'),
      kwargs: z
        .record(z.string().regex(identifier), ShallowSchema)
        .optional()
        .describe('Arguments by name, Python only; absent: none'),
      as: z
        .string()
        .regex(identifier)
        .optional()
        .describe('Keep the value under this name; absent: it is not kept'),
      ...expected,
    }),
    z.strictObject({
      do: z.literal('new').describe('Make an object of a class of the module'),
      name: z.string().regex(identifier).describe('Name of the class'),
      args: z.array(ShallowSchema).max(32).default([]).describe('Arguments, as JSON'),
      kwargs: z
        .record(z.string().regex(identifier), ShallowSchema)
        .optional()
        .describe('Arguments by name, Python only; absent: none'),
      as: z.string().regex(identifier).describe('Keep the object under this name'),
      throws: expected.throws,
    }),
    z.strictObject({
      do: z.literal('get').describe('Read a property of a value made before, or a constant of the module'),
      on: z.string().regex(identifier).optional().describe('Value whose property it is; absent: the module'),
      name: z.string().regex(identifier).describe('Name of the property'),
      ...expected,
    }),
  ])
  .describe(
    'Promises and coroutines are waited for; a value kept under a name may be an argument: {"$ref": "name"}',
  )
  .meta({ id: 'EvalCodeStep' });
export type CodeStep = z.infer<typeof CodeStepSchema>;

const name = z.string().min(1).max(120).describe('What is tested, for a person');

export const CodeTestSchema = z
  .union([
    z.strictObject({
      name,
      module: path.describe('File that is imported'),
      steps: z.array(CodeStepSchema).min(1).max(64).describe('In turn, in one process'),
    }),
    z.strictObject({
      name,
      run: path.describe('File that is run as a program, by the language of the item'),
      args: z.array(SearchTextSchema.max(1_000)).max(32).default([]).describe('Its arguments'),
      stdin: SearchTextSchema.max(200_000).default('').describe('What it reads'),
      stdout: SearchTextSchema.max(200_000)
        .optional()
        .describe(
          'What it has to print, apart from white space at the ends of lines; absent: whatever it prints',
        ),
      exitCode: z.int().min(0).max(255).default(0).describe('How it has to end'),
    }),
  ])
  .describe('Steps on a module, or a program that is run')
  .meta({ id: 'EvalCodeTest' });
export type CodeTest = z.infer<typeof CodeTestSchema>;
