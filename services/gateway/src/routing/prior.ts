import { parseQuant, parseSize } from '@boocontrol/fleet-model';

/** A guess never reaches what a good measurement says: those begin here. */
export const PRIOR_MAX = 0.5;
/** Of a name that states no size. */
const SIZE_UNKNOWN = 0.4;
/** Billions of parameters that count as nothing, and as all there is. */
const SMALLEST_B = 0.5;
const LARGEST_B = 256;

/** What of a model is left at so many bits a weight: little is lost down to four, much below. */
const LEFT: readonly [pattern: RegExp, share: number][] = [
  [/^(?:UD-)?I?Q1|^TQ1/, 0.5],
  [/^(?:UD-)?I?Q2|^TQ2|^2BIT|^INT2|EXL2/, 0.7],
  [/^(?:UD-)?I?Q3|^3BIT/, 0.85],
  [/^(?:UD-)?I?Q4|^4BIT|^INT4|FP4$|AWQ|GPTQ/, 0.94],
  [/^(?:UD-)?I?Q5|^5BIT/, 0.97],
];

/** 0 to PRIOR_MAX: how good a model might be, by the parameters and the quantisation that its name states. */
export function guessQuality(model: string): number {
  const size = parseSize(model);
  // A mixture of experts is about as good as a dense model between its active and its total parameters.
  const denseB = size === null ? null : Math.sqrt(size.totalB * size.activeB);
  const share =
    denseB === null ? SIZE_UNKNOWN : Math.log(denseB / SMALLEST_B) / Math.log(LARGEST_B / SMALLEST_B);
  const quant = parseQuant(model)?.toUpperCase() ?? '';
  const left = LEFT.find(([pattern]) => pattern.test(quant))?.[1] ?? 1;
  return PRIOR_MAX * left * Math.min(1, Math.max(0, share));
}
