import { parseQuant } from '@boocontrol/fleet-model';
import type { HostState, InflightRequest, Model, ModelState } from '@boocontrol/contracts';
import { contextSize } from '../format/number';
import { isFavorite, isHiddenItself, type Marks } from '../live/marks';
import type { Tone } from '../ui/tone';

export interface ModelView {
  id: string;
  label: string;
  /** As the host says it; the time to unload is made of it. */
  model: Model;
  tone: Tone;
  word: string;
  pulses: boolean;
  quant: string | null;
  context: string | null;
  inflight: number;
  lastEnd: string | undefined;
  favorite: boolean;
  /** In memory or on its way in or out. */
  loaded: boolean;
}

export interface ModelGroups {
  /** In memory or on their way in or out. */
  loaded: ModelView[];
  /** Not loaded, and their last load failed. */
  failed: ModelView[];
  others: ModelView[];
  /** In none of the other groups, whatever their state. */
  hidden: ModelView[];
}

const STATE: Record<ModelState, { tone: Tone; word: string; rank: number; pulses?: true }> = {
  ready: { tone: 'ready', word: 'ready', rank: 0 },
  starting: { tone: 'busy', word: 'starting', rank: 0, pulses: true },
  stopping: { tone: 'busy', word: 'stopping', rank: 0 },
  shutdown: { tone: 'down', word: 'shut down', rank: 1 },
  stopped: { tone: 'down', word: 'stopped', rank: 1 },
  unknown: { tone: 'down', word: 'unknown state', rank: 1 },
  absent: { tone: 'down', word: 'gone', rank: 1 },
};

/**
 * The models of a host as the card shows them, favourites first in each group. Loaded ones keep the order of the host's
 * list otherwise, so that a model that changes its state does not jump; the others are by name. What hides the host
 * itself does not matter here: whoever looks at it wants to see its models.
 */
export function groupModels(
  host: Pick<HostState, 'providerId' | 'models' | 'inflight' | 'requests'>,
  marks: Marks,
): ModelGroups {
  const running = inflightByModel(host.models, host.inflight?.requests ?? []);
  const groups: ModelGroups = { loaded: [], failed: [], others: [], hidden: [] };
  for (const model of host.models) {
    const { tone, word, rank, pulses } = STATE[model.state];
    const failed = rank > 0 && model.failedAt !== null;
    const view: ModelView = {
      id: model.id,
      label: model.name || model.id,
      model,
      tone: failed ? 'error' : tone,
      word: failed ? 'load failed' : model.peerId !== null ? `at peer ${model.peerId}` : word,
      pulses: pulses ?? false,
      quant: parseQuant(model.id),
      context: contextSize(model.contextLength),
      inflight: running.get(model.id) ?? 0,
      lastEnd: host.requests.lastEndByModel[model.id],
      favorite: isFavorite(marks, host.providerId, model.id),
      loaded: rank === 0,
    };
    if (isHiddenItself(marks, host.providerId, model.id)) groups.hidden.push(view);
    else (failed ? groups.failed : rank === 0 ? groups.loaded : groups.others).push(view);
  }
  groups.loaded.sort(byFavorite);
  groups.failed.sort(byFavorite);
  groups.others.sort((a, b) => byFavorite(a, b) || byName(a, b));
  groups.hidden.sort((a, b) => Number(b.loaded) - Number(a.loaded) || byName(a, b));
  return groups;
}

const byFavorite = (a: ModelView, b: ModelView): number => Number(b.favorite) - Number(a.favorite);
const byName = (a: ModelView, b: ModelView): number =>
  a.label.localeCompare(b.label, 'en', { numeric: true });

/** In the place of the loaded models when none is shown; null: some are. */
export function noneLoadedText({ loaded, failed, others, hidden }: ModelGroups): string | null {
  if (loaded.length > 0) return null;
  if (hidden.some((view) => view.loaded)) return 'Only hidden models are loaded.';
  return failed.length + others.length + hidden.length === 0 ? 'No models known yet.' : 'No model is loaded.';
}

/** A request may name its model by an alias. */
function inflightByModel(
  models: readonly Model[],
  requests: readonly InflightRequest[],
): Map<string, number> {
  const counts = new Map<string, number>();
  if (requests.length === 0) return counts;
  const idOf = new Map(models.flatMap(({ id, aliases }) => aliases.map((alias) => [alias, id] as const)));
  for (const { model } of requests) {
    const id = idOf.get(model) ?? model;
    counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  return counts;
}
