import { BUCKETS, STREAM, STREAMS, subjects, type Capture } from '@boocontrol/contracts';
import {
  BatchConsumer,
  ensureBuckets,
  ensureStreams,
  isTransientDbError,
  type CheckResult,
  type Platform,
} from '@boocontrol/platform';
import type { DataSource } from 'typeorm';
import { captureSchema, CaptureStore } from './captures/capture-store.js';
import type { FleetStateConfig } from './config.js';
import { MaintenanceJob } from './maintenance/maintenance-job.js';
import { Maintenance } from './maintenance/maintenance.js';
import { historyFactSchema, type LogFact } from './projection/history-fact.js';
import { LogPosition } from './projection/log-position.js';
import { Projector } from './projection/projector.js';
import { ProviderMirror } from './providers/provider-mirror.js';

/** Name of the service and of its durable consumers. */
export const SERVICE = 'fleet-state';

/** Starts what runs by itself: projection, captures, the mirror of the providers, maintenance. It stops with the service. */
export function startWork(platform: Platform<FleetStateConfig>, source: DataSource): void {
  const { nc, publisher, log, config, health, shutdown } = platform;
  const prepareBus = async (): Promise<void> => {
    await ensureStreams(nc, STREAMS);
    await ensureBuckets(nc, BUCKETS);
  };
  const shared = {
    nc,
    publisher,
    log,
    origin: SERVICE,
    isTransient: isTransientDbError,
    onMissingStream: prepareBus,
  };

  const position = new LogPosition({ source, name: 'history', stream: STREAM.fleet });
  const projector = new Projector(source, position);
  const projection = new BatchConsumer<LogFact>({
    ...shared,
    stream: STREAM.fleet,
    durable: SERVICE,
    // All of the stream: nats-server 2.10 gives a filtered consumer a backlog of more than one 8 MB block at 1 ms a message.
    schemaFor: historyFactSchema,
    handle: (batch) => projector.write(batch),
    position,
  });
  const store = new CaptureStore(source, config.CAPTURE_BUDGET_MB * 1024 * 1024);
  const captures = new BatchConsumer<Capture>({
    ...shared,
    stream: STREAM.captures,
    durable: SERVICE,
    filterSubjects: [subjects.allCaptures],
    schemaFor: captureSchema,
    handle: (batch) => store.write(batch),
    batchSize: 100,
  });
  const mirror = new ProviderMirror({ nc, source, log, prepareBus });
  const retention = {
    perf: config.PERF_RETENTION_DAYS,
    rollups: config.ROLLUP_RETENTION_DAYS,
    requests: config.REQUEST_RETENTION_DAYS,
    modelEvents: config.MODEL_EVENT_RETENTION_DAYS,
  };
  const job = new MaintenanceJob(source, new Maintenance(source, retention, log), log);

  health.register('database', async () => {
    await source.query('SELECT 1');
    return { status: 'up' };
  });
  const parts = { projection, captures, providers: mirror, maintenance: job };
  for (const [name, part] of Object.entries(parts)) {
    health.register(name, () => withLag(part));
    shutdown.onDrain(name, () => part.stop());
    part.start();
  }
  shutdown.onDrain('database', () => source.destroy());
}

function withLag(part: { health: () => CheckResult } | BatchConsumer<unknown>): CheckResult {
  const state = part.health();
  if (!('stats' in part) || state.detail !== undefined) return state;
  const { lag, dead } = part.stats();
  const givenUp = dead === 0 ? '' : `, ${dead} given up to DEAD since the start`;
  return { ...state, detail: `${lag} messages behind${givenUp}` };
}
