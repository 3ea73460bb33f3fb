import { createdMicros, fencingTokenOf } from '@boocontrol/client';
import {
  BUCKET,
  bucketSubjects,
  LeaseEntrySchema,
  type Instant,
  type LeaseEntry,
} from '@boocontrol/contracts';
import { instantFromMs } from '@boocontrol/fleet-model';
import { decodeJson, isDeletion } from '@boocontrol/platform';
import type { JsMsg } from '@nats-io/jetstream';

/** One message of the bucket of leases, as the history sees it. */
export interface BucketChange {
  providerId: string;
  /** When the bus took it. */
  at: Instant;
  /** Where it stands in the order of everything that was ever written to the bucket, of this bus or one before it. */
  token: string;
  /** null: the key was taken away, its holder gave the host back. */
  entry: LeaseEntry | null;
}

export type ReadChange = { ok: true; change: BucketChange } | { ok: false; reason: string };

/** @param created of the bucket's stream, as the server says it */
export function readChange(created: string, message: JsMsg): ReadChange {
  const providerId = bucketSubjects.keyOf(BUCKET.hostLeases, message.subject);
  const at = instantFromMs(Math.floor(message.info.timestampNanos / 1e6));
  const change = { providerId, at, token: fencingTokenOf(createdMicros(created), message.seq) };
  if (isDeletion(message)) return { ok: true, change: { ...change, entry: null } };
  const parsed = decodeJson(message.data, LeaseEntrySchema);
  if (!parsed.ok) return parsed;
  if (parsed.value.providerId !== providerId) return { ok: false, reason: 'it is of another host' };
  return { ok: true, change: { ...change, entry: parsed.value } };
}
