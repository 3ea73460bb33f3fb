import { z } from 'zod';
import { FIGURES, type FigureKey } from './definitions.js';

const part = z.number().nullable();

/** All values of one figure in one cell. */
export const SummarySchema = z
  .strictObject({
    n: z.int().min(1).describe('How many values'),
    median: z.number().describe('Half are below'),
    low: part.describe('95 % interval of the median, by bootstrap; null: one value'),
    high: part.describe('The other end of that interval; null: one value'),
    p95: part.describe('null: fewer than 20 values'),
    p99: part.describe('null: fewer than 100 values'),
    min: z.number().describe('The least'),
    max: z.number().describe('The greatest'),
    repetitions: z.array(z.number()).describe('Median of each repetition: what verdicts are made from'),
  })
  .meta({ id: 'BenchSummary' });
export type Summary = z.infer<typeof SummarySchema>;

export type Figures = Partial<Record<FigureKey, Summary>>;
export const FigureKeySchema = z
  .enum(FIGURES as [FigureKey, ...FigureKey[]])
  .describe('Name of a figure; GET /api/bench/definitions says what each is')
  .meta({ id: 'BenchFigure' });
export const FiguresSchema: z.ZodType<Figures> = z
  .partialRecord(FigureKeySchema, SummarySchema)
  .describe('By name of the figure; what was not measured is not there');
