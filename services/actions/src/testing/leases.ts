import {
  BUCKET,
  bucketStream,
  calls,
  LeaseFactSchema,
  STREAM,
  subjects,
  type LeaseFact,
  type LeasesPage,
  type Request,
} from '@boocontrol/contracts';
import { waitFor } from '@boocontrol/testing';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { nanos } from '@nats-io/transport-node';
import type { Bench } from './bench.js';

/** Makes leases end sooner than in earnest; after the service has made the bucket. */
export async function shortenLeases({ nc }: Bench, ttlMs: number): Promise<void> {
  const jsm = await jetstreamManager(nc);
  await jsm.streams.update(bucketStream(BUCKET.hostLeases), {
    max_age: nanos(ttlMs),
    duplicate_window: nanos(ttlMs),
  });
}

export const leasesOf = ({ rpc }: Bench, providerId: string): Promise<LeasesPage> =>
  rpc.ask(calls.leases, { providerId, limit: 500 });

/** Every fact of the host's leases, in the order of the log. */
export async function leaseFacts({ nc }: Bench, providerId: string): Promise<LeaseFact[]> {
  const consumer = await jetstream(nc).consumers.get(STREAM.leases, {
    filter_subjects: [subjects.lease(providerId, '*' as LeaseFact['event'])],
  });
  const { num_pending: stored } = await consumer.info(true);
  const facts: LeaseFact[] = [];
  if (stored === 0) return facts;
  for await (const message of await consumer.fetch({ max_messages: stored, expires: 5_000 })) {
    facts.push(LeaseFactSchema.parse(message.json()));
    if (facts.length === stored) break;
  }
  return facts;
}

/** Its events, once the last one is there. */
export function leaseEvents(
  bench: Bench,
  providerId: string,
  last: LeaseFact['event'],
  timeoutMs = 15_000,
): Promise<string[]> {
  return waitFor(
    async () => {
      const events = (await leaseFacts(bench, providerId)).map(({ event }) => event);
      return events.at(-1) === last ? events : undefined;
    },
    { what: `the fact ${last} of a lease on ${providerId}`, timeoutMs },
  );
}

/** States that a request has just ended. */
export async function stateRequest(
  { nc }: Bench,
  request: Pick<Request, 'providerId' | 'entryId' | 'source' | 'endedAt'>,
): Promise<void> {
  const { providerId, entryId, endedAt } = request;
  const body: Request = {
    ...request,
    at: endedAt,
    ts: endedAt,
    model: 'one',
    reqPath: '/v1/chat/completions',
    respContentType: 'application/json',
    statusCode: 200,
    durationMs: 20,
    cacheTokens: null,
    inputTokens: 1,
    outputTokens: 1,
    draftTokens: null,
    draftAcceptedTokens: null,
    promptTps: null,
    genTps: null,
    hasCapture: false,
    errorMsg: null,
  };
  await jetstream(nc).publish(subjects.fact(providerId, 'request'), JSON.stringify(body), {
    msgID: `${providerId}:${entryId}:${endedAt}`,
  });
}
