import {
  BUCKET_S,
  BUCKETS_KEPT,
  STREAM,
  subjects,
  type Fact,
  type FactKind,
  type FleetState,
} from '@boocontrol/contracts';
import { emptyFleet } from '@boocontrol/fleet-model';
import type { JetStreamManager, JsMsg } from '@nats-io/jetstream';
import { readAll, type Start } from '../log/stream-reader.js';
import { toFact } from './fact-message.js';
import { foldInto } from './fold-into.js';

/** Each of them carries the whole value for its host, so the newest message is enough. */
const STATE_KINDS: readonly FactKind[] = ['liveness', 'models', 'inflight', 'perf', 'gap'];
/** All throughput buckets that the fold keeps, and one more because the oldest one may be cut. */
const REQUESTS_MS = (BUCKETS_KEPT + 4) * BUCKET_S * 1000;

/** Changes after a host's newest `models` fact are not in it yet; the oldest such fact says where to begin. */
function firstChangeSeq(fleet: FleetState): number {
  const seqs = Object.values(fleet.hosts).map(({ seqs: { models } }) => models);
  return seqs.length === 0 ? 1 : Math.max(0, Math.min(...seqs)) + 1;
}

/**
 * The fleet as the log knows it now. It may already contain facts newer than the stream's last sequence at the
 * start of the reading; the sequence rule of the fold makes following from there exact.
 * @param onBad told of each message that is no fact
 */
export async function rebuildFleet(
  jsm: JetStreamManager,
  epoch: string,
  nowMs: number,
  onBad: (message: JsMsg, reason: string) => void,
): Promise<FleetState> {
  const fleet = emptyFleet(epoch);
  const read = async (kinds: readonly FactKind[], start: Start): Promise<void> => {
    const facts: Fact[] = [];
    await readAll(jsm, STREAM.fleet, kinds.map(subjects.factsOfKind), start, (message) => {
      const parsed = toFact(message);
      if (parsed.ok) facts.push(parsed.fact);
      else onBad(message, parsed.reason);
    });
    for (const fact of facts) foldInto(fleet, fact);
  };
  await read(STATE_KINDS, { from: 'last_per_subject' });
  await read(['model-changed'], { from: 'sequence', seq: firstChangeSeq(fleet) });
  await read(['request'], { from: 'time', atMs: nowMs - REQUESTS_MS });
  return fleet;
}
