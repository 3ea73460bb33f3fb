import type { DryRun, Explain, RoutePolicy, RoutePolicyInput } from '@boocontrol/contracts';
import { api } from '../api/client';
import { refresh } from '../api/resource';

export const POLICIES = '/routing/policies';
export const versionsPath = (name: string): string => `${POLICIES}/${name}/versions`;

function changed(name: string): void {
  refresh(POLICIES);
  refresh(versionsPath(name));
  refresh('/routing/choices');
}

/** @throws {ApiError} when it is refused, or no answer comes */
export async function addPolicy(name: string, input: RoutePolicyInput): Promise<RoutePolicy> {
  const made = await api<RoutePolicy>(POLICIES, { method: 'POST', body: { name, ...input } });
  changed(name);
  return made;
}

/** @param version that was seen. @throws {ApiError} `conflict` when there is a newer one, and as `addPolicy` */
export async function savePolicy(
  name: string,
  version: number,
  input: RoutePolicyInput,
): Promise<RoutePolicy> {
  try {
    return await api<RoutePolicy>(`${POLICIES}/${name}?version=${version}`, { method: 'PUT', body: input });
  } finally {
    changed(name);
  }
}

/** @param version that was seen. @throws {ApiError} as `savePolicy` */
export async function removePolicy(name: string, version: number): Promise<void> {
  await api(`${POLICIES}/${name}?version=${version}`, { method: 'DELETE' });
  changed(name);
}

/** What would be decided now; nothing is sent to any host. @throws {ApiError} when it is not told */
export const explain = (body: unknown, signal: AbortSignal): Promise<Explain> =>
  api('/routing/explain', { method: 'POST', body, signal });

/** What a policy would have chosen for the requests of the last day. @throws {ApiError} when it is not told */
export const dryRun = (body: unknown, signal: AbortSignal): Promise<DryRun> =>
  api('/routing/dry-run', { method: 'POST', body, signal });
