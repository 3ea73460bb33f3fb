'use client';
import { lazy, Suspense } from 'react';
import type { StoryProps } from '../story/story';
import { Awaiting } from '../../ui/controls';

const ReplayView = lazy(() => import('./ReplayView'));

/** The view of the drawer; what it takes comes with it. */
export function Replay(props: StoryProps) {
  return (
    <Suspense fallback={<Awaiting>Loading the replay.</Awaiting>}>
      <ReplayView {...props} />
    </Suspense>
  );
}
