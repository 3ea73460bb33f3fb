import { z } from 'zod';
import { InstantSchema } from '../common.js';
import { FigureKeySchema, FiguresSchema } from './figures.js';
import { PollutionSchema, SampleSchema } from './sample.js';
import { CellSpecSchema, SuiteSchema } from './suite.js';

const text = z.string().nullable();
const count = z.int().min(0);

/** Everything that has to be the same for two figures to be comparable, as far as it is told. */
export const FingerprintSchema = z
  .strictObject({
    host: z.string().describe('Its address, without secrets'),
    hostKind: z.enum(['llama-swap', 'llama.cpp', 'openai']).describe('What answers there'),
    hostVersion: text.describe('Of llama-swap'),
    model: z.string().describe('Its name'),
    file: text.describe('Name of its file'),
    command: text.describe('Of its server, without secrets'),
    engineBuild: text.describe('Of llama.cpp'),
    contextTokens: z.int().nullable().describe('Of one slot'),
    slots: z.int().nullable().describe('Requests that its server works on at the same time'),
    otherModels: z.array(z.string()).describe('In memory beside it'),
    endpoint: z.enum(['chat', 'completions']).describe('Where requests go'),
    sampling: z.looseObject({}).describe('Sent with every request'),
    suite: z.string().describe('Hash of the suite without its name'),
    gpus: z
      .array(z.string())
      .optional()
      .describe('Names, drivers and power limits of its GPUs, as its samples tell; absent: not told'),
  })
  .describe('What has to be the same for figures to be comparable')
  .meta({ id: 'BenchFingerprint' });
export type Fingerprint = z.infer<typeof FingerprintSchema>;

export const CellRequestsSchema = z
  .strictObject({
    asked: count.describe('To be measured'),
    ok: count.describe('Answered whole'),
    errors: count.describe('Failed'),
    incomplete: count.describe('Ended without their last event'),
    aborted: count.describe('Given up by us'),
    good: count
      .optional()
      .describe('Answered whole and within every limit of the suite; absent: it has no limits'),
  })
  .meta({ id: 'BenchCellRequests' });

export const CellPollutionSchema = z
  .array(
    z.strictObject({
      reason: PollutionSchema,
      samples: z.int().min(1).describe('Of so many requests'),
    }),
  )
  .describe('Not empty: the figures are not what they would be by themselves');

/** Something else that happened to a host while a cell was measured. */
export const ContaminationSchema = z
  .object({
    kind: z
      .enum(['foreign_request', 'swap', 'other_model', 'throttled'])
      .describe(
        'foreign_request: somebody else’s request; swap: the model went or came; other_model: another was loaded or went; throttled: clock or power of a GPU fell at full load',
      ),
    at: InstantSchema.describe('When it was seen'),
    what: z.string().max(300).describe('In words: whose request, which model, which GPU'),
  })
  .meta({ id: 'BenchContamination' });
export type Contamination = z.infer<typeof ContaminationSchema>;

export const CellSchema = z
  .strictObject({
    name: z.string().describe('The same for the same combination in every run: pp512 tg128 d0 c4'),
    spec: CellSpecSchema,
    state: z
      .enum(['measured', 'partial', 'skipped'])
      .describe('partial: not to its end; skipped: nothing of it was measured'),
    reason: z.string().nullable().describe('Why it was not measured, or not to its end'),
    warmups: count.describe('Requests that warmed up, and are in no figure'),
    requests: CellRequestsSchema.describe('What became of its requests'),
    figures: FiguresSchema,
    pollution: CellPollutionSchema,
    contamination: z
      .array(ContaminationSchema)
      .optional()
      .describe('Empty: it had the host to itself; absent: nobody looked'),
  })
  .meta({ id: 'BenchResultCell' });
export type Cell = z.infer<typeof CellSchema>;

export const CalibrationSchema = z
  .strictObject({
    method: z
      .enum(['tokenizer', 'requests'])
      .describe('Who counted: its tokenizer, or requests that it counted'),
    templateTokens: z.int().describe('Of the chat template alone'),
    tokensPerWord: z.number().describe('Of English words'),
  })
  .meta({ id: 'BenchCalibration' });

export const SaturationSchema = z
  .array(
    z.strictObject({
      cells: z.string().describe('pp512 tg128 d0'),
      load: z.number().nullable().describe('From here more gained nothing; null: it still gained'),
    }),
  )
  .describe('Of each group of cells that differ in their load only');

export const RateFoundSchema = z
  .strictObject({
    cells: z.string().describe('pp512 tg128 d0'),
    highestPerS: z
      .number()
      .nullable()
      .describe('Requests a second: the highest that kept the limits; null: not even the lowest did'),
    why: z.string().describe('Why the search ended there'),
  })
  .meta({ id: 'BenchRateFound' });
export type RateFound = z.infer<typeof RateFoundSchema>;

/**
 * A run, whole: what was measured, of what, and every sample. `version` counts up when a field changes its meaning or
 * goes; new fields come without it.
 */
export const ResultSchema = z
  .object({
    kind: z.literal('boocontrol.bench').describe('What this file is'),
    version: z.literal(1).describe('Of its form'),
    runId: z.string().describe('Names the run'),
    seed: z.int().describe('The same seed and suite send the same prompts'),
    startedAt: z.iso.datetime().describe('When it began'),
    clockMs: z
      .number()
      .describe(
        'The monotonic clock of the measuring process when the run began: samples count from there; 0 in a file of the bench service, whose clock is nobody else’s',
      ),
    endedAt: z.iso.datetime().describe('When it ended'),
    status: z.enum(['complete', 'stopped', 'interrupted']).describe('stopped: by a limit of its suite'),
    reason: z.string().nullable().describe('Why it is not complete'),
    suite: SuiteSchema,
    fingerprint: FingerprintSchema,
    loadMs: z.number().nullable().describe('How long the model took to load; null: it was loaded already'),
    calibration: CalibrationSchema.nullable().describe(
      'How the lengths of prompts were come by; null: it ended before',
    ),
    cells: z.array(CellSchema).describe('In the order in which they were measured'),
    saturation: SaturationSchema,
    rates: z.array(RateFoundSchema).optional().describe('What searches of a rate came to; absent: none'),
    samples: z.array(SampleSchema).describe('Every request that was measured'),
  })
  .meta({ id: 'BenchResult' });
export type Result = z.infer<typeof ResultSchema>;

export const VerdictSchema = z
  .enum(['regressed', 'improved', 'same', 'inconclusive', 'no_baseline'])
  .describe('What became of a figure')
  .meta({ id: 'BenchVerdict' });
export type Verdict = z.infer<typeof VerdictSchema>;

/** What became of one figure of one cell. */
export const JudgementSchema = z.strictObject({
  verdict: VerdictSchema,
  ratio: z
    .number()
    .nullable()
    .describe('Median now ÷ median of the baseline; null: there is nothing to divide by'),
  low: z.number().nullable().describe('Interval of the ratio, by bootstrap; null: none'),
  high: z.number().nullable().describe('The other end of that interval'),
  reason: z.string().nullable().describe('Why it is inconclusive, or has no baseline'),
});
export type Judgement = z.infer<typeof JudgementSchema>;

/** A run held against its baseline. */
export const ComparisonSchema = z
  .strictObject({
    baseline: z
      .strictObject({
        runId: z.string().describe('Which run'),
        startedAt: z.string().describe('When that began'),
      })
      .nullable()
      .describe('null: there was none'),
    changed: z
      .array(z.string())
      .describe('What else is not the same as then, in words: engine build b7112 → b7200'),
    judged: z
      .array(
        JudgementSchema.extend({
          cell: z.string().describe('Name of the cell'),
          figure: FigureKeySchema,
        }),
      )
      .describe('Cell by cell'),
    regressed: count.describe('How many of them regressed'),
  })
  .meta({ id: 'BenchComparison' });
export type Comparison = z.infer<typeof ComparisonSchema>;
