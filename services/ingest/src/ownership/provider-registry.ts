import { BUCKET, ProviderSchema, type Provider } from '@boocontrol/contracts';
import { pause, type Log } from '@boocontrol/platform';
import { Kvm, type KV, type KvEntry } from '@nats-io/kv';
import type { NatsConnection } from '@nats-io/transport-node';

const REREAD_EVERY_MS = 10_000;

/**
 * The llama-swap hosts in KV `providers`, followed: `onChange` within moments of a change. The whole bucket is read again
 * now and then and after the bus was away, because a watch does not survive everything.
 */
export class ProviderRegistry {
  private hosts = new Map<string, Provider>();
  private readonly stopping = new AbortController();
  private watching: Promise<unknown> | undefined;
  private stopWatch: () => void = () => undefined;

  constructor(
    private readonly nc: NatsConnection,
    private readonly log: Log,
    private readonly onChange: (hosts: ReadonlyMap<string, Provider>) => void,
  ) {}

  start(): void {
    this.watching = Promise.all([this.watch(), this.rereadNowAndThen()]);
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    this.stopWatch();
    await this.watching;
  }

  private async watch(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      try {
        const kv = await this.bucket();
        const entries = await kv.watch();
        this.stopWatch = () => entries.stop();
        if (this.stopping.signal.aborted) entries.stop();
        for await (const entry of entries) this.take(entry);
      } catch (error) {
        this.log.warn({ err: error }, 'the providers cannot be watched, trying again');
      }
      await pause(1_000, this.stopping.signal);
    }
  }

  private async rereadNowAndThen(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      await pause(REREAD_EVERY_MS, this.stopping.signal);
      if (!this.stopping.signal.aborted) await this.reread();
    }
  }

  /** Also notices what was removed while nobody told. A bucket that cannot be read changes nothing. */
  async reread(): Promise<void> {
    try {
      const kv = await this.bucket();
      // What the watch adds while this reads is not gone.
      const known = [...this.hosts.keys()];
      const keys: string[] = [];
      for await (const key of await kv.keys()) keys.push(key);
      for (const key of keys) {
        const entry = await kv.get(key);
        if (entry !== null) this.take(entry);
      }
      const gone = known.filter((id) => !keys.includes(id));
      for (const id of gone) this.hosts.delete(id);
      if (gone.length > 0) this.onChange(this.hosts);
    } catch (error) {
      this.log.debug({ err: error }, 'the providers cannot be read now');
    }
  }

  private take(entry: KvEntry): void {
    const provider = entry.operation === 'PUT' ? this.parse(entry) : null;
    const before = this.hosts.get(entry.key);
    if (provider === null || provider.kind !== 'llama-swap') {
      if (!this.hosts.delete(entry.key)) return;
    } else {
      if (JSON.stringify(before) === JSON.stringify(provider)) return;
      this.hosts.set(entry.key, provider);
    }
    this.onChange(this.hosts);
  }

  private parse(entry: KvEntry): Provider | null {
    try {
      const parsed = ProviderSchema.safeParse(JSON.parse(entry.string()));
      if (parsed.success && parsed.data.id === entry.key) return parsed.data;
      this.log.error(
        { key: entry.key, problem: parsed.error?.message ?? 'another id' },
        'a provider cannot be read',
      );
    } catch {
      this.log.error({ key: entry.key }, 'a provider is not JSON');
    }
    return null;
  }

  private bucket(): Promise<KV> {
    return new Kvm(this.nc).open(BUCKET.providers, { allow_direct: false });
  }
}
