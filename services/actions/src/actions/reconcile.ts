import { findModel } from '@boocontrol/fleet-model';
import type { Action, Inflight, Model } from '@boocontrol/contracts';
import type { RunningModel } from '@boocontrol/llama-swap';
import { isLoaded } from './asked.js';
import type { Ending } from './outcome.js';

/** What is seen of a host whose answer was lost. */
export type Sight =
  /** `models` is what its facts tell, which may be older than `running`. */
  | { of: 'models'; running: readonly Pick<RunningModel, 'model' | 'state'>[]; models: readonly Model[] }
  /** null: no profile is active. */
  | { of: 'profile'; active: string | null }
  | { of: 'requests'; inflight: Inflight | null }
  /** It cannot be looked at; why, in a sentence. */
  | { of: 'nothing'; why: string; isFinal: boolean };

export type Judgement =
  | { do: 'end'; ending: Ending }
  /** It is on its way; `otherwise` is how it ends when that takes too long. */
  | { do: 'wait'; otherwise: Ending };

type Begun = Pick<Action, 'kind' | 'model' | 'profile' | 'inflightId' | 'startedAt'>;

/**
 * What became of an action, judged by what its host looks like afterwards.
 * @param doubt why its answer is missing, a sentence
 */
export function judge(action: Begun, sight: Sight, doubt: string): Judgement {
  const say = (state: Ending['state'], code: string, seen: string): Ending => ({
    state,
    reason: { code, message: `${doubt} ${seen}` },
  });
  const done = (seen: string): Judgement => ({ do: 'end', ending: say('succeeded', 'seen_done', seen) });
  const undone = (seen: string): Judgement => ({ do: 'end', ending: say('failed', 'seen_undone', seen) });
  const unknown = (seen: string): Ending => say('outcome_unknown', 'outcome_unknown', seen);

  switch (sight.of) {
    case 'nothing': {
      const ending = unknown(`What came of it cannot be seen: ${sight.why}`);
      return sight.isFinal ? { do: 'end', ending } : { do: 'wait', otherwise: ending };
    }
    case 'profile':
      return sight.active === action.profile
        ? done('It is the active profile now.')
        : undone(`The active profile is ${sight.active ?? 'none'}. Ask again if it is still wanted.`);
    case 'requests': {
      const { inflight } = sight;
      if (inflight === null) return { do: 'wait', otherwise: unknown('Its requests are not known.') };
      if (inflight.requests.some(({ id }) => id === action.inflightId))
        return {
          do: 'wait',
          otherwise: say('failed', 'seen_undone', 'The request is still under way. Try again.'),
        };
      return inflight.total > inflight.requests.length
        ? { do: 'end', ending: unknown('Too many requests are under way to see whether this one is.') }
        : done('The request is not under way any more.');
    }
    case 'models':
      break;
  }

  const { running, models } = sight;
  const since = action.startedAt ?? '';
  const isNewer = (id: string): boolean => (findModel(models, id)?.since ?? '') > since;
  const id = action.model === null ? '' : (findModel(models, action.model)?.id ?? action.model);
  const state = running.find(({ model }) => model === id)?.state;
  const stopping = running.filter((one) => one.state === 'stopping').map(({ model }) => model);

  if (action.kind === 'warm') {
    if (state === 'ready') return done(`${id} is loaded.`);
    if (state === 'starting')
      return { do: 'wait', otherwise: unknown(`${id} is still loading; its host goes on with that.`) };
    // Models that have to go first are stopped before this one begins to load.
    if (stopping.length > 0)
      return { do: 'wait', otherwise: unknown(`${stopping.join(', ')} is still being stopped.`) };
    const failedAt = findModel(models, id)?.failedAt ?? '';
    return undone(
      failedAt > since
        ? `${id} could not be loaded; the log of its host tells why.`
        : `${id} is not loaded. Ask again if it is still wanted.`,
    );
  }

  const left = running
    .filter(({ model, state: now }) => (action.kind === 'unload-all' || model === id) && now !== 'stopped')
    .filter(({ state: now }) => now !== 'shutdown');
  const names = left.map(({ model }) => model).join(', ');
  const are = left.length === 1 ? 'is' : 'are';
  if (left.length === 0)
    return done(action.kind === 'unload' ? `${id} is not loaded any more.` : 'No model is loaded any more.');
  if (left.some((one) => one.state === 'stopping'))
    return { do: 'wait', otherwise: unknown(`${names} ${are} still being stopped.`) };
  if (left.every(({ model }) => isNewer(model) && isLoadedIn(models, model)))
    return {
      do: 'end',
      ending: unknown(`${names} ${are} loaded, but since then only: it may have been stopped in between.`),
    };
  return undone(`${names} ${are} still loaded. Try again.`);
}

function isLoadedIn(models: readonly Model[], id: string): boolean {
  const model = findModel(models, id);
  return model !== null && isLoaded(model.state);
}
