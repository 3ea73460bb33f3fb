import type { Liveness, PublicProvider } from '@boocontrol/contracts';
import { instantToMs } from '@boocontrol/fleet-model';
import { ago, span } from '../format/time';
import type { Tone } from '../ui/tone';

interface LivenessView {
  tone: Tone;
  /** One or two words. */
  word: string;
  /** The whole sentence piece: "reconnecting, try 3 in 8 s". */
  text: string;
  /** Why, and what to do, where there is something to say. */
  reason: string | null;
}

/** What a person reads about a host's connection. nowMs by the server's clock. */
export function livenessView(
  provider: Pick<PublicProvider, 'enabled'>,
  liveness: Liveness | null,
  nowMs: number,
): LivenessView {
  if (!provider.enabled) {
    return { tone: 'down', word: 'disabled', text: 'disabled, not followed', reason: null };
  }
  if (!liveness)
    return { tone: 'busy', word: 'waiting', text: 'waiting for the first contact', reason: null };
  const reason = liveness.reason?.message ?? null;
  switch (liveness.state) {
    case 'connected':
      return {
        tone: 'ready',
        word: 'connected',
        text: `connected for ${held(liveness.since, nowMs)}`,
        reason: null,
      };
    case 'connecting':
      return { tone: 'busy', word: 'connecting', text: 'connecting', reason };
    case 'reconnecting':
      return {
        tone: 'busy',
        word: 'reconnecting',
        text: `reconnecting, try ${liveness.attempt + 1} ${due(liveness.nextAttemptAt, nowMs)}`,
        reason,
      };
    case 'down':
      return {
        tone: 'error',
        word: 'down',
        text: `down, ${liveness.lastSeenAt ? `last seen ${ago(instantToMs(liveness.lastSeenAt), nowMs)}` : 'never seen'}`,
        reason,
      };
    case 'disabled':
      return { tone: 'down', word: 'disabled', text: 'disabled, not followed', reason: null };
  }
}

const held = (since: string, nowMs: number): string => {
  const text = span(nowMs - instantToMs(since));
  return text === 'now' ? '0 s' : text;
};

function due(at: string | null, nowMs: number): string {
  if (!at) return 'now';
  const leftS = Math.ceil((instantToMs(at) - nowMs) / 1000);
  return leftS <= 0 ? 'now' : `in ${leftS} s`;
}

/** A host whose readings are old because nobody is connected to it. */
export const isStale = (liveness: Liveness | null): boolean =>
  liveness !== null && liveness.state !== 'connected' && liveness.state !== 'connecting';

/** Nobody follows it now: what flows there is not known, which is not zero. */
export const isAway = ({ enabled }: Pick<PublicProvider, 'enabled'>, liveness: Liveness | null): boolean =>
  !enabled || isStale(liveness);
