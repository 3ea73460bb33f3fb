'use client';
import { count, duration, NONE, rate, spoken } from '../format/number';
import { areApart } from './figures';
import type { Figures } from './types';

const tokens = (n: number | null): string => (n === null ? NONE : count(n));

/** What was measured of one answer, here and by the host itself. */
export function FiguresView({ figures }: { figures: Figures }) {
  const { ttftMs, ttftContentMs, e2eMs, genTps, isByChunks, hostGenTps, hostPromptTps } = figures;
  const { promptTokens, cacheTokens, outputTokens } = figures;
  const hasReasoned = ttftContentMs !== null && ttftContentMs !== ttftMs;
  return (
    <dl className="num mt-3 grid grid-cols-4 gap-x-3 border-t pt-2 text-sm" data-testid="figures">
      <Figure
        name="First token"
        why="From sending to the first token, by this browser’s clock: network and queue are in it."
        below={hasReasoned ? `text ${spoken(duration(ttftContentMs))}` : null}
      >
        {spoken(duration(ttftMs))}
      </Figure>
      <Figure
        name="Tokens/s"
        why={
          isByChunks
            ? 'Chunks a second, until the host tells how many tokens there were.'
            : 'After the first token, by this browser’s clock; below it what the host says itself.'
        }
        below={hostGenTps === null ? null : `host ${rate(hostGenTps)}`}
        isAmiss={areApart(figures)}
      >
        {isByChunks && genTps !== null ? '≈ ' : ''}
        {rate(genTps)}
      </Figure>
      <Figure
        name="Prompt"
        why={`Tokens of the prompt, and how many of them the host had in its cache.${hostPromptTps === null ? '' : ` It read the others at ${rate(hostPromptTps)} tokens a second.`}`}
        below={cacheTokens === null ? null : `${count(cacheTokens)} cached`}
      >
        {tokens(promptTokens)}
      </Figure>
      <Figure
        name="Answer"
        why="Tokens of the answer, and the time from sending to the last one."
        below={e2eMs === null ? null : spoken(duration(e2eMs))}
      >
        {tokens(outputTokens)}
      </Figure>
    </dl>
  );
}

interface FigureProps {
  name: string;
  why: string;
  below: string | null;
  /** The host says something else. */
  isAmiss?: boolean;
  children: React.ReactNode;
}

function Figure({ name, why, below, isAmiss = false, children }: FigureProps) {
  return (
    <div className="min-w-0" title={why}>
      <dt className="eyebrow truncate">{name}</dt>
      <dd className="truncate">{children}</dd>
      <dd className={`truncate text-2xs ${isAmiss ? 'text-busy' : 'text-fg3'}`}>
        {below ?? '\u00a0'}
        {isAmiss && <span className="sr-only">, more than a tenth apart</span>}
      </dd>
    </div>
  );
}
