import type { Gap, HostState } from '@boocontrol/contracts';
import { instantToMs } from '@boocontrol/fleet-model';
import { count } from '../format/number';
import { capital } from '../format/text';
import { clock } from '../format/time';

interface GapWords {
  /** For one line of a card: "3 requests 12:03–12:09 are missing". */
  short: string;
  /** The whole sentence. */
  full: string;
}

interface Loss {
  what: [one: string, many: string];
  /** A restart while nobody looked may have lost something; the other reasons are certain. */
  certain: boolean;
  why: string;
}

const LOSSES: Record<Gap['reason'], Loss> = {
  host_restarted: {
    what: ['request', 'requests'],
    certain: false,
    why: 'the host restarted while it could not be followed',
  },
  ring_overflow: {
    what: ['request', 'requests'],
    certain: true,
    why: 'they left the host’s memory before they could be read',
  },
  perf_ring_overflow: {
    what: ['sample', 'samples'],
    certain: true,
    why: 'they are older than the hour that the host keeps',
  },
  capture_lost: {
    what: ['body', 'bodies'],
    certain: true,
    why: 'they left the host’s capture buffer before they could be read',
  },
  projection_behind_log: {
    what: ['event', 'events'],
    certain: false,
    why: 'the history was put back to an old copy, or was away for longer than the log reaches',
  },
};

/** A gap in words; the times are of the host, nowMs by the server's clock. */
export function gapWords(
  { reason, fromTs, toTs, missing }: Pick<Gap, 'reason' | 'fromTs' | 'toTs' | 'missing'>,
  nowMs: number,
): GapWords {
  const { what, certain, why } = LOSSES[reason];
  const known = certain && missing !== null;
  const name = what[known && missing === 1 ? 0 : 1];
  const subject = known ? `${count(missing)} ${name}` : capital(name);
  const verb = certain ? (known && missing === 1 ? 'is missing' : 'are missing') : 'may be missing';
  const [from, to] = [clock(instantToMs(fromTs), nowMs), clock(instantToMs(toTs), nowMs)];
  const same = from === to;
  return {
    short: `${subject} ${same ? `about ${from}` : `${from}–${to}`} ${verb}`,
    full: `${subject} ${same ? `about ${from}` : `between ${from} and ${to}`} ${verb}: ${name === what[0] ? ofOne(why) : why}.`,
  };
}

const ofOne = (why: string): string => why.replace('they are', 'it is').replaceAll('they', 'it');

const ON_CARD_MS = 900_000;

/** The newest gap, while it belongs on the card: for a quarter of an hour after it ended. */
export const isFreshGap = (gap: HostState['gap'], nowMs: number): gap is Gap =>
  gap !== null && nowMs - instantToMs(gap.toTs) <= ON_CARD_MS;

const isLoss = (reason: string): reason is Gap['reason'] => Object.hasOwn(LOSSES, reason);

/** The whole sentence without its full stop, for a loss as the history tells it; null for a reason that has no words here. */
export function lossWords(
  gap: Pick<Gap, 'fromTs' | 'toTs' | 'missing'> & { reason: string },
  nowMs: number,
): string | null {
  const { reason } = gap;
  return isLoss(reason) ? gapWords({ ...gap, reason }, nowMs).full.replace(/\.$/, '') : null;
}
