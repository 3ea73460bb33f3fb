/**
 * The services, each declared once. It is data in contracts because everybody may read contracts: `npm start`, the gateway's
 * health, the stack harness of tests and benchmarks, and the test that compares compose and the TypeScript references with it.
 */
export interface ServiceDeclaration {
  /** Its folder below services/, its package (@boocontrol/<name>), its word in health and in the compose file. */
  readonly name: string;
  /** The database schema that it alone writes; null: it has no tables. */
  readonly schema: string | null;
  readonly needs: readonly ('bus' | 'database')[];
  /** many: processes share the work, so compose can scale it. one: it has the port that people know. */
  readonly replicas: 'one' | 'many';
  /** Variables that it reads besides those that every service has; PORT and the addresses of what it needs are such. */
  readonly env: readonly string[];
  /** What a user misses while no process of it answers; completes "no ingest process answers; …". */
  readonly without: string;
}

export const SERVICES = [
  {
    name: 'ingest',
    schema: null,
    needs: ['bus'],
    replicas: 'many',
    env: [],
    without: 'hosts are not followed until one is started',
  },
  {
    name: 'fleet-state',
    schema: 'fleet',
    needs: ['bus', 'database'],
    replicas: 'many',
    env: [
      'PERF_RETENTION_DAYS',
      'ROLLUP_RETENTION_DAYS',
      'REQUEST_RETENTION_DAYS',
      'MODEL_EVENT_RETENTION_DAYS',
      'CAPTURE_BUDGET_MB',
    ],
    without: 'history is not written and cannot be asked until one is started',
  },
  {
    name: 'actions',
    schema: 'actions',
    needs: ['bus', 'database'],
    replicas: 'many',
    env: ['ACTION_RETENTION_DAYS'],
    without: 'hosts cannot be told to do anything, and leases are not told of, until one is started',
  },
  {
    name: 'bench',
    schema: 'bench',
    needs: ['bus', 'database'],
    replicas: 'many',
    env: ['BENCH_RETENTION_DAYS', 'BOOCONTROL_SUITES_DIR'],
    without: 'nothing is measured until one is started',
  },
  {
    name: 'evals',
    schema: 'evals',
    needs: ['bus', 'database'],
    replicas: 'many',
    env: ['EVAL_RETENTION_DAYS', 'BOOCONTROL_EVALS_DIR', 'BOOCONTROL_SANDBOX'],
    without: 'quality is not measured until one is started',
  },
  {
    name: 'gateway',
    schema: 'gateway',
    needs: ['bus', 'database'],
    replicas: 'one',
    env: [
      'BOOCONTROL_PORT',
      'BOOCONTROL_HOST',
      'BOOCONTROL_ADMIN_TOKEN',
      'BOOCONTROL_ALLOWED_HOSTS',
      'BOOCONTROL_ALLOW_LINK_LOCAL',
      'BOOCONTROL_CONFIG',
      'BOOCONTROL_SEED',
      'BOOCONTROL_WEB_DIR',
      'DISPATCH_RETENTION_DAYS',
      'OTEL_EXPORTER_OTLP_ENDPOINT',
      'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT',
      'OTEL_EXPORTER_OTLP_HEADERS',
      'OTEL_EXPORTER_OTLP_TRACES_HEADERS',
      'OTEL_SERVICE_NAME',
    ],
    without: 'it does not answer itself',
  },
] as const satisfies readonly ServiceDeclaration[];

export type ServiceName = (typeof SERVICES)[number]['name'];

/** The part of the environment on offer that this service takes: nobody else's variables, no database where it needs none. */
export function environmentOf(
  service: ServiceDeclaration,
  infra: { natsUrl: string; databaseUrl: string },
  offered: Readonly<Record<string, string>>,
): Record<string, string> {
  return {
    ...(service.needs.includes('bus') ? { NATS_URL: infra.natsUrl } : {}),
    ...(service.needs.includes('database') ? { DATABASE_URL: infra.databaseUrl } : {}),
    ...Object.fromEntries(Object.entries(offered).filter(([name]) => service.env.includes(name))),
  };
}
