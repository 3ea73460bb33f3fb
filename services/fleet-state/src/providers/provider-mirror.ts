import { ProviderIdSchema, ProviderSchema, type Provider } from '@boocontrol/contracts';
import { backoffDelayMs, pause, type CheckResult, type Log } from '@boocontrol/platform';
import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import type { NatsConnection } from '@nats-io/transport-node';
import type { DataSource } from 'typeorm';
import { isWiped, type BucketPosition } from './bucket-position.js';
import {
  liveHosts,
  markRemovedExcept,
  readPosition,
  upsertHosts,
  writePosition,
} from './hosts.repository.js';
import {
  bucketPosition,
  bucketSnapshot,
  putNew,
  watchBucket,
  type BucketSnapshot,
} from './providers-bucket.js';

export interface MirrorOptions {
  nc: NatsConnection;
  source: DataSource;
  log: Log;
  /** Creates the bucket when it is missing. */
  prepareBus: () => Promise<void>;
}

/** How often it looks whether the bucket is still the same one; changes of its content are watched. */
const LOOK_EVERY_MS = 2_000;

/**
 * Keeps fleet.hosts equal to the providers bucket, and gives a bucket that was wiped its providers back. Each turn
 * compares everything (dozens of keys), so it does not matter what was missed before.
 */
export class ProviderMirror implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly stopping = new AbortController();
  private running: Promise<void> | undefined;
  private state: CheckResult = { status: 'down', detail: 'not started' };
  private wake: () => void = () => undefined;

  constructor(private readonly options: MirrorOptions) {}

  onApplicationBootstrap(): void {
    this.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.stop();
  }

  start(): void {
    this.running ??= this.run();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    this.wake();
    await this.running;
  }

  health(): CheckResult {
    return this.state;
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    for (let failures = 0; !signal.aborted; failures++) {
      try {
        await this.follow(() => (failures = 0));
      } catch (error) {
        if (signal.aborted) return;
        const detail = error instanceof Error ? error.message : String(error);
        this.state = { status: 'down', detail };
        this.options.log.warn({ err: error }, 'providers are not mirrored at the moment, trying again');
        await this.options.prepareBus().catch(() => undefined);
        await pause(backoffDelayMs(failures, { baseMs: 200, maxMs: 5_000 }, Math.random()), signal);
      }
    }
  }

  /** Mirrors now and whenever the bucket changes. Throws when bus or database fail. */
  private async follow(onMirrored: () => void): Promise<void> {
    const ended = new AbortController();
    const watching = watchBucket(this.options.nc, () => this.wake(), ended.signal);
    watching.catch(() => this.wake());
    try {
      let mirrored: BucketPosition | null = null;
      while (!this.stopping.signal.aborted) {
        const now = await bucketPosition(this.options.nc);
        if (mirrored?.created !== now.created || mirrored.revision !== now.revision) {
          const isNewBucket = mirrored !== null && mirrored.created !== now.created;
          mirrored = await this.mirror();
          if (isNewBucket) return; // The watch belongs to the old bucket.
        }
        onMirrored();
        this.state = { status: 'up' };
        await this.nextChange();
      }
    } finally {
      ended.abort();
      await watching.catch(() => undefined);
    }
  }

  private async nextChange(): Promise<void> {
    const changed = new AbortController();
    this.wake = () => changed.abort();
    if (this.stopping.signal.aborted) return;
    await pause(LOOK_EVERY_MS, changed.signal);
  }

  /** One turn. Resolves to the position that the table now mirrors. */
  private async mirror(): Promise<BucketPosition> {
    const { source, nc } = this.options;
    let snapshot = await bucketSnapshot(nc);
    if (isWiped(await readPosition(source.manager), snapshot)) {
      await this.putBack(snapshot);
      snapshot = await bucketSnapshot(nc);
    }
    const present = [...snapshot.entries].flatMap(([id, value]) => (value === null ? [] : [{ id, value }]));
    await source.transaction(async (tx) => {
      await upsertHosts(
        tx,
        present.flatMap(({ id, value }) => this.parse(id, value) ?? []),
      );
      await markRemovedExcept(
        tx,
        present.map(({ id }) => id),
      );
      await writePosition(tx, snapshot);
    });
    return { created: snapshot.created, revision: snapshot.revision };
  }

  /** A key that was written meanwhile wins, also when what was written is its deletion. */
  private async putBack(snapshot: BucketSnapshot): Promise<void> {
    const { source, nc, log } = this.options;
    for (const { id, config } of await liveHosts(source.manager)) {
      if (snapshot.entries.has(id)) continue;
      if (await putNew(nc, id, JSON.stringify(config)))
        log.info({ providerId: id }, 'put back on the wiped bus');
    }
  }

  /** null, and said in the log, when the entry is no provider: the table then keeps what it had of that host. */
  private parse(id: string, value: Uint8Array): Provider | null {
    let provider: Provider | undefined;
    try {
      const parsed = ProviderSchema.safeParse(JSON.parse(new TextDecoder().decode(value)));
      if (parsed.success && parsed.data.id === id && ProviderIdSchema.safeParse(id).success)
        provider = parsed.data;
    } catch {
      // Not JSON: refused below like any other misfit.
    }
    if (provider === undefined)
      this.options.log.error({ key: id }, 'an entry of the providers bucket is no provider');
    return provider ?? null;
  }
}
