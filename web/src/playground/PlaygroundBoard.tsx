'use client';
import type { Room } from '@boocontrol/contracts';
import { useEffect, useState } from 'react';
import { useQuery } from '../browser/query';
import { useRooms } from '../live/rooms';
import { Awaiting } from '../ui/controls';
import { Workbench } from './Workbench';
import { useWorkspace } from './use-workspace';

const ROOMS: readonly Room[] = ['fleet'];

/** Conversations with models, up to four side by side. */
export default function PlaygroundBoard() {
  useRooms(ROOMS);
  const [query, setQuery] = useQuery();
  // It begins the sheet once: the address lets go of it, so that a reload shows what has become of it.
  const [from] = useState(() => query.get('from'));
  const { workspace, ...kept } = useWorkspace(from);
  const isTaken = workspace !== null && query.has('from');
  // External system: the address bar.
  useEffect(() => {
    if (isTaken) setQuery({ from: null }, true);
  }, [isTaken, setQuery]);
  if (!workspace) return <Awaiting>Opening what this browser has kept.</Awaiting>;
  return <Workbench workspace={workspace} {...kept} />;
}
