export { backoffDelayMs, pause } from './backoff.js';
export { elapsedMs, momentNow, type Moment } from './moment.js';
export { Rounds } from './rounds.js';
export { leaseRefusal, type LeaseRefusal } from './hosts/lease-refusal.js';
export { unavailable, type Unavailable } from './hosts/unavailable.js';
export { newWorker } from './jobs/new-worker.js';
export { JobHold, type Beat, type JobHoldOptions } from './jobs/job-hold.js';
export {
  baseConfig,
  databaseConfig,
  loadConfig,
  type BaseConfig,
  type DatabaseConfig,
} from './config/config.js';
export { createLogger, type Log } from './logs/logger.js';
export { busConnectionOptions, busState, connectBus } from './bus/connect.js';
export { ensureBuckets, ensureStreams } from './bus/streams.js';
export { JetStreamSetup } from './bus/jetstream-setup.js';
export { PipelinedPublisher, type ReliableOptions } from './bus/publisher.js';
export type { PublishAck } from './bus/publish-wire.js';
export { PublishError } from './bus/publish-error.js';
export { isLostRace } from '@boocontrol/client';
export { decodeJson, type Decoded } from './bus/decode.js';
export { isDeletion } from './buckets/kv-message.js';
export { onePerSubject, type BusMessage, type SchemaFor } from './bus/bus-message.js';
export type { Outcome } from './bus/process-batch.js';
export type { PositionStore, SeqRange, StoredPosition, StreamMoment } from './bus/position-store.js';
export { Fifo } from './bus/fifo.js';
export { deadLetter } from './bus/dead-letter.js';
export { DatabaseModule } from './service/database.module.js';
export { Consume } from './service/consume.js';
export { WorkQueue } from './service/work-queue.js';
export type { Work } from './bus/work-queue.js';
export { bucketFollower, type BucketEntry } from './buckets/bucket-follower.js';
export { FollowedBucket } from './buckets/followed-bucket.js';
export { StreamFollower } from './log/stream-follower.js';
export { readAll } from './log/stream-reader.js';
export { apiKeyOf, ENVIRONMENT, type Environment } from './providers/api-key.js';
export { ProviderDirectory, type RegistrySnapshot } from './providers/provider-directory.js';
export { ProviderDirectoryModule } from './providers/provider-directory.module.js';
export { onReconnect } from './log/reconnects.js';
export { LiveFleet } from './fleet/live-fleet.js';
export { LiveFleetModule } from './fleet/live-fleet.module.js';
export { createDataSource, openDatabase, runMigrations, type DatabaseOptions } from './db/data-source.js';
export { CursorInstant, cursorCodec, type CursorCodec } from './db/cursor.js';
export { fitPage, MAX_REPLY_BYTES, pageOf } from './db/fit-page.js';
export { jsonRows } from './db/json-rows.js';
export { instantSql } from './db/instant-sql.js';
export { isTransientDbError } from './db/transient.js';
export { Outbox } from './outbox/outbox.js';
export { outboxMigration } from './outbox/outbox.migration.js';
export { OutboxModule } from './outbox/outbox.module.js';
export { addToOutbox, type OutboxFact } from './outbox/outbox.repository.js';
export { RpcClient } from './rpc/client.js';
export { answering } from './hosts/answering.js';
export { CallError, refuse, RpcError } from './rpc/rpc-error.js';
export { answerCall, Serve } from './rpc/serve.js';
export { HealthRegistry, type Check, type CheckResult } from './health/health.js';
export { counter, gauge, histogram } from './metrics/metrics.js';
export type { Platform } from './service/platform.module.js';
export { BUS, CONFIG, LOG } from './service/tokens.js';
export { bootstrap } from './service/bootstrap.js';
export { startService, type RunningService } from './service/start-service.js';
export { runMain } from './service/run-main.js';
