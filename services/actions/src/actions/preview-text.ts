import type { Asked } from './asked.js';
import type { Effects, Eviction } from './effects.js';

/** What an action would do, in words for a person who is about to ask for it. */
export function previewText(asked: Asked, effects: Effects): string {
  const { refusal, needless, ahead } = effects;
  if (refusal !== null && refusal.requiresConfirmation !== true) return refusal.message;
  if (needless !== null) return sentences([needless.message, 'Nothing would be done.', refusal?.message]);
  return sentences([
    ...deed(asked, effects),
    guarded(effects),
    ahead === 0 ? null : `${count(ahead, 'action')} of this host ${ahead === 1 ? 'comes' : 'come'} first.`,
    refusal?.message,
  ]);
}

function deed(asked: Asked, effects: Effects): (string | null)[] {
  const { evicts, model } = effects;
  switch (asked.kind) {
    case 'warm':
      return [loading(effects), ...evictions(effects)];
    case 'unload':
      return [`Stops ${model}.`, requests(effects, 'would be cut off')];
    case 'unload-all':
      return [`Stops ${listText(evicts.map((one) => one.model))}.`, requests(effects, 'would be cut off')];
    case 'profile':
      return [
        asked.profile === null
          ? 'Leaves the active profile; what is loaded stays loaded.'
          : `Makes ${asked.profile} the active profile; what is loaded stays loaded.`,
      ];
    case 'cancel': {
      const of = effects.inflight[0]?.model;
      return [of === undefined ? 'Cancels the request.' : `Cancels a request to ${of}.`];
    }
  }
}

function loading({ model, load, isHistoryKnown }: Effects): string {
  if (!isHistoryKnown)
    return `Loads ${model}. How earlier loads went could not be asked, because the history does not answer.`;
  if (load === null) return `Loads ${model}; how long that takes was not seen yet.`;
  const { medianS, minS, maxS, samples } = load;
  if (samples === 1) return `Loads ${model}: ${durationText(medianS)} the one time that it was seen.`;
  const isSteady = durationText(minS) === durationText(maxS);
  const seen = isSteady ? `${samples} loads seen` : `${rangeText(minS, maxS)}, ${samples} loads seen`;
  return `Loads ${model}: ${durationText(medianS)} as a rule (${seen}).`;
}

function evictions(effects: Effects): (string | null)[] {
  const { evicts } = effects;
  const told = [
    ...evicts.filter(({ seen }) => seen.of > 0).map(eviction),
    unseen(evicts.filter(({ seen }) => seen.of === 0).map(({ model }) => model)),
  ].filter((part) => part !== null);
  if (told.length === 0) return [];
  const suffering = requests(effects, 'would wait or be cut off');
  if (told.length > 1 || suffering === null) return [...told.map((part) => `${part}.`), suffering];
  return [`${told[0]}; ${suffering}`];
}

function eviction({ model, certainty, seen: { times, of } }: Eviction): string {
  const will = certainty === 'likely' ? 'will probably be unloaded' : 'may be unloaded';
  const seen =
    of === 1
      ? times === 1
        ? 'as the one time before'
        : 'not the one time before'
      : `${times} of ${of} times`;
  return `${model} ${will} (${seen})`;
}

function unseen(models: readonly string[]): string | null {
  if (models.length === 0) return null;
  const it = models.length === 1 ? 'it' : 'them';
  return `${listText(models)} may be unloaded: no load beside ${it} was seen yet`;
}

/** What is under way and would suffer; null: nothing. */
function requests({ inflight, evicts, unnamedRequests }: Effects, fate: string): string | null {
  if (unnamedRequests > 0) {
    const are = unnamedRequests === 1 ? 'is' : 'are';
    return `${count(unnamedRequests, 'request')} ${are} under way, the host does not tell to which models.`;
  }
  const total = inflight.reduce((sum, one) => sum + one.requests, 0);
  if (total === 0) return null;
  const are = total === 1 ? 'is' : 'are';
  const [first] = inflight;
  if (inflight.length === 1 && evicts.length === 1)
    return `${count(total, 'request')} to it ${are} under way and ${fate}.`;
  if (inflight.length === 1)
    return `${count(total, 'request')} to ${first?.model} ${are} under way and ${fate}.`;
  const parts = inflight.map((one, index) =>
    index === 0 ? `${count(one.requests, 'request')} to ${one.model}` : `${one.requests} to ${one.model}`,
  );
  return `${listText(parts)} are under way and ${fate}.`;
}

function guarded({ guarded: models, refusal }: Effects): string | null {
  if (models.length === 0 || refusal !== null) return null;
  return `${listText(models)} ${models.length === 1 ? 'is' : 'are'} protected.`;
}

const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? '' : 's'}`;

const sentences = (parts: readonly (string | null | undefined)[]): string =>
  parts.filter((part) => typeof part === 'string' && part !== '').join(' ');

/** "a, b and c" */
export function listText(names: readonly string[]): string {
  const last = names.at(-1) ?? '';
  return names.length < 2 ? last : `${names.slice(0, -1).join(', ')} and ${last}`;
}

/** Seconds as people say them: "0.4 s", "42 s", "3 min 20 s". */
export function durationText(seconds: number): string {
  if (seconds < 9.95) return `${Number(seconds.toFixed(1))} s`;
  const whole = Math.round(seconds);
  if (whole < 120) return `${whole} s`;
  const rest = whole % 60;
  return `${Math.floor(whole / 60)} min${rest === 0 ? '' : ` ${rest} s`}`;
}

/** "38 to 90 s" */
function rangeText(from: number, to: number): string {
  const [first, last] = [durationText(from), durationText(to)];
  const isSameUnit = !first.includes('min') && !last.includes('min');
  return `${isSameUnit ? first.replace(/ s$/, '') : first} to ${last}`;
}
