import { join } from 'node:path';
import {
  ActivityPageSchema,
  FleetResponseSchema,
  TotalsSchema,
  type ActivityRow,
  type FleetResponse,
  type ProviderInput,
  type Totals,
} from '@boocontrol/contracts';
import {
  freePort,
  projectRoot,
  spawnService,
  testNats,
  testPostgres,
  waitFor,
  type RunningService,
  type TestNats,
  type TestServer,
} from '@boocontrol/testing';

export type ServiceName = 'ingest' | 'fleet-state' | 'gateway';

/** The whole system as processes of its own, on a bus and a database that nobody else uses. */
export interface Stack {
  readonly url: string;
  readonly nats: TestNats;
  readonly postgres: TestServer;
  service(name: ServiceName): RunningService;
  /** SIGKILL, then a new process. */
  killAndRestart(name: ServiceName): Promise<void>;
  addHost(provider: ProviderInput): Promise<void>;
  fleet(): Promise<FleetResponse>;
  totals(): Promise<Totals>;
  /** Every row in the table, page by page. */
  allRows(): Promise<ActivityRow[]>;
  stop(): Promise<void>;
}

export async function startStack(env: Record<string, string> = {}): Promise<Stack> {
  const [nats, postgres, gatewayPort] = await Promise.all([testNats(), testPostgres(), freePort()]);
  const url = `http://127.0.0.1:${gatewayPort}`;
  const base = { NATS_URL: nats.url, DATABASE_URL: postgres.url, LOG_LEVEL: 'warn', ...env };
  const envs: Record<ServiceName, Record<string, string>> = {
    ingest: base,
    'fleet-state': base,
    gateway: {
      ...base,
      BOOCONTROL_PORT: String(gatewayPort),
      BOOCONTROL_WEB_DIR: join(projectRoot(), 'web/out'),
    },
  };
  const running = new Map<ServiceName, RunningService>();
  const spawn = async (name: ServiceName): Promise<void> => {
    running.set(name, await spawnService(`services/${name}/dist/main.js`, { ...envs[name] }));
  };
  const get = async (path: string): Promise<unknown> => {
    const response = await fetch(`${url}${path}`);
    const body: unknown = await response.json();
    if (!response.ok) throw new Error(`GET ${path}: ${response.status} ${JSON.stringify(body)}`);
    return body;
  };
  const stack: Stack = {
    url,
    nats,
    postgres,
    service(name) {
      const service = running.get(name);
      if (!service) throw new Error(`${name} is not running`);
      return service;
    },
    async killAndRestart(name) {
      await stack.service(name).kill9();
      await spawn(name);
    },
    async addHost(provider) {
      const response = await fetch(`${url}/api/providers`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(provider),
      });
      if (!response.ok) throw new Error(`POST /api/providers: ${response.status} ${await response.text()}`);
    },
    fleet: async () => FleetResponseSchema.parse(await get('/api/fleet')),
    totals: async () => TotalsSchema.parse(await get('/api/activity/totals')),
    async allRows() {
      const rows: ActivityRow[] = [];
      for (let cursor: string | null = ''; cursor !== null;) {
        const page = ActivityPageSchema.parse(
          await get(`/api/activity?limit=500${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`),
        );
        rows.push(...page.rows);
        cursor = page.nextCursor;
      }
      return rows;
    },
    async stop() {
      await Promise.all([...running.values()].map((service) => service.stop()));
      await Promise.all([nats.stop(), postgres.stop()]);
    },
  };
  try {
    await Promise.all((['fleet-state', 'gateway', 'ingest'] as const).map(spawn));
    const healthy = async (): Promise<boolean> =>
      ((await get('/api/health')) as { status: string }).status === 'ok';
    await waitFor(healthy, { what: 'every part to be well', timeoutMs: 45_000 });
    return stack;
  } catch (error) {
    const outputs = [...running].map(([name, service]) => `--- ${name}\n${service.output().slice(-3000)}`);
    await stack.stop();
    throw new Error(`the stack did not come up\n${outputs.join('\n')}`, { cause: error });
  }
}
