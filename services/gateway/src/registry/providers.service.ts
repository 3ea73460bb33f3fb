import type { Provider, ProviderInputSchema, ProviderPatch, PublicProvider } from '@boocontrol/contracts';
import { instantFromMs } from '@boocontrol/fleet-model';
import { HealthRegistry, ProviderDirectory } from '@boocontrol/platform';
import { Inject, Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { byLabel, newProvider, patchedProvider, publicProvider } from './provider.js';
import { ProviderStore } from './provider.store.js';
import { RemovedHosts } from './removed-hosts.js';

/** Outcomes that a caller has to tell apart. */
export type Outcome =
  { ok: true; provider: PublicProvider } | { ok: false; because: 'exists' | 'not_found' | 'conflict' };

/** Somebody else may write in between; this often a patch is put on top of what they wrote. */
const RACES = 5;

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
    const written = await this.store.create(provider);
    if (!written.ok) return { ok: false, because: 'exists' };
    await this.removed.forget(provider.id);
    return this.done(provider, written.revision);
  }

  async patch(id: string, patch: ProviderPatch): Promise<Outcome> {
    for (let race = 0; race < RACES; race++) {
      const stored = await this.store.read(id);
      if (stored.state !== 'present' || stored.provider === null) return { ok: false, because: 'not_found' };
      const provider = patchedProvider(stored.provider, patch, instantFromMs(Date.now()));
      const written = await this.store.update(provider, stored.revision);
      if (written.ok) return this.done(provider, written.revision);
    }
    return { ok: false, because: 'conflict' };
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
