import {
  AckPolicy,
  DeliverPolicy,
  jetstream,
  jetstreamManager,
  JetStreamApiError,
  type Consumer,
  type ConsumerConfig,
} from '@nats-io/jetstream';
import { nanos, type NatsConnection } from '@nats-io/transport-node';
import { API } from './streams.js';

export interface DurableSpec {
  stream: string;
  durable: string;
  filterSubjects: readonly string[];
  /** Redelivered when neither acknowledged nor extended within this time. */
  ackWaitMs: number;
  maxAckPending: number;
  /** Where a consumer that has to be made begins; absent: at the stream's first message. */
  startSeq?: number;
}

/** nats-server errors.json: "consumer already exists" (with another configuration). */
const CONSUMER_EXISTS = 10148;

/**
 * Creates the durable pull consumer, or brings it to this configuration, and binds to it.
 * Thrown: JetStreamApiError, code 10059 when the stream is missing; timeouts.
 */
export async function openDurable(nc: NatsConnection, spec: DurableSpec): Promise<Consumer> {
  const jsm = await jetstreamManager(nc, API);
  const changeable = {
    ack_wait: nanos(spec.ackWaitMs),
    max_ack_pending: spec.maxAckPending,
    ...(spec.filterSubjects.length === 0 ? {} : { filter_subjects: [...spec.filterSubjects] }),
  };
  const config: Partial<ConsumerConfig> = {
    durable_name: spec.durable,
    ack_policy: AckPolicy.Explicit,
    ...(spec.startSeq === undefined
      ? { deliver_policy: DeliverPolicy.All }
      : { deliver_policy: DeliverPolicy.StartSequence, opt_start_seq: Math.max(1, spec.startSeq) }),
    max_deliver: -1,
    ...changeable,
  };
  try {
    await jsm.consumers.add(spec.stream, config);
  } catch (error) {
    if (!(error instanceof JetStreamApiError) || error.code !== CONSUMER_EXISTS) throw error;
    await jsm.consumers.update(spec.stream, spec.durable, changeable);
  }
  return jetstream(nc, API).consumers.get(spec.stream, spec.durable);
}
