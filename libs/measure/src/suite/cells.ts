import { z } from 'zod';
import type { Suite } from './suite.js';

export const CellLoadSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('closed'), concurrency: z.int().min(1) }),
  z.strictObject({
    kind: z.literal('open'),
    ratePerS: z.number().positive(),
    arrivals: z.enum(['constant', 'poisson']),
    requests: z.int().min(1).describe('Of a repetition'),
  }),
]);
export type CellLoad = z.infer<typeof CellLoadSchema>;

/** One combination of what a suite varies. */
export const CellSpecSchema = z.strictObject({
  promptTokens: z.int().min(1).describe('New tokens, template included'),
  outputTokens: z.int().min(1),
  depth: z.int().min(0).describe('Tokens before them that the cache has'),
  load: CellLoadSchema,
});
export type CellSpec = z.infer<typeof CellSpecSchema>;

/** Lower loads first, so that a sweep can end where more gains nothing. */
export function cellsOf({ promptTokens, outputTokens, depth, load }: Suite): CellSpec[] {
  const ascending = (values: readonly number[]): number[] => [...values].sort((a, b) => a - b);
  const loads: CellLoad[] =
    load.kind === 'closed'
      ? ascending(load.concurrency).map((concurrency) => ({ kind: 'closed', concurrency }))
      : ascending(load.ratePerS).map((ratePerS) => ({
          kind: 'open',
          ratePerS,
          arrivals: load.arrivals,
          requests: load.requests,
        }));
  return promptTokens.flatMap((prompt) =>
    outputTokens.flatMap((output) =>
      depth.flatMap((before) =>
        loads.map((each) => ({ promptTokens: prompt, outputTokens: output, depth: before, load: each })),
      ),
    ),
  );
}

/** The same for the same combination, in whatever suite: `pp512 tg128 d0 c4`, `pp512 tg128 d0 2/s`. */
export function cellName({ promptTokens, outputTokens, depth, load }: CellSpec): string {
  const how = load.kind === 'closed' ? `c${load.concurrency}` : `${load.ratePerS}/s ${load.arrivals}`;
  return `pp${promptTokens} tg${outputTokens} d${depth} ${how}`;
}

/** How many requests are measured. */
export function requestsOf({ load }: CellSpec, repetitions: number): number {
  return repetitions * (load.kind === 'closed' ? load.concurrency : load.requests);
}
