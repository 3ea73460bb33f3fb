'use client';
import type { Explain, RouteCandidate, RouteTerms } from '@boocontrol/contracts';
import { useState } from 'react';
import { hostName } from '../control/names';
import { plural } from '../format/number';
import { filterWords, TERMS } from '../dispatch/dispatch-words';
import { Button } from '../ui/controls';
import { ableOf, contributions, leftOutOf } from './explain';

/** So many at first: the best are what it is about. */
const FIRST = 8;

interface ExplainViewProps {
  explain: Explain;
  /** It belongs to the question before. */
  isOld: boolean;
}

/** Candidates in their order with what their scores are made of, and those left out with why. */
export function ExplainView({ explain: { choice, error, candidates, policy }, isOld }: ExplainViewProps) {
  const able = ableOf(candidates);
  const leftOut = leftOutOf(candidates);
  return (
    <div className={`flex flex-col gap-5 ${isOld ? 'stale' : ''}`}>
      <p role="status" className="text-sm" data-testid="choice">
        {choice ? (
          <>
            <strong className="font-semibold">{hostName(choice.providerId)}</strong> would be asked first, for{' '}
            <code className="font-mono text-xs [overflow-wrap:anywhere]">{choice.model}</code>.
          </>
        ) : (
          <>Nobody would be asked. {error?.message}</>
        )}
      </p>
      {able.length > 0 && (
        <List title={plural(able.length, 'candidate')} of={able}>
          {(candidate) => <Able candidate={candidate} weights={policy?.weights ?? null} />}
        </List>
      )}
      {leftOut.length > 0 && (
        <List title={`${leftOut.length} left out`} of={leftOut}>
          {(candidate) => <LeftOut candidate={candidate} />}
        </List>
      )}
    </div>
  );
}

interface ListProps {
  title: string;
  of: readonly RouteCandidate[];
  children: (candidate: RouteCandidate) => React.ReactNode;
}

function List({ title, of, children }: ListProps) {
  const [all, setAll] = useState(false);
  return (
    <section aria-label={title}>
      <h4 className="eyebrow mb-1">{title}</h4>
      <ol className="divide-y rounded-lg border text-sm">
        {(all ? of : of.slice(0, FIRST)).map((candidate) => (
          <li key={`${candidate.providerId} ${candidate.model}`} className="min-w-0 px-3 py-2">
            {children(candidate)}
          </li>
        ))}
      </ol>
      {of.length > FIRST && (
        <Button look="quiet" className="mt-1" onClick={() => setAll(!all)}>
          {all ? 'Show fewer' : `Show all ${of.length}`}
        </Button>
      )}
    </section>
  );
}

function Target({ providerId, model }: RouteCandidate) {
  return (
    <span className="min-w-0 [overflow-wrap:anywhere]">
      {hostName(providerId)} <code className="font-mono text-xs text-fg2">{model}</code>
    </span>
  );
}

function Able({ candidate, weights }: { candidate: RouteCandidate; weights: RouteTerms | null }) {
  const { score, terms, quality, measured } = candidate;
  const parts = terms && weights && contributions(terms, weights);
  return (
    <>
      <div className="flex items-baseline justify-between gap-3">
        <Target {...candidate} />
        {score !== null && <span className="num font-mono">{score.toFixed(2)}</span>}
      </div>
      {terms && (
        <dl className="mt-1 grid grid-cols-3 gap-x-4 gap-y-1.5 text-2xs sm:grid-cols-6">
          {TERMS.map((term) => (
            <div key={term} className="min-w-0">
              <dt className="truncate text-fg2">
                {term}
                {term === 'quality' && quality === 'guessed' && (
                  <span title="Nobody measured it: a guess from the model’s name">
                    ?<span className="sr-only"> guessed</span>
                  </span>
                )}
              </dt>
              <dd className="flex flex-col gap-0.5">
                <span className="h-1 rounded-full bg-s3" aria-hidden>
                  <span
                    className="block h-1 rounded-full bg-accent"
                    style={{ width: `${Math.round(terms[term] * 100)}%` }}
                  />
                </span>
                <span className="num flex justify-between font-mono text-fg2">
                  {terms[term].toFixed(2)}
                  {parts && (
                    <span className="text-fg3" title="What it adds to the score">
                      +{parts[term].toFixed(2)}
                    </span>
                  )}
                </span>
              </dd>
            </div>
          ))}
        </dl>
      )}
      {terms && measured && <Measured {...measured} />}
    </>
  );
}

function Measured({ category, mean, low, high, n, by, runId }: NonNullable<RouteCandidate['measured']>) {
  const share = (value: number) => `${Math.round(value * 100)} %`;
  return (
    <p className="mt-1 text-2xs text-fg2">
      Quality: measured, {category ?? 'overall'} <span className="num font-mono">{share(mean)}</span> (95 %:{' '}
      <span className="num font-mono">
        {share(low)} to {share(high)}
      </span>
      , {n} items, {by}); the lower end counts.
      {runId !== undefined && (
        <>
          {' '}
          <a className="underline" href={`/evals?run=${runId}`}>
            The run
          </a>
        </>
      )}
    </p>
  );
}

function LeftOut({ candidate }: { candidate: RouteCandidate }) {
  const { filter, why } = candidate;
  return (
    <div className="grid grid-cols-[minmax(0,1fr)_auto] gap-x-3">
      <Target {...candidate} />
      {filter !== null && <span className="text-fg2">{filterWords(filter)}</span>}
      {why !== null && <span className="col-span-2 text-xs text-fg2">{why}</span>}
    </div>
  );
}
