import type { ActionPreview, Problem } from '@boocontrol/contracts';

export type Eviction = ActionPreview['evicts'][number];

/** What an action would do, before it is put into words. */
export interface Effects extends Omit<ActionPreview, 'sentence' | 'refusal'> {
  refusal: Problem | null;
  /** Why there is nothing to do; null: there is. */
  needless: Problem | null;
  /** Id of its model; null: it has none. */
  model: string | null;
  /** Of what would be stopped, what is protected. */
  guarded: string[];
  /** Requests under way of which the host does not tell the models; 0 where it does. */
  unnamedRequests: number;
  /** false: earlier loads could not be asked for. */
  isHistoryKnown: boolean;
}
