'use client';
import type { ActivityEntry } from '@boocontrol/contracts';
import { useState } from 'react';
import { refresh, useResource } from '../api/resource';
import { useQuery } from '../browser/query';
import { StaleNote } from '../live/StaleNote';
import { VIEW_PARAM } from './story/address';
import { Facts } from './story/Facts';
import { TimeSpent } from './story/TimeSpent';
import { ViewChoice } from './story/ViewChoice';
import { STORY_VIEWS } from './story/views';
import { Awaiting, Button, Notice } from '../ui/controls';
import { Drawer } from '../ui/Drawer';
import { Chip } from '../ui/marks';
import { statusOf } from './rows';

const PENDING_EVERY_MS = 2000;

interface CaptureDrawerProps {
  openKey: string;
  nameOf: (providerId: string) => string;
  onClose: () => void;
}

/** The story of one request. */
export default function CaptureDrawer({ openKey, nameOf, onClose }: CaptureDrawerProps) {
  const path = `/activity/${encodeURIComponent(openKey)}`;
  const [pending, setPending] = useState(false);
  const { data, error, loading } = useResource<ActivityEntry>(path, pending ? PENDING_EVERY_MS : undefined);
  const isPending = data?.captureState === 'pending';
  if (isPending !== pending) setPending(isPending);
  const [query] = useQuery();
  const named = query.get(VIEW_PARAM);
  return (
    <Drawer
      wide={STORY_VIEWS.some(({ id, isWide }) => id === named && isWide)}
      title={data ? data.row.model : 'Request'}
      onClose={onClose}
      aside={data && <Chip tone={statusOf(data.row).tone}>{statusOf(data.row).text}</Chip>}
    >
      <StaleNote />
      {data ? (
        <>
          <TimeSpent entry={data} />
          <Facts row={data.row} nameOf={nameOf} />
          <ViewChoice key={openKey} openKey={openKey} entry={data} nameOf={nameOf} />
        </>
      ) : error ? (
        <Notice
          title="Couldn't load the request"
          action={<Button onClick={() => refresh(path)}>Try again</Button>}
        >
          {error.message}
        </Notice>
      ) : (
        loading && <Awaiting>Loading the request from the history.</Awaiting>
      )}
    </Drawer>
  );
}
