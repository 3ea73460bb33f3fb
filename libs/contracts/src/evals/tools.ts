import { z } from 'zod';
import { SearchTextSchema, ShallowSchema } from '../common.js';
import { EvalCheckSchema } from './checks.js';

const toolName = z
  .string()
  .regex(/^[A-Za-z0-9_-]{1,64}$/)
  .describe('Name of the function');

export const ToolSchema = z
  .strictObject({
    name: toolName,
    description: z.string().max(4_000).describe('What it does, as the model reads it'),
    parameters: ShallowSchema.describe('JSON Schema of its arguments'),
  })
  .describe('A function that is offered to the model')
  .meta({ id: 'EvalTool' });

export const EvalToolCallSchema = z
  .strictObject({
    name: toolName,
    arguments: ShallowSchema.describe('As JSON; a text where it was no JSON'),
  })
  .describe('A call that a model made')
  .meta({ id: 'EvalToolCall' });
export type EvalToolCall = z.infer<typeof EvalToolCallSchema>;

export const EvalMessageSchema = z
  .strictObject({
    role: z.enum(['system', 'user', 'assistant', 'tool']).describe('Who speaks'),
    content: SearchTextSchema.max(1_000_000).default('').describe('What is said'),
    calls: z.array(EvalToolCallSchema).max(32).optional().describe('Functions that it calls; absent: none'),
    name: toolName.optional().describe('Of a tool’s answer: which function; absent: no tool’s answer'),
  })
  .describe('One message of a conversation')
  .meta({ id: 'EvalMessage' });
export type EvalMessage = z.infer<typeof EvalMessageSchema>;

/** What an argument has to be. */
const argument = z
  .union([
    z.strictObject({ anyOf: z.array(ShallowSchema).min(1).max(32).describe('Any of these values') }),
    z.strictObject({
      contains: z
        .array(SearchTextSchema.min(1).max(1_000))
        .min(1)
        .max(32)
        .describe('A text with all of these in it'),
    }),
    z.strictObject({
      near: z.number().describe('A number'),
      within: z.number().min(0).describe('Largest difference'),
    }),
    z.strictObject({ absent: z.literal(true).describe('It must not be there') }),
    z.strictObject({
      equals: ShallowSchema.describe('This value; texts without regard to case and outer white space'),
    }),
  ])
  .describe('What an argument has to be');
export type ExpectedArgument = z.infer<typeof argument>;

export const ToolReplySchema = z
  .strictObject({
    tool: toolName,
    when: z
      .record(z.string().max(100), ShallowSchema)
      .optional()
      .describe(
        'Arguments that it is the reply to, others may be there; absent: any. The first that fits is taken',
      ),
    result: ShallowSchema.describe('What the call returns'),
  })
  .meta({ id: 'EvalToolReply' });
export type ToolReply = z.infer<typeof ToolReplySchema>;

export const ToolExpectationSchema = z
  .strictObject({
    calls: z
      .array(
        z.strictObject({
          name: toolName,
          arguments: z
            .record(z.string().max(100), argument)
            .default({})
            .describe('By name; those not named may be anything'),
        }),
      )
      .max(32)
      .default([])
      .describe('Calls that have to be made over all turns; empty: none must be'),
    order: z.enum(['given', 'any']).default('given').describe('given: one after the other as listed'),
    more: z
      .boolean()
      .default(false)
      .describe('true: other calls beside these may be made; false: each further call fails the item'),
    answer: z.array(EvalCheckSchema).max(16).default([]).describe('What has to hold of the last text'),
  })
  .describe('What has to have happened when the model has said its last')
  .meta({ id: 'EvalToolExpectation' });
export type ToolExpectation = z.infer<typeof ToolExpectationSchema>;
