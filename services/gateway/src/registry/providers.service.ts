import type {
  Instant,
  Provider,
  ProviderInputSchema,
  ProviderPatch,
  PublicProvider,
} from '@boocontrol/contracts';
import { instantFromMs, normalAddress } from '@boocontrol/fleet-model';
import { HealthRegistry, ProviderDirectory } from '@boocontrol/platform';
import { Inject, Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { holderOf } from './address-holder.js';
import { byLabel, newProvider, patchedProvider, publicProvider } from './provider.js';
import { ProviderStore, type Written } from './provider.store.js';
import { RemovedHosts } from './removed-hosts.js';

/** Outcomes that a caller has to tell apart. */
export type Outcome =
  | { ok: true; provider: PublicProvider }
  | { ok: false; because: 'exists' | 'not_found' | 'conflict' | 'too_many_protected' }
  | { ok: false; because: 'address_taken'; holder: Provider };

/** The very provider that it got: there is nothing to write; null: it would have too many protected models. */
export type Change = (before: Provider, now: Instant) => Provider | null;

/** Somebody else may write in between; this often it is tried on top of what they wrote. */
const RACES = 20;

/** Commands on the registry. Everything throws what the bus throws when it is away. */
@Injectable()
export class Providers {
  constructor(
    @Inject(ProviderStore) private readonly store: ProviderStore,
    @Inject(RemovedHosts) private readonly removed: RemovedHosts,
    @Inject(ProviderDirectory) private readonly directory: ProviderDirectory,
    @Inject(HealthRegistry) health: HealthRegistry,
  ) {
    health.register('registry', () =>
      directory.trouble === null ? { status: 'up' } : { status: 'down', detail: directory.trouble },
    );
  }

  /** By label; null until the registry has been read. */
  list(): PublicProvider[] | null {
    return (
      this.directory.providers?.map((provider) => publicProvider(provider, process.env)).sort(byLabel) ?? null
    );
  }

  /** Called when the list was read, and whenever it changes. Returns what removes the listener. */
  onChange(listener: () => void): () => void {
    return this.directory.onChange(listener);
  }

  get(id: string): Provider | null {
    return this.directory.get(id);
  }

  async create(input: z.output<typeof ProviderInputSchema>): Promise<Outcome> {
    const provider = newProvider(input, instantFromMs(Date.now()));
    for (let race = 0; race < RACES; race++) {
      const registry = await this.store.readAll();
      if (registry.entries.get(provider.id)?.state === 'present') return { ok: false, because: 'exists' };
      const holder = holderOf(provider, registry);
      if (holder !== null) return { ok: false, because: 'address_taken', holder };
      const written = await this.store.put(provider, registry);
      if (!written.ok) continue;
      await this.removed.forget(provider.id);
      return this.done(provider, written.revision);
    }
    return { ok: false, because: 'conflict' };
  }

  patch(id: string, patch: ProviderPatch): Promise<Outcome> {
    return this.change(id, (before, now) => patchedProvider(before, patch, now));
  }

  /**
   * Changes a host, again and again on top of what others write, until the change is in.
   * @param change asked anew for what was read last
   */
  async change(id: string, change: Change): Promise<Outcome> {
    for (let race = 0; race < RACES; race++) {
      const stored = await this.store.read(id);
      if (stored.state !== 'present' || stored.provider === null) return { ok: false, because: 'not_found' };
      const provider = change(stored.provider, instantFromMs(Date.now()));
      if (provider === null) return { ok: false, because: 'too_many_protected' };
      if (provider === stored.provider) return this.done(provider, stored.revision);
      // Two that have one address since before this was checked can still be renamed and moved apart.
      const moves = normalAddress(provider.baseUrl) !== normalAddress(stored.provider.baseUrl);
      const outcome = moves
        ? await this.move(provider, stored.revision)
        : await this.store.update(provider, stored.revision);
      if (outcome.ok) return this.done(provider, outcome.revision);
      if (outcome.because === 'address_taken') return outcome;
    }
    return { ok: false, because: 'conflict' };
  }

  /** Writes a host with another address. A host that somebody else changed since it was read is a lost race. */
  private async move(
    provider: Provider,
    revision: number,
  ): Promise<Written | Extract<Outcome, { because: 'address_taken' }>> {
    const registry = await this.store.readAll();
    const now = registry.entries.get(provider.id);
    if (now?.state !== 'present' || now.revision !== revision) return { ok: false, because: 'lost_race' };
    const holder = holderOf(provider, registry);
    if (holder !== null) return { ok: false, because: 'address_taken', holder };
    return this.store.put(provider, registry);
  }

  /** False when it is not there. What is there but cannot be read is removed as well. */
  async remove(id: string): Promise<boolean> {
    const stored = await this.store.read(id);
    if (stored.state !== 'present') return false;
    await this.store.delete(id);
    const seedHash = stored.provider?.seedHash;
    if (seedHash !== undefined) await this.removed.remember(id, seedHash);
    return true;
  }

  private done(provider: Provider, revision: number): Outcome {
    this.directory.note(provider.id, revision, provider);
    return { ok: true, provider: publicProvider(provider, process.env) };
  }
}
