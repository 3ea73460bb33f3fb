'use client';
import { lazy, Suspense } from 'react';
import { joinWords } from '../way-words';
import { PageLink } from '../../shell/PageLink';
import { Awaiting } from '../../ui/controls';
import type { StoryProps } from './story';

const Dispatch = lazy(() =>
  import('../../dispatch/Dispatch').then((module) => ({ default: module.Dispatch })),
);

/** How a request that came through /v1 was decided. */
export function Routing({ entry: { row } }: StoryProps) {
  const { dispatchId } = row;
  if (!dispatchId) return null;
  return (
    <>
      <p className="mb-4 text-sm text-fg2">
        {joinWords(row)}{' '}
        <PageLink
          href={`/routing/?dispatch=${encodeURIComponent(dispatchId)}`}
          className="text-accent underline"
        >
          Show it on the Routing page
        </PageLink>
      </p>
      <Suspense fallback={<Awaiting>Loading how it was decided.</Awaiting>}>
        <Dispatch id={dispatchId} />
      </Suspense>
    </>
  );
}
