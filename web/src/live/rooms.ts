'use client';
import type { Room } from '@boocontrol/contracts';
import { useEffect } from 'react';
import { connection } from './index';

/** Follows these rooms while the page is shown. External system: the socket. */
export function useRooms(rooms: readonly Room[]): void {
  useEffect(() => connection.follow(rooms), [rooms]);
}
