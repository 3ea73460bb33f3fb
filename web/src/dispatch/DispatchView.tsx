'use client';
import type { RouteCandidate, RouteFact } from '@boocontrol/contracts';
import { instantToMs } from '@boocontrol/fleet-model';
import type { ReactNode } from 'react';
import { count, duration, NONE, spoken } from '../format/number';
import { exact } from '../format/time';
import { Ago } from '../live/Ago';
import { Chip } from '../ui/marks';
import { Attempts } from './Attempts';
import { choiceWords, chosenOf, deciderWords, filterWords, outcomeWords, TERMS } from './dispatch-words';
import { DispatchCache } from './DispatchCache';
import { DispatchRows } from './DispatchRows';
import { Part } from '../ui/Part';
import { Target } from './parts';
import { TimeLine } from './TimeLine';

const took = (ms: number | null): string => spoken(duration(ms));

/** One request to /v1: what was asked, who was chosen and why, who was tried and what came of it. */
export function DispatchView({ dispatch }: { dispatch: RouteFact }) {
  const { tone, text } = outcomeWords(dispatch);
  const atMs = instantToMs(dispatch.at);
  return (
    <div className="flex flex-col gap-6" data-testid="dispatch">
      {dispatch.error && (
        <p className="rounded-md bg-error/12 px-3 py-2 text-sm [overflow-wrap:anywhere]">
          {dispatch.error.message}
        </p>
      )}
      <dl className="num grid grid-cols-2 gap-x-6 gap-y-3 text-sm sm:grid-cols-4">
        <Fact name="Asked for">
          <code className="font-mono text-xs">{dispatch.asked || NONE}</code>
        </Fact>
        <Fact name="Policy">{deciderWords(dispatch)}</Fact>
        <Fact name="Consumer">{dispatch.source}</Fact>
        <Fact name="Outcome">
          <Chip tone={tone}>{text}</Chip>
        </Fact>
        <Fact name="Waited for a place">{took(dispatch.queueMs)}</Fact>
        <Fact name="First content">{took(dispatch.firstContentMs ?? dispatch.firstByteMs)}</Fact>
        <Fact name="Took">{took(dispatch.durationMs)}</Fact>
        <Fact name="Tokens">
          {count(dispatch.promptTokens)} in, {count(dispatch.outputTokens)} out
          {dispatch.cacheTokens !== null && (
            <span className="block text-xs text-fg2">{count(dispatch.cacheTokens)} from the cache</span>
          )}
        </Fact>
        <div className="col-span-2 sm:col-span-4">
          <dt className="eyebrow">Arrived</dt>
          <dd>
            {exact(atMs)} <Ago atMs={atMs} className="text-fg2" />
          </dd>
        </div>
      </dl>
      {dispatch.attempts.length > 0 && <TimeLine dispatch={dispatch} />}
      <Attempts attempts={dispatch.attempts} />
      <Choice dispatch={dispatch} />
      <LeftOut candidates={dispatch.candidates} />
      <DispatchCache dispatch={dispatch} />
      <DispatchRows dispatch={dispatch} />
    </div>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="min-w-0">
      <dt className="eyebrow">{name}</dt>
      <dd className="[overflow-wrap:anywhere]">{children}</dd>
    </div>
  );
}

function Choice({ dispatch }: { dispatch: RouteFact }) {
  const chosen = chosenOf(dispatch);
  const able = dispatch.candidates.filter(({ filter }) => filter === null);
  return (
    <Part title="The choice">
      <p className="text-sm text-fg2">{choiceWords(dispatch)}</p>
      {able.some(({ terms }) => terms !== null) && (
        <ul className="mt-3 flex flex-col gap-3">
          {able.map((candidate) => (
            <Scored
              key={`${candidate.providerId} ${candidate.model}`}
              candidate={candidate}
              isChosen={candidate === chosen}
            />
          ))}
        </ul>
      )}
    </Part>
  );
}

/** A candidate with its score and what it is made of. */
function Scored({ candidate, isChosen }: { candidate: RouteCandidate; isChosen: boolean }) {
  const { score, terms } = candidate;
  return (
    <li className="text-sm">
      <div className="flex items-baseline justify-between gap-3">
        <span className="min-w-0">
          <Target {...candidate} />
          {isChosen && <span className="ml-2 text-xs text-fg2">asked first</span>}
        </span>
        {score !== null && <span className="num font-mono">{score.toFixed(2)}</span>}
      </div>
      {terms !== null && (
        <dl className="mt-1 grid grid-cols-3 gap-x-4 gap-y-1 text-2xs sm:grid-cols-6">
          {TERMS.map((name) => (
            <div key={name}>
              <dt className="flex justify-between text-fg2">
                {name} <span className="num font-mono">{terms[name].toFixed(2)}</span>
              </dt>
              <dd aria-hidden className="mt-0.5 h-1 rounded-full bg-s3">
                <div
                  className={`h-1 rounded-full ${isChosen ? 'bg-accent' : 'bg-line-strong'}`}
                  style={{ width: `${Math.round(terms[name] * 100)}%` }}
                />
              </dd>
            </div>
          ))}
        </dl>
      )}
    </li>
  );
}

function LeftOut({ candidates }: { candidates: readonly RouteCandidate[] }) {
  const left = candidates.flatMap((candidate) =>
    candidate.filter === null ? [] : [{ ...candidate, filter: candidate.filter }],
  );
  if (left.length === 0) return null;
  return (
    <Part title="Left out">
      <ul className="divide-y rounded-lg border text-sm">
        {left.map(({ providerId, model, filter, why }) => (
          <li key={`${providerId} ${model}`} className="grid grid-cols-[1fr_auto] gap-x-3 px-3 py-2">
            <Target providerId={providerId} model={model} />
            <span className="text-fg2">{filterWords(filter)}</span>
            {why !== null && <span className="col-span-2 text-xs text-fg2">{why}</span>}
          </li>
        ))}
      </ul>
    </Part>
  );
}
