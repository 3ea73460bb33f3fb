import {
  BUCKET,
  CaptureSchema,
  FactSchemas,
  LogLineSchema,
  parseFactSubject,
  subjects,
  type Capture,
  type Fact,
  type FactKind,
  type FactMap,
  type LogLine,
  type Provider,
} from '@boocontrol/contracts';
import { jetstream } from '@nats-io/jetstream';
import { Kvm } from '@nats-io/kv';
import { connect } from '@nats-io/transport-node';
import { spawnService, testNats, waitFor } from '@boocontrol/testing';

/** A running ingest on a bus of its own, and everything that it states. */
export interface Follower {
  follow(id: string, baseUrl: string, apiKeyEnv?: string): Promise<void>;
  facts<K extends FactKind>(id: string, kind: K): FactMap[K][];
  captures(id: string): Capture[];
  lines(id: string): LogLine[];
  /** Waits for a fact that satisfies `test`. */
  until<K extends FactKind>(
    id: string,
    kind: K,
    what: string,
    test: (body: FactMap[K]) => boolean,
  ): Promise<FactMap[K]>;
  stop(): Promise<void>;
}

export async function startFollower(env: Record<string, string>): Promise<Follower> {
  const nats = await testNats();
  const nc = await connect({ ...nats.connection, noAsyncTraces: true });
  const facts: Fact[] = [];
  const captures: Capture[] = [];
  const lines: LogLine[] = [];
  nc.subscribe(subjects.allFacts, {
    callback: (_error, message) => {
      const parsed = parseFactSubject(message.subject);
      if (!parsed) return;
      const body = FactSchemas[parsed.kind].parse(message.json());
      facts.push({ kind: parsed.kind, seq: facts.length, body } as Fact);
    },
  });
  nc.subscribe(subjects.allCaptures, {
    callback: (_error, message) => void captures.push(CaptureSchema.parse(message.json())),
  });
  nc.subscribe(subjects.allLogs, {
    callback: (_error, message) => void lines.push(LogLineSchema.parse(message.json())),
  });
  const service = await spawnService('services/ingest/dist/main.js', {
    NATS_URL: nats.url,
    LOG_LEVEL: 'warn',
    ...env,
  });
  await service.waitReady();
  const providers = await new Kvm(jetstream(nc)).open(BUCKET.providers);
  const of = <K extends FactKind>(id: string, kind: K): FactMap[K][] =>
    facts
      .filter((fact) => fact.kind === kind && fact.body.providerId === id)
      .map((fact) => fact.body as FactMap[K]);
  return {
    async follow(id, baseUrl, apiKeyEnv) {
      const at = `${new Date().toISOString().slice(0, 23)}000Z`;
      const provider: Provider = {
        id,
        kind: 'llama-swap',
        baseUrl,
        label: id,
        enabled: true,
        tags: [],
        origin: 'api',
        createdAt: at,
        updatedAt: at,
        ...(apiKeyEnv ? { apiKeyEnv } : {}),
      };
      await providers.put(id, JSON.stringify(provider));
    },
    facts: of,
    captures: (id) => captures.filter((capture) => capture.providerId === id),
    lines: (id) => lines.filter((line) => line.providerId === id),
    until: (id, kind, what, test) =>
      waitFor(() => of(id, kind).find(test), {
        what: `${id}: ${what}\n${service.output().slice(-2000)}`,
      }),
    async stop() {
      await service.stop();
      await nc.close();
      await nats.stop();
    },
  };
}
