'use client';
import type { PrefixDrift } from '@boocontrol/contracts';
import { activityKey, instantToMs } from '@boocontrol/fleet-model';
import type { ReactNode } from 'react';
import { changedQuery, useQuery } from '../browser/query';
import { hostName } from '../control/names';
import { Part } from '../ui/Part';
import { bytes, count, duration, spoken } from '../format/number';
import { exact } from '../format/time';
import { hostHref } from '../hosts/address';
import { Ago } from '../live/Ago';
import { WithinLink } from '../page/WithinLink';
import { PageLink } from '../shell/PageLink';
import { Chip } from '../ui/marks';
import { causeWords, changeWords, costWords, pauseWords, shortSession } from './words';

/** What changed, what it cost, what to do about it; then the figures. */
export function DriftView({ drift }: { drift: PrefixDrift }) {
  const { kind, cause, seenBy, at, consumer, providerId, model, session, dispatchId, row, changedInputs } =
    drift;
  const [query] = useQuery();
  const ofSession = changedQuery(`?${query.toString()}`, { drift: null, session });
  return (
    <div className="flex flex-col gap-6" data-testid="drift">
      <div className="flex flex-wrap gap-2">
        <Chip tone={kind === 'drift' ? 'busy' : 'down'}>
          {kind === 'drift' ? 'the prompt changed' : 'the prompt did not change'}
        </Chip>
        {seenBy === 'capture' && <Chip tone="neutral">seen in a capture</Chip>}
      </div>
      <Part title="What changed">
        <p className="text-sm [overflow-wrap:anywhere]">{changeWords(drift)}</p>
        {changedInputs.length > 0 && (
          <ul aria-label="What is named" className="mt-2 flex flex-wrap gap-2">
            {changedInputs.map((name) => (
              <li
                key={name}
                className="rounded border px-2 py-0.5 font-mono text-xs [overflow-wrap:anywhere]"
              >
                {name}
              </li>
            ))}
          </ul>
        )}
        <Prompts drift={drift} />
      </Part>
      <Part title="What it cost">
        <p className="text-sm">{costWords(drift)}</p>
        <Cached drift={drift} />
      </Part>
      <Part title="What to do">
        <p className="text-sm">{causeWords(cause).advice}</p>
      </Part>
      {seenBy === 'capture' && (
        <p className="rounded-md border px-3 py-2 text-sm text-fg2">
          This request did not come through BooControl. It is known from what the host kept of it (a capture),
          so requests between this one and the one before may be missing, and with them what really happened.
        </p>
      )}
      <dl className="num grid grid-cols-2 gap-x-6 gap-y-3 text-sm sm:grid-cols-3">
        <Fact name="Consumer">{consumer}</Fact>
        <Fact name="Host">
          <PageLink href={hostHref(providerId)} className="text-accent hover:underline">
            {hostName(providerId)}
          </PageLink>
        </Fact>
        <Fact name="Model">
          <code className="font-mono text-xs">{model}</code>
        </Fact>
        <Fact name="Session">
          <WithinLink
            href={`/prompt-cache/${ofSession}`}
            className="font-mono text-xs text-accent hover:underline"
          >
            {shortSession(session)}
            <span className="sr-only">: all its requests</span>
          </WithinLink>
        </Fact>
        <Fact name="After a pause of">{pauseWords(drift)}</Fact>
        <Fact name="Request">
          {dispatchId === null ? (
            row === undefined ? (
              'not through /v1'
            ) : (
              <PageLink
                href={`/activity/?open=${activityKey({ providerId, ...row })}`}
                className="text-accent hover:underline"
              >
                in Activity
              </PageLink>
            )
          ) : (
            <PageLink href={`/routing/?dispatch=${dispatchId}`} className="text-accent hover:underline">
              how it was decided
            </PageLink>
          )}
        </Fact>
        <div className="col-span-2 sm:col-span-3">
          <dt className="eyebrow">Came</dt>
          <dd>
            {exact(instantToMs(at))} <Ago atMs={instantToMs(at)} className="text-fg2" />
          </dd>
        </div>
      </dl>
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

/** The prompt before and this one on one scale, with what both begin with. */
function Prompts({ drift: { previousBytes, bytes: size, sameBytes } }: { drift: PrefixDrift }) {
  const longest = Math.max(1, previousBytes, size);
  const row = (name: string, length: number) => (
    <>
      <span className="text-fg2">{name}</span>
      <span className="relative h-2 self-center rounded-sm bg-s2">
        <span
          className="absolute inset-y-0 left-0 rounded-sm bg-line-strong"
          style={{ width: `${(100 * length) / longest}%` }}
        />
        <span
          className="absolute inset-y-0 left-0 rounded-sm bg-accent"
          style={{ width: `${(100 * Math.min(sameBytes, length)) / longest}%` }}
        />
      </span>
      <span className="num text-right font-mono">{spoken(bytes(length))}</span>
    </>
  );
  return (
    <div className="mt-3 text-xs">
      <div className="grid grid-cols-[3.5rem_minmax(0,1fr)_auto] gap-x-3 gap-y-1.5">
        {row('before', previousBytes)}
        {row('now', size)}
      </div>
      <p className="mt-1.5 flex flex-wrap gap-x-4 text-fg2">
        <Key className="bg-accent">the same in both: {spoken(bytes(sameBytes))}</Key>
        <Key className="bg-line-strong">the rest</Key>
      </p>
    </div>
  );
}

function Key({ className, children }: { className: string; children: ReactNode }) {
  return (
    <span className="inline-flex items-center gap-1.5">
      <i aria-hidden className={`h-2 w-3 rounded-sm ${className}`} />
      {children}
    </span>
  );
}

/** What the cache had, beside what it would have had. */
function Cached({ drift }: { drift: PrefixDrift }) {
  const { promptTokens, cachedTokens, expectedCachedTokens, lostTokens, lostMs } = drift;
  return (
    <dl className="num mt-2 grid grid-cols-2 gap-x-6 gap-y-2 text-sm sm:grid-cols-4">
      <Fact name="Prompt">{count(promptTokens)}</Fact>
      <Fact name="From the cache">{count(cachedTokens)}</Fact>
      <Fact name="Would have been">{count(expectedCachedTokens)}</Fact>
      <Fact name="Read again">
        {count(lostTokens)}
        {lostMs !== null && <span className="text-fg2"> in {spoken(duration(lostMs))}</span>}
      </Fact>
    </dl>
  );
}
