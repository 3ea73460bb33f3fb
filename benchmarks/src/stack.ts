import {
  freePort,
  spawnService,
  testNats,
  testPostgres,
  waitFor,
  type RunningService,
  type TestNats,
  type TestServer,
} from '@boocontrol/testing';
import type { ProviderInput } from '@boocontrol/contracts';

export type ServiceName = 'ingest' | 'fleet-state' | 'gateway';

/** The real processes on a bus and a database of their own. */
export interface Stack {
  readonly nats: TestNats;
  readonly postgres: TestServer;
  /** Where the gateway listens, whether it was started or not. */
  readonly url: string;
  start(name: ServiceName): Promise<RunningService>;
  addHost(provider: ProviderInput): Promise<void>;
  stop(): Promise<void>;
}

export async function withStack(
  names: readonly ServiceName[],
  work: (stack: Stack, services: ReadonlyMap<ServiceName, RunningService>) => Promise<void>,
): Promise<void> {
  const stack = await openStack();
  try {
    const started = await Promise.all(names.map(async (name) => [name, await stack.start(name)] as const));
    await work(stack, new Map(started));
  } finally {
    await stack.stop();
  }
}

async function openStack(): Promise<Stack> {
  const [nats, postgres, port] = await Promise.all([testNats(), testPostgres(), freePort()]);
  const running: RunningService[] = [];
  const url = `http://127.0.0.1:${port}`;
  const env = { NATS_URL: nats.url, DATABASE_URL: postgres.url, LOG_LEVEL: 'warn' };
  return {
    nats,
    postgres,
    url,
    async start(name) {
      const more: Record<string, string> = name === 'gateway' ? { BOOCONTROL_PORT: String(port) } : {};
      const service = await spawnService(`services/${name}/dist/main.js`, { ...env, ...more });
      running.push(service);
      if (name === 'gateway')
        await waitFor(async () => (await fetch(`${url}/api/health`)).ok, {
          what: 'the gateway',
          timeoutMs: 45_000,
        });
      else await service.waitReady(45_000);
      return service;
    },
    async addHost(provider) {
      const response = await fetch(`${url}/api/providers`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(provider),
      });
      if (!response.ok) throw new Error(`POST /api/providers: ${response.status} ${await response.text()}`);
      await response.arrayBuffer();
    },
    async stop() {
      await Promise.all(running.map((service) => service.stop()));
      await Promise.all([nats.stop(), postgres.stop()]);
    },
  };
}
