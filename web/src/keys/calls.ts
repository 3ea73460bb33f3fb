import type { ApiKey, ApiKeyInput, ApiKeyPatch, CreatedApiKey } from '@boocontrol/contracts';
import { api, messageOf } from '../api/client';
import { refresh } from '../api/resource';
import { tell } from '../ui/notices';

export const KEYS = '/keys';

/** Nothing of this is kept anywhere but by who called. @throws {ApiError} when it is refused, or no answer comes */
export async function makeKey(body: ApiKeyInput): Promise<CreatedApiKey> {
  const made = await api<CreatedApiKey>(KEYS, { method: 'POST', body });
  refresh(KEYS);
  return made;
}

/** @throws {ApiError} when it is refused, or no answer comes */
export async function changeKey(id: string, body: ApiKeyPatch): Promise<ApiKey> {
  const changed = await api<ApiKey>(`${KEYS}/${id}`, { method: 'PATCH', body });
  refresh(KEYS);
  return changed;
}

/** @throws {ApiError} when it is refused, or no answer comes */
export async function removeKey(id: string): Promise<void> {
  await api(`${KEYS}/${id}`, { method: 'DELETE' });
  refresh(KEYS);
}

/** Done at once: it can be revoked again. */
export async function reinstate({ id, name }: ApiKey): Promise<void> {
  try {
    await changeKey(id, { isDisabled: false });
    tell(`${name} lets its holder in again.`);
  } catch (error) {
    tell(`${name} is still revoked. ${messageOf(error)}`, true);
  }
}
