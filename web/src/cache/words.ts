import type { PrefixCause, PrefixDrift } from '@boocontrol/contracts';
import { instantToMs } from '@boocontrol/fleet-model';
import { hostName } from '../control/names';
import { bytes, count, duration, NONE, plural, spoken } from '../format/number';
import { span } from '../format/time';

interface CauseWords {
  /** In a list. */
  name: string;
  /** What it is, as a sentence. */
  means: string;
  /** What to do about it, as sentences. */
  advice: string;
}

const CAUSE: Readonly<Record<PrefixCause, CauseWords>> = {
  tools_reordered: {
    name: 'tools in another order',
    means:
      'The same tools came in another order. They stand before everything else, so nothing behind them fits any more.',
    advice: 'Have the client send its tools in a fixed order, for example sorted by name.',
  },
  tools_changed: {
    name: 'other tools',
    means:
      'The list of tools is another one. It stands before everything else, so nothing behind it fits any more.',
    advice:
      'Keep the tools of a session as they are: connect everything that offers tools before the first message, and forbid a tool in words rather than by leaving it out.',
  },
  system_timestamp: {
    name: 'time in the system prompt',
    means: 'The system prompt differs in a date, a time or the like, and in nothing else.',
    advice:
      'Take the time out of the system prompt, or say it at the end, in the newest message. A date without the time of day would cost one such request a day.',
  },
  system_changed: {
    name: 'other system prompt',
    means: 'The system prompt is another one.',
    advice:
      'Look at what the client puts into it: files of instructions, the state of a repository, lists of files. What changes from request to request belongs at the end. With x-boo-prefix-inputs the client can name what went in, and what changed is named here.',
  },
  message_edited: {
    name: 'earlier message edited',
    means: 'A message that had been sent before is another one now.',
    advice:
      'If somebody edited it, this is what that costs. If nobody did, the client rewrites the conversation: it may shorten results of tools or leave out reasoning at each turn. Have it do so seldom and for much at once.',
  },
  messages_removed: {
    name: 'earlier messages gone',
    means: 'Messages that had been sent before are gone.',
    advice:
      'Clients drop or summarise old messages when the context is nearly full. Have yours do so seldom and for much at once, or give the model a larger context.',
  },
  text_changed: {
    name: 'earlier text changed',
    means: 'The prompt is one text, and what stood there before is not what it was.',
    advice:
      'Write what changes from request to request at the end of the prompt: a completion is continued from the cache only behind what is the same, byte for byte.',
  },
  other_host: {
    name: 'at another host',
    means: 'The prompt began as before, but it went to another host, whose cache did not have it.',
    advice:
      'Give affinity more weight in the policy, or ask for one host by name. A session that the client names (x-boo-session) is followed more surely than one that is known by how it begins.',
  },
  other_model: {
    name: 'with another model',
    means: 'The prompt began as before, but another model got it. Each model has its own cache.',
    advice: 'Ask for one model by name throughout a session, or give affinity more weight in the policy.',
  },
  model_reloaded: {
    name: 'model reloaded',
    means: 'The prompt began as before, but the model was loaded anew meanwhile, and its cache began empty.',
    advice:
      'Give the model a longer time to unload (ttl) in the configuration of llama-swap, protect it from being unloaded, or let fewer models take turns on this host.',
  },
  evicted: {
    name: 'evicted',
    means: 'The prompt began as before, but other sessions took its slot meanwhile.',
    advice:
      'Start the server of the model with more slots (--parallel) or with more memory for prompts that are put aside (--cache-ram), or have fewer sessions take turns on it.',
  },
  other_slot: {
    name: 'other slot',
    means: 'The prompt began as before, but the request got another slot of the same model.',
    advice:
      'The server picks the slot whose prompt is most like the new one, and another one when that is busy. Do not send requests of one session at the same time, or lower --slot-prompt-similarity.',
  },
  unknown: {
    name: 'not known why',
    means: 'The prompt began as before, and the cache did not have it. Nothing here tells why.',
    advice:
      'Look whether the client forbids the cache (cache_prompt: false), and whether the model can keep all of it (--swa-full for models with sliding windows). The log of the model’s server says more, and shows what else it did meanwhile.',
  },
};

/** Those of changed prompts first. */
export const CAUSES = Object.keys(CAUSE) as PrefixCause[];

/** As an address names it; null: there is none of that name. */
export const causeOf = (text: string | null): PrefixCause | null =>
  CAUSES.find((cause) => cause === text) ?? null;

export const causeWords = (cause: PrefixCause): CauseWords => CAUSE[cause];

/** What changed, in words that go with the figures of this one. */
export function changeWords(drift: PrefixDrift): string {
  const { cause, providerId, model, previousProviderId, previousModel } = drift;
  const { means } = CAUSE[cause];
  if (cause === 'other_host')
    return `${means} It was at ${hostName(previousProviderId)} before, and went to ${hostName(providerId)}.`;
  if (cause === 'other_model') return `${means} It was ${previousModel} before, and is ${model} now.`;
  const segment = segmentWords(drift);
  return segment === null ? means : `${means} ${segment}`;
}

/** Where the prompts part; null: they do not, or that is said already. */
function segmentWords({ firstChangedSegment, sameBytes, previousBytes }: PrefixDrift): string | null {
  if (firstChangedSegment === null) return null;
  const { index, kind, role } = firstChangedSegment;
  const of = kind === 'message' && role !== null ? `a message of the ${role}` : KIND[kind];
  // Of a text only whole pieces are compared.
  if (kind === 'text' && sameBytes > 0)
    return `They part in the half kilobyte after the first ${spoken(bytes(sameBytes))} of ${spoken(bytes(previousBytes))}.`;
  const same =
    sameBytes === 0
      ? 'It differs from the first byte on.'
      : `Only the first ${spoken(bytes(sameBytes))} of ${spoken(bytes(previousBytes))} are the same.`;
  return `They part at segment ${index + 1}, ${of}. ${same}`;
}

const KIND = {
  tools: 'the tools',
  system: 'the system prompt',
  message: 'a message',
  text: 'a piece of the text',
} as const;

/** What it cost, in a sentence. */
export function costWords(drift: PrefixDrift): string {
  const { lostTokens, lostMs, cachedTokens, expectedCachedTokens } = drift;
  if (lostTokens === null && drift.kind === 'drift' && isElsewhere(drift))
    return 'What it cost is not told: the request went to another host or model as well, whose cache had nothing of it in any case.';
  if (lostTokens === null)
    return cachedTokens === null
      ? 'What it cost is not known: the host did not say how much came from its cache.'
      : 'What it cost is not known: the host did not say how long the prompt before was.';
  if (lostTokens === 0) return 'It cost nothing: all of the prompt before was in the cache.';
  const took =
    lostMs === null ? 'How long that took is not known.' : `That took ${spoken(duration(lostMs))}.`;
  return `${plural(lostTokens, 'token')} of ${count(expectedCachedTokens)} ${lostTokens === 1 ? 'was' : 'were'} read again that the cache would have had. ${took}`;
}

const isElsewhere = ({ providerId, model, previousProviderId, previousModel }: PrefixDrift): boolean =>
  providerId !== previousProviderId || model !== previousModel;

/** How long nothing had been asked before, for the middle of a sentence. */
export const pauseWords = ({ at, previousAt }: Pick<PrefixDrift, 'at' | 'previousAt'>): string =>
  span(instantToMs(at) - instantToMs(previousAt)).replace('now', 'under a second');

/** Of a prompt, from the cache; null: nothing was told. */
export const hitRate = (cached: number | null, prompt: number | null): number | null =>
  cached === null || prompt === null || prompt === 0 ? null : (100 * cached) / prompt;

export const share = (percent: number | null): string =>
  percent === null ? NONE : `${Math.floor(percent)} %`;

/** Enough of it to tell sessions apart. */
export const shortSession = (session: string): string => session.slice(0, 7);
