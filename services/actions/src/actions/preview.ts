import type { ActionPreview, Inflight, Model, ModelLoads, Problem } from '@boocontrol/contracts';
import { findModel, instantToMs } from '@boocontrol/fleet-model';
import type { Asked } from './asked.js';
import { isQuestion, needless, objectionTo, type World } from './decide.js';
import type { Effects, Eviction } from './effects.js';
import { previewText } from './preview-text.js';

type Load = NonNullable<ActionPreview['load']>;

/**
 * What an action would do if it were asked for now.
 * @param ahead how many actions of its host come first
 * @param history earlier loads of its model on its host; null: they could not be asked for
 */
export function previewOf(
  asked: Asked,
  world: World,
  ahead: number,
  history: ModelLoads | null,
): ActionPreview {
  const effects = effectsOf(asked, world, ahead, history);
  const { refusal, evicts, load, inflight } = effects;
  return { refusal, ahead, evicts, load, inflight, sentence: previewText(asked, effects) };
}

function effectsOf(asked: Asked, world: World, ahead: number, history: ModelLoads | null): Effects {
  const models = world.host?.models ?? [];
  const objection = objectionTo(asked, world);
  const refusal: Problem | null =
    objection === null
      ? null
      : { ...objection, ...(isQuestion(objection) ? { requiresConfirmation: true } : {}) };
  const isPossible = objection === null || isQuestion(objection);
  const idle = isPossible && needless(asked, models);
  const isAnything = isPossible && idle === null;
  const evicts = isAnything ? evictionsOf(asked, models, history) : [];
  const inflight = world.host?.inflight ?? null;
  const affected = new Set(evicts.map(({ model }) => model));
  const isStopping = asked.kind === 'unload' || asked.kind === 'unload-all' || asked.kind === 'warm';
  return {
    refusal,
    ahead,
    evicts,
    load: isAnything && asked.kind === 'warm' ? loadTimes(history) : null,
    inflight: isAnything ? requestsOf(asked, inflight, models, affected) : [],
    needless: idle === false ? null : idle,
    model: asked.model === null ? null : (findModel(models, asked.model)?.id ?? asked.model),
    guarded: (world.provider?.protectedModels ?? []).filter((id) => affected.has(id)),
    unnamedRequests: isStopping && affected.size > 0 && inflight?.requests.length === 0 ? inflight.total : 0,
    isHistoryKnown: history !== null,
  };
}

const RANK = { sure: 0, likely: 1, possible: 2 };

function evictionsOf(asked: Asked, models: readonly Model[], history: ModelLoads | null): Eviction[] {
  const loaded = models.filter(
    ({ state, peerId }) => peerId === null && (state === 'ready' || state === 'starting'),
  );
  const id = asked.model === null ? undefined : findModel(models, asked.model)?.id;
  if (asked.kind === 'unload' || asked.kind === 'unload-all')
    return loaded
      .filter((model) => asked.kind === 'unload-all' || model.id === id)
      .map((model) => ({ model: model.id, certainty: 'sure', seen: { times: 0, of: 0 } }));
  if (asked.kind !== 'warm') return [];
  return loaded
    .filter((model) => model.id !== id)
    .flatMap((model): Eviction[] => {
      const seen = seenOf(model.id, history);
      // It was there each time and stayed each time.
      if (seen.of > 0 && seen.times === 0) return [];
      return [{ model: model.id, certainty: seen.times * 2 > seen.of ? 'likely' : 'possible', seen }];
    })
    .toSorted((a, b) => RANK[a.certainty] - RANK[b.certainty] || b.seen.times - a.seen.times);
}

/** In how many of the loads that were seen a model was ready before, and in how many of those it was stopped. */
function seenOf(model: string, history: ModelLoads | null): Eviction['seen'] {
  const met = (history?.loads ?? []).filter(({ readyBefore }) => readyBefore.includes(model));
  return { times: met.filter(({ stopped }) => stopped.includes(model)).length, of: met.length };
}

function loadTimes(history: ModelLoads | null): Load | null {
  const times = (history?.loads ?? [])
    .flatMap(({ startedAt, readyAt }) =>
      readyAt === null ? [] : [Math.max(0, instantToMs(readyAt) - instantToMs(startedAt)) / 1_000],
    )
    .toSorted((a, b) => a - b);
  const [minS] = times;
  const maxS = times.at(-1);
  if (minS === undefined || maxS === undefined) return null;
  const half = times.length / 2;
  const medianS = ((times[Math.ceil(half) - 1] ?? minS) + (times[Math.floor(half)] ?? minS)) / 2;
  return { medianS, minS, maxS, samples: times.length };
}

function requestsOf(
  { kind, inflightId }: Asked,
  inflight: Inflight | null,
  models: readonly Model[],
  affected: ReadonlySet<string>,
): ActionPreview['inflight'] {
  const counts = new Map<string, number>();
  for (const { id, model: name, method } of inflight?.requests ?? []) {
    const model = findModel(models, name)?.id ?? name;
    // B and C also list questions for the /props of a model, which ingest asks: nobody waits for those.
    if (kind === 'cancel' ? id === inflightId : affected.has(model) && method !== 'GET')
      counts.set(model, (counts.get(model) ?? 0) + 1);
  }
  return [...counts].map(([model, requests]) => ({ model, requests }));
}
