import { STREAM, STREAMS, type Request } from '@boocontrol/contracts';
import { instantFromMs } from '@boocontrol/fleet-model';
import { busConnectionOptions, ensureStreams } from '@boocontrol/platform';
import type { TestNats } from '@boocontrol/testing';
import { jetstreamManager } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';

/** A connection with the settings of the services, and the streams. */
export async function benchBus(nats: TestNats): Promise<NatsConnection> {
  const nc = await connect(busConnectionOptions(nats.url, 'bench'));
  await ensureStreams(nc, STREAMS);
  return nc;
}

/** The `entryId`-th request of a host; `nowMs` is when it ended. */
export function requestFact(providerId: string, entryId: number, nowMs: number): Request {
  const ts = instantFromMs(nowMs);
  return {
    providerId,
    at: ts,
    entryId,
    ts,
    endedAt: ts,
    model: `org/model-${entryId % 7}`,
    source: 'bench',
    reqPath: '/v1/chat/completions',
    respContentType: 'application/json',
    statusCode: 200,
    durationMs: 812.5,
    cacheTokens: 0,
    inputTokens: 120,
    outputTokens: 40,
    draftTokens: null,
    draftAcceptedTokens: null,
    promptTps: 2_000,
    genTps: 50,
    hasCapture: false,
    errorMsg: null,
  };
}

/** Messages on FLEET under a subject filter. */
export async function onTheLog(nc: NatsConnection, filter: string): Promise<number> {
  const jsm = await jetstreamManager(nc, { checkAPI: false });
  const { state } = await jsm.streams.info(STREAM.fleet, { subjects_filter: filter });
  return Object.values(state.subjects ?? {}).reduce((sum, count) => sum + count, 0);
}
