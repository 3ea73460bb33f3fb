import type { ActivityEntry, Capture } from '@boocontrol/contracts';
import type { ComponentType } from 'react';

/** What a view of the drawer is given. */
export interface StoryProps {
  /** Names the request in addresses. */
  openKey: string;
  entry: ActivityEntry;
  nameOf: (providerId: string) => string;
}

/** One view of a request. */
export interface StoryView {
  /** In the address; never changed, links have it. */
  id: string;
  name: string;
  /** Whether it has anything to show of this request; absent: always. */
  isOffered?: (entry: ActivityEntry) => boolean;
  /** It has things side by side. */
  isWide?: boolean;
  View: ComponentType<StoryProps>;
}

/** The bodies; null: there are none to show. */
export const keptCapture = ({ capture, captureState }: ActivityEntry): Capture | null =>
  captureState === 'stored' ? capture : null;

/** The view that the address names, where it is offered; else the first that has something to show. */
export function chosenView(
  views: readonly StoryView[],
  named: string | null,
  entry: ActivityEntry,
): StoryView | undefined {
  const first = keptCapture(entry) === null && entry.row.dispatchId ? 'routing' : 'conversation';
  const byId = (id: string | null) => views.find((view) => view.id === id);
  return byId(named) ?? byId(first) ?? views[0];
}
