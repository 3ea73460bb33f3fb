'use client';
import type { PublicProvider } from '@boocontrol/contracts';
import { useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import { live } from '../live';
import { useRooms } from '../live/rooms';
import { createLogDesk, type LogDesk, type LogView } from './desk';
import type { LogFilter } from './filters';
import { roomsOf } from './rooms';

const make = (): LogDesk =>
  createLogDesk({ now: () => performance.now(), later: (run) => void setTimeout(run) });

/** What comes of the logs of these hosts, through the filter. Both must be the same objects while they say the same. */
export function useLogDesk(hosts: readonly PublicProvider[], filter: LogFilter): [LogView, LogDesk] {
  const [desk] = useState(make);
  const ids = hosts.map(({ id }) => id).join(' ');
  useRooms(useMemo(() => roomsOf(ids === '' ? [] : ids.split(' ')), [ids]));
  // External system: the socket, by way of the live store.
  useEffect(() => live.onLogs(desk.take), [desk]);
  // External system: the desk, which goes through the lines in its own time.
  useEffect(() => desk.setFilter(filter), [desk, filter]);
  return [useSyncExternalStore(desk.subscribe, desk.get, desk.get), desk];
}
