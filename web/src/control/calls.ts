import type {
  Action,
  ActionPreview,
  ActionRequest,
  MaintenanceInput,
  Submitted,
} from '@boocontrol/contracts';
import { api, messageOf, withQuery } from '../api/client';
import { tell, tellUndoable } from '../ui/notices';
import { keepFocusNear } from '../ui/opener';
import { actionWords } from './words';

/** What hosts are told, and who has them. What is shown changes when the gateway has told every browser so. */

/** What it would do if it were asked for now; nothing is done. @throws {ApiError} when it is not told */
export const preview = (request: ActionRequest, signal: AbortSignal): Promise<ActionPreview> =>
  api('/actions?dryRun=true', { method: 'POST', body: request, signal });

/**
 * @param key asking again with the same one does nothing more
 * @param confirm also if that ends a lease or unloads a protected model
 * @throws {ApiError} when it is refused, or no answer comes
 */
export const submit = (request: ActionRequest, key: string, confirm: boolean): Promise<Submitted> =>
  api(withQuery('/actions', { confirm: confirm ? 'true' : undefined }), {
    method: 'POST',
    body: request,
    headers: { 'idempotency-key': confirm ? `${key}-confirmed` : key },
  });

/** A word of its own for each time that something is asked. Not randomUUID: over plain http a browser has none. */
export const newKey = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join(
    '',
  );

export async function takeBack(action: Action): Promise<void> {
  const stay = keepFocusNear();
  try {
    await api(`/actions/${action.id}`, { method: 'DELETE' });
  } catch (error) {
    stay();
    tell(`“${actionWords(action).verb}” was not taken back. ${messageOf(error)}`, true);
  }
}

/**
 * Ends the lease of somebody else, and leaves the host free.
 * @param by who does, for those who lose it
 * @throws {ApiError} when it is refused, or no answer comes
 */
export const endLease = (leaseId: string, by: string): Promise<unknown> =>
  api(`/leases/${encodeURIComponent(leaseId)}/end`, { method: 'POST', body: { by } });

const modelPath = (model: string): string => model.split('/').map(encodeURIComponent).join('/');

interface Protectable {
  providerId: string;
  model: string;
  /** What people call it. */
  label: string;
}

/** Done at once, because it can be undone. */
export async function setProtected(what: Protectable, wanted: boolean): Promise<void> {
  const { providerId, model, label } = what;
  try {
    await api(`/providers/${providerId}/protected/${modelPath(model)}`, {
      method: wanted ? 'PUT' : 'DELETE',
    });
    tellUndoable(
      wanted
        ? `${label} is protected: BooControl unloads it only when that is confirmed.`
        : `${label} is no longer protected.`,
      () => void setProtected(what, !wanted),
    );
  } catch (error) {
    tell(`${label} was not changed. ${messageOf(error)}`, true);
  }
}

/** @throws {ApiError} when it is refused, or no answer comes */
export const beginMaintenance = (providerId: string, body: MaintenanceInput): Promise<unknown> =>
  api(`/providers/${providerId}/maintenance`, { method: 'PUT', body });

/** Done at once, because it can be begun again. */
export async function endMaintenance(providerId: string, label: string): Promise<void> {
  const stay = keepFocusNear();
  try {
    await api(`/providers/${providerId}/maintenance`, { method: 'DELETE' });
    tell(`${label} is out of maintenance: actions and requests go to it again.`);
  } catch (error) {
    stay();
    tell(`${label} is still in maintenance. ${messageOf(error)}`, true);
  }
}
