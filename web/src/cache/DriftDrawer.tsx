'use client';
import type { PrefixDrift } from '@boocontrol/contracts';
import { ApiError } from '../api/client';
import { refresh, useResource } from '../api/resource';
import { capital } from '../format/text';
import { StaleNote } from '../live/StaleNote';
import { Awaiting, Button, Notice } from '../ui/controls';
import { Drawer } from '../ui/Drawer';
import { DriftView } from './DriftView';
import { causeWords } from './words';

interface DriftDrawerProps {
  id: string;
  onClose: () => void;
}

/** One prompt that could not be taken from the cache: what changed, what it cost, and what to do. */
export default function DriftDrawer({ id, onClose }: DriftDrawerProps) {
  const path = `/prompt-cache/drifts/${id}`;
  const { data, error } = useResource<PrefixDrift>(path);
  const isGone = error instanceof ApiError && (error.status === 404 || error.status === 400);
  return (
    <Drawer title={data ? capital(causeWords(data.cause).name) : 'A prompt'} isText onClose={onClose}>
      <StaleNote />
      {data && <DriftView drift={data} />}
      {!data && !error && <Awaiting>Loading what changed.</Awaiting>}
      {!data && error && (
        <Notice
          title={isGone ? 'Nothing is known of it' : 'Couldn’t load what changed'}
          action={!isGone && <Button onClick={() => refresh(path)}>Try again</Button>}
        >
          {isGone
            ? 'Nothing went wrong with this request as far as its prompt goes, or it is no longer kept.'
            : error.message}
        </Notice>
      )}
    </Drawer>
  );
}
