import type { ActivityRow, RouteFact } from '@boocontrol/contracts';
import { stretchesOf } from '../../dispatch/time-line';
import { count } from '../../format/number';
import { figuresOf } from '../rows';
import type { LoadSeen } from './load-seen';

export type Phase = 'queue' | 'before' | 'load' | 'prompt' | 'generation' | 'rest';

export interface Part {
  phase: Phase;
  ms: number;
  /** What it is made of, or how it is known. */
  note: string | null;
}

export interface TimeSpent {
  /** From the client's request on where it came through /v1, else from when the host had it. */
  totalMs: number;
  /** In the order of time, none of them empty. */
  parts: Part[];
  /** What is not known, as sentences; it is somewhere in the rest. */
  unknown: string[];
}

/** What makes up less is no part: clocks and rounding. */
const LEAST_MS = 1;

type Timed = ActivityRow;

/**
 * What a request spent its time with, as far as it can be told. Nothing that is not known is counted as nothing: it is in
 * the rest, and said.
 * @param dispatch of the request to /v1 that the row belongs to; null: it came straight to the host, or is not known
 * @param load null: its provider tells of no loads
 */
export function timeSpent(row: Timed, dispatch: RouteFact | null, load: LoadSeen | null): TimeSpent {
  const way = wayOf(row, dispatch);
  const unknown: string[] = [];
  const parts: Part[] = [...way.parts];
  if (!way.isKnown) unknown.push('Whether it waited at the host for a place is not told.');
  if (load?.kind === 'loaded')
    parts.push({ phase: 'load', ms: load.ms, note: 'its model was seen to load on the host' });
  if (load?.kind === 'unknown') unknown.push(`Whether its model had to load is not known: ${load.why}.`);
  const { prompt, generation } = computing(row);
  if (prompt) parts.push(prompt);
  if (generation) parts.push(generation);
  if (!prompt && !generation)
    unknown.push('The host told no speeds: reading the prompt and generating are not told apart.');
  const told = parts.filter(({ ms }) => ms >= LEAST_MS);
  const knownMs = told.reduce((sum, { ms }) => sum + ms, 0);
  const restMs = way.totalMs - knownMs;
  if (restMs >= LEAST_MS) told.push({ phase: 'rest', ms: restMs, note: null });
  return { totalMs: way.totalMs, parts: told, unknown };
}

/** What came before the host had it. */
function wayOf(row: Timed, dispatch: RouteFact | null): { totalMs: number; parts: Part[]; isKnown: boolean } {
  // Of an earlier attempt only its own time is its story.
  if (dispatch === null || row.dispatch?.attempt !== dispatch.attempts.length)
    return { totalMs: row.durationMs, parts: [], isKnown: false };
  const stretches = stretchesOf(dispatch);
  const sum = (kind: (typeof stretches)[number]['kind']): number =>
    stretches.filter((each) => each.kind === kind).reduce((ms, { fromMs, toMs }) => ms + toMs - fromMs, 0);
  return {
    totalMs: Math.max(dispatch.durationMs, row.durationMs),
    parts: [
      { phase: 'queue', ms: sum('queue'), note: 'for a place at a host' },
      { phase: 'before', ms: sum('failed'), note: 'attempts that came to nothing' },
    ],
    isKnown: true,
  };
}

/** By the host's own figures. */
function computing(row: Timed): { prompt: Part | null; generation: Part | null } {
  const { promptTokens, cacheTokens, outputTokens, promptTps, genTps } = figuresOf(row);
  const newTokens = promptTokens === null ? null : Math.max(0, promptTokens - (cacheTokens ?? 0));
  const prompt: Part | null =
    newTokens !== null && promptTps !== null && promptTps > 0
      ? { phase: 'prompt', ms: (newTokens / promptTps) * 1_000, note: `${count(newTokens)} new tokens` }
      : null;
  // The first token comes with the prompt: llama.cpp's speed leaves it out.
  const generation: Part | null =
    outputTokens !== null && genTps !== null && genTps > 0
      ? {
          phase: 'generation',
          ms: (Math.max(0, outputTokens - 1) / genTps) * 1_000,
          note: `${count(outputTokens)} tokens`,
        }
      : null;
  return { prompt, generation };
}
