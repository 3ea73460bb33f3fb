import type { ActivityRow } from '@boocontrol/contracts';
import { figuresOf } from '../rows';
import { count, duration, NONE, rate, spoken } from '../../format/number';
import type { Figures } from '../../playground/types';

/** What is set side by side; null: not known. */
export interface Compared {
  ttftMs: number | null;
  durationMs: number | null;
  promptTokens: number | null;
  cacheTokens: number | null;
  outputTokens: number | null;
  promptTps: number | null;
  genTps: number | null;
}

/** The host's own figures. Of the first token it knows how long it took to read the prompt: queue and network are not in it. */
export function comparedRow(row: ActivityRow): Compared {
  const { promptTokens, cacheTokens, outputTokens, promptTps, genTps } = figuresOf(row);
  const read = promptTokens === null ? null : promptTokens - (cacheTokens ?? 0);
  return {
    ttftMs: read === null || !promptTps ? null : (1000 * read) / promptTps,
    durationMs: row.durationMs,
    promptTokens,
    cacheTokens,
    outputTokens,
    promptTps,
    genTps,
  };
}

/** By the browser's clock, and speeds by the host where it tells them. */
export function comparedFigures(figures: Figures): Compared {
  const { ttftMs, e2eMs, promptTokens, cacheTokens, outputTokens, hostPromptTps, hostGenTps, genTps } =
    figures;
  return {
    ttftMs,
    durationMs: e2eMs,
    promptTokens,
    cacheTokens,
    outputTokens,
    promptTps: hostPromptTps,
    genTps: hostGenTps ?? genTps,
  };
}

const tokens = (n: number | null): string => (n === null ? NONE : count(n));
const time = (ms: number | null): string => spoken(duration(ms));

export const FIGURES: readonly { name: string; why: string; of: (each: Compared) => string }[] = [
  {
    name: 'First token',
    why: 'Of the replays from sending to the first token, by this browser’s clock; of the original how long the host says that it read the prompt.',
    of: ({ ttftMs }) => time(ttftMs),
  },
  {
    name: 'Whole',
    why: 'Of the replays from sending to the last token, by this browser’s clock; of the original the host’s own duration.',
    of: ({ durationMs }) => time(durationMs),
  },
  { name: 'Prompt', why: 'Tokens of the prompt', of: ({ promptTokens }) => tokens(promptTokens) },
  { name: 'Cached', why: 'Prompt tokens from the KV cache', of: ({ cacheTokens }) => tokens(cacheTokens) },
  { name: 'Answer', why: 'Tokens of the answer', of: ({ outputTokens }) => tokens(outputTokens) },
  {
    name: 'Prompt tok/s',
    why: 'Prompt tokens read a second, as the host says',
    of: ({ promptTps }) => rate(promptTps),
  },
  { name: 'Gen tok/s', why: 'Tokens generated a second', of: ({ genTps }) => rate(genTps) },
];
