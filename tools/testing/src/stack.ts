import { join } from 'node:path';
import {
  ActivityPageSchema,
  environmentOf,
  FleetResponseSchema,
  SERVICES,
  TotalsSchema,
  type ActivityRow,
  type FleetResponse,
  type ProviderInput,
  type ServiceName,
  type Totals,
} from '@boocontrol/contracts';
import { freePort, sandboxFolder } from '@boocontrol/runtime';
import { projectRoot, stateDir } from './project.js';
import { testNats, testPostgres, type TestNats, type TestServer } from './servers.js';
import { spawnService, type RunningService } from './service.js';
import { waitFor } from './wait-for.js';

const READY_MS = 100_000;

/** The built services as processes of their own, on a bus and a database that nobody else uses. */
export interface Stack {
  readonly nats: TestNats;
  readonly postgres: TestServer;
  /** Where the gateway listens, whether it was started or not. */
  readonly url: string;
  /** The process of this name that was started last. @throws {Error} when none was. */
  service(name: ServiceName): RunningService;
  /** Starts one more process; resolves when it is ready. */
  start(name: ServiceName): Promise<RunningService>;
  /** SIGKILL, then a new process, which is not waited for. */
  killAndRestart(name: ServiceName): Promise<void>;
  addHost(provider: ProviderInput): Promise<void>;
  fleet(): Promise<FleetResponse>;
  totals(): Promise<Totals>;
  /** Every row in the table, page by page. */
  allRows(): Promise<ActivityRow[]>;
  stop(): Promise<void>;
}

/**
 * The whole system, every part well.
 * @param env variables for every service
 * @throws {Error} with what the services wrote when they are not well within 45 s
 */
export async function startStack(env: Record<string, string> = {}): Promise<Stack> {
  const stack = await openStack(env);
  try {
    await Promise.all(SERVICES.map(({ name }) => stack.spawn(name)));
    const healthy = async (): Promise<boolean> =>
      ((await stack.get('/api/health')) as { status: string }).status === 'ok';
    await waitFor(healthy, { what: 'every part to be well', timeoutMs: READY_MS });
    return stack;
  } catch (error) {
    const said = stack.outputs();
    await stack.stop();
    throw new Error(`the stack did not come up\n${said}`, { cause: error });
  }
}

/**
 * Runs `work` beside the named services alone, each of them ready, and stops everything afterwards.
 * @param env variables for each of them
 */
export async function withStack(
  names: readonly ServiceName[],
  work: (stack: Stack, services: ReadonlyMap<ServiceName, RunningService>) => Promise<void>,
  env: Record<string, string> = {},
): Promise<void> {
  const stack = await openStack(env);
  try {
    const started = await Promise.all(names.map(async (name) => [name, await stack.start(name)] as const));
    await work(stack, new Map(started));
  } finally {
    await stack.stop();
  }
}

interface OpenStack extends Stack {
  spawn(name: ServiceName): Promise<RunningService>;
  get(path: string): Promise<unknown>;
  outputs(): string;
}

async function openStack(env: Record<string, string>): Promise<OpenStack> {
  const [nats, postgres, gatewayPort] = await Promise.all([testNats(), testPostgres(), freePort()]);
  const url = `http://127.0.0.1:${gatewayPort}`;
  const infra = { natsUrl: nats.url, databaseUrl: postgres.url };
  const offered = {
    BOOCONTROL_PORT: String(gatewayPort),
    BOOCONTROL_WEB_DIR: join(projectRoot(), 'web/out'),
    BOOCONTROL_SANDBOX: sandboxFolder(stateDir()),
  };
  const running: { name: ServiceName; service: RunningService }[] = [];
  const get = async (path: string): Promise<unknown> => {
    const response = await fetch(`${url}${path}`);
    const body: unknown = await response.json();
    if (!response.ok) throw new Error(`GET ${path}: ${response.status} ${JSON.stringify(body)}`);
    return body;
  };
  const stack: OpenStack = {
    url,
    nats,
    postgres,
    get,
    service(name) {
      const found = running.findLast((one) => one.name === name);
      if (!found) throw new Error(`${name} is not running`);
      return found.service;
    },
    async spawn(name) {
      const declared = SERVICES.find((one) => one.name === name);
      if (!declared) throw new Error(`${name} is not in the manifest`);
      const service = await spawnService(`services/${name}/dist/main.js`, {
        ...environmentOf(declared, infra, offered),
        LOG_LEVEL: 'warn',
        ...env,
      });
      running.push({ name, service });
      return service;
    },
    async start(name) {
      const service = await stack.spawn(name);
      const answers = async (): Promise<boolean> => (await fetch(`${url}/api/health`)).ok;
      if (name === 'gateway') await waitFor(answers, { what: 'the gateway', timeoutMs: READY_MS });
      else await service.waitReady(READY_MS);
      return service;
    },
    async killAndRestart(name) {
      await stack.service(name).kill9();
      await stack.spawn(name);
    },
    async addHost(provider) {
      const response = await fetch(`${url}/api/providers`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(provider),
      });
      const body = await response.text();
      if (!response.ok) throw new Error(`POST /api/providers: ${response.status} ${body}`);
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
    outputs: () =>
      running.map(({ name, service }) => `--- ${name}\n${service.output().slice(-3000)}`).join('\n'),
    async stop() {
      await Promise.all(running.map(({ service }) => service.stop()));
      await Promise.all([nats.stop(), postgres.stop()]);
    },
  };
  return stack;
}
