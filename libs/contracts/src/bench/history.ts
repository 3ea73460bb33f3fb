import { z } from 'zod';
import { InstantSchema, ModelIdSchema, ProviderIdSchema } from '../common.js';
import { FigureKeySchema, SummarySchema } from './figures.js';
import { BenchTargetSchema } from './launch.js';

/** Figures over many runs, and what they mean. */

export const BenchHistoryQuerySchema = z.strictObject({
  figure: FigureKeySchema,
  providerId: ProviderIdSchema.optional().describe('Of this host; absent: of all'),
  model: ModelIdSchema.optional().describe('Of this model; absent: of all'),
  suite: z.string().max(100).optional().describe('Of this suite; absent: of all'),
  cell: z.string().max(200).optional().describe('Of this cell; absent: of all'),
  days: z.int().min(1).max(3_650).default(90).describe('So far back'),
  limit: z.int().min(1).max(5_000).default(2_000).describe('Points at most; older ones are left out'),
});

export const BenchHistorySchema = z
  .object({
    points: z
      .array(
        z.object({
          runId: z.uuid().describe('Of which run'),
          at: InstantSchema.describe('When that began'),
          ...BenchTargetSchema.shape,
          suiteName: z.string().describe('Of its suite'),
          cell: z.string().describe('Name of the cell'),
          value: SummarySchema.omit({ repetitions: true }).describe('All values of the cell'),
          isClean: z.boolean().describe('false: contaminated or polluted'),
          engineBuild: z.string().nullable().describe('Of llama.cpp; null: not told'),
        }),
      )
      .describe('Oldest first'),
    leftOut: z.boolean().describe('There are more than were asked for'),
  })
  .meta({ id: 'BenchHistory' });
export type BenchHistory = z.infer<typeof BenchHistorySchema>;

export const BenchFastestSchema = z
  .object({
    models: z
      .array(
        z.object({
          model: ModelIdSchema,
          hosts: z
            .array(
              z.object({
                providerId: ProviderIdSchema,
                runId: z.uuid().describe('The newest run with a clean cell'),
                at: InstantSchema.describe('When that began'),
                cell: z.string().describe('Name of the cell: alone, with the longest answer'),
                genTps: z.number().nullable().describe('Median, tokens/s; null: not measured'),
                ttftMs: z.number().nullable().describe('Median, milliseconds; null: not measured'),
                promptTps: z.number().nullable().describe('Median, tokens/s; null: not measured'),
              }),
            )
            .describe('The fastest generation first'),
        }),
      )
      .describe('Models that were measured, by name'),
  })
  .meta({ id: 'BenchFastest' });
export type BenchFastest = z.infer<typeof BenchFastestSchema>;

/** What the figures are, in words: `definitionOf`, for programs that do not have it. */
export const BenchDefinitionsSchema = z
  .object({
    definitions: z
      .array(
        z.object({
          figure: FigureKeySchema,
          label: z.string().describe('In the head of a table'),
          unit: z.string().describe('ms, tokens/s, requests/s, tokens or %'),
          better: z.enum(['higher', 'lower']).nullable().describe('null: neither is better'),
          is: z.string().describe('In one sentence'),
          formula: z.string().describe('How it is reckoned'),
          source: z.string().describe('Who says it: our clock, the host’s own account, or both'),
          of: z
            .enum(['request', 'cell', 'run'])
            .describe('Of one request; of all requests of a cell together; of a run'),
          minEffect: z
            .number()
            .optional()
            .describe('Least change that counts in a comparison, as a part of 1; absent: it is not compared'),
        }),
      )
      .describe('Every figure'),
  })
  .meta({ id: 'BenchDefinitions' });
export type BenchDefinitions = z.infer<typeof BenchDefinitionsSchema>;
