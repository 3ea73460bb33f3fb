import type { PublicProvider } from '@boocontrol/contracts';
import { api, messageOf } from '../api/client';
import type { MenuItem } from '../ui/MenuList';
import { hostOffers } from '../control/offers';
import { tell, tellUndoable } from '../ui/notices';
import { hide, showAgain } from './marks';

export interface HostActions {
  open: (provider: PublicProvider) => void;
  enable: (provider: PublicProvider) => void;
  itemsFor: (provider: PublicProvider, hidden?: boolean) => MenuItem[];
}

interface Asks {
  /** null: its details are shown already. */
  open: ((provider: PublicProvider) => void) | null;
  edit: (provider: PublicProvider) => void;
  remove: (provider: PublicProvider) => void;
}

export function hostActions({ open, edit, remove }: Asks): HostActions {
  return {
    open: open ?? (() => undefined),
    enable: (provider) => void setEnabled(provider, true),
    itemsFor: (provider, hidden = false) => [
      ...(open ? [{ label: 'Details and charts', run: () => open(provider) }] : []),
      ...(provider.enabled ? [{ label: 'Reconnect now', run: () => void reconnect(provider) }] : []),
      ...hostOffers(provider),
      { label: 'Edit…', run: () => edit(provider) },
      {
        label: provider.enabled ? 'Disable' : 'Enable',
        run: () => void setEnabled(provider, !provider.enabled),
      },
      hidden
        ? { label: 'Show again', run: () => void showAgain(itself(provider)) }
        : { label: 'Hide host', run: () => void hide(itself(provider)) },
      { label: 'Remove…', danger: true, run: () => remove(provider) },
    ],
  };
}

const itself = ({ id, label }: PublicProvider) => ({ providerId: id, model: null, label });

async function reconnect({ id, label }: PublicProvider): Promise<void> {
  try {
    await api(`/providers/${id}/reconnect`, { method: 'POST' });
    tell(`Connecting to ${label} again. Its card shows the result.`);
  } catch (error) {
    tell(`${label} was not reconnected. ${messageOf(error)}`, true);
  }
}

async function setEnabled(provider: PublicProvider, enabled: boolean): Promise<void> {
  const { id, label } = provider;
  try {
    await api(`/providers/${id}`, { method: 'PATCH', body: { enabled } });
    if (enabled) tell(`${label} is followed again.`);
    else
      tellUndoable(
        `${label} is disabled and no longer followed. Its history is kept.`,
        () => void setEnabled(provider, true),
      );
  } catch (error) {
    tell(`${label} was not changed. ${messageOf(error)}`, true);
  }
}
