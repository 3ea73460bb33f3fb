import { z } from 'zod';
import { CellSpecSchema } from '../suite/cells.js';
import { SuiteSchema } from '../suite/suite.js';
import { FiguresSchema } from './figures.js';
import { FingerprintSchema } from './fingerprint.js';
import { PollutionSchema, SampleSchema } from './sample.js';

const count = z.int().min(0);

export const CellSchema = z.strictObject({
  name: z.string().describe('The same for the same combination in every run: pp512 tg128 d0 c4'),
  spec: CellSpecSchema,
  state: z.enum(['measured', 'partial', 'skipped']),
  reason: z.string().nullable().describe('Why it was not measured, or not to its end'),
  warmups: count.describe('Requests that warmed up, and are in no figure'),
  requests: z.strictObject({ asked: count, ok: count, errors: count, incomplete: count, aborted: count }),
  figures: FiguresSchema,
  pollution: z
    .array(z.strictObject({ reason: PollutionSchema, samples: z.int().min(1) }))
    .describe('Not empty: the figures are not what they would be by themselves'),
});
export type Cell = z.infer<typeof CellSchema>;

/**
 * A run, whole: what was measured, of what, and every sample. `version` counts up when a field changes its meaning or
 * goes; new fields come without it.
 */
export const ResultSchema = z.object({
  kind: z.literal('boocontrol.bench').describe('What this file is'),
  version: z.literal(1),
  runId: z.string(),
  seed: z.int().describe('The same seed and suite send the same prompts'),
  startedAt: z.iso.datetime(),
  clockMs: z
    .number()
    .describe('The monotonic clock of the measuring machine when the run began: samples count from there'),
  endedAt: z.iso.datetime(),
  status: z.enum(['complete', 'stopped', 'interrupted']),
  reason: z.string().nullable().describe('Why it is not complete'),
  suite: SuiteSchema,
  fingerprint: FingerprintSchema,
  loadMs: z.number().nullable().describe('How long the model took to load; null: it was loaded already'),
  calibration: z
    .strictObject({
      method: z.enum(['tokenizer', 'requests']),
      templateTokens: z.int(),
      tokensPerWord: z.number(),
    })
    .nullable()
    .describe('How the lengths of prompts were come by; null: it ended before'),
  cells: z.array(CellSchema),
  saturation: z
    .array(
      z.strictObject({
        cells: z.string().describe('pp512 tg128 d0'),
        load: z.number().nullable().describe('From here more gained nothing; null: it still gained'),
      }),
    )
    .describe('Of each group of cells that differ in their load only'),
  samples: z.array(SampleSchema),
});
export type Result = z.infer<typeof ResultSchema>;
