'use client';
import type { RouteFact } from '@boocontrol/contracts';
import { type Resource, useResource } from '../api/resource';

export const dispatchPath = (id: string): string => `/routing/dispatches/${encodeURIComponent(id)}`;

/** What became of one request to /v1. */
export const useDispatch = (id: string): Resource<RouteFact> => useResource<RouteFact>(dispatchPath(id));
