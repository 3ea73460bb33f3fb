import type { Provider } from '@boocontrol/contracts';
import { instantFromMs, normalAddress } from '@boocontrol/fleet-model';
import type { Log } from '@boocontrol/platform';
import { holderOf, nameOf } from './address-holder.js';
import { declaredProvider } from './provider.js';
import type { ProviderStore, Registry, Stored } from './provider.store.js';
import type { RemovedHosts } from './removed-hosts.js';
import { decideSeed, isLeftover, type Declaration, type Registered } from './seed-decision.js';

/** Others (a restore after a wiped bus, another gateway) may write the same entry; then it is looked at again. */
const RACES = 20;

/** What is known of the entry; where the registry says nothing it may have been wiped, and the tables know of a removal. */
async function lookUp(
  id: string,
  stored: Stored,
  store: ProviderStore,
  removed: RemovedHosts,
): Promise<Registered> {
  switch (stored.state) {
    case 'present':
      return { state: 'present', seedHash: stored.provider?.seedHash ?? null };
    case 'deleted':
      return { state: 'deleted', seedHash: await store.lastSeedHash(id) };
    case 'absent': {
      const seedHash = await removed.seedHash(id);
      return seedHash === null ? { state: 'absent' } : { state: 'deleted', seedHash };
    }
  }
}

/** What was written at a registry is all that came since it was read. */
function withEntry({ entries }: Registry, provider: Provider, revision: number): Registry {
  const stored: Stored = { state: 'present', revision, provider };
  return { lastSeq: revision, entries: new Map(entries).set(provider.id, stored) };
}

function isSameAddress(a: { baseUrl: string }, b: { baseUrl: string }): boolean {
  return normalAddress(a.baseUrl) === normalAddress(b.baseUrl);
}

/** Returns what is known of the registry afterwards. */
async function seedOne(
  store: ProviderStore,
  removed: RemovedHosts,
  declaration: Declaration,
  before: Registry,
  log: Log,
): Promise<Registry> {
  const { input, origin, hash } = declaration;
  let registry = before;
  for (let race = 0; race < RACES; race++) {
    const stored: Stored = registry.entries.get(input.id) ?? { state: 'absent' };
    const decision = decideSeed(hash, await lookUp(input.id, stored, store, removed));
    if (decision === 'keep') return registry;
    if (decision === 'stay_deleted') {
      await removed.remember(input.id, hash);
      log.info(
        { provider: input.id, origin },
        `${input.id} was removed in the browser and stays removed until its declaration changes`,
      );
      return registry;
    }
    const replaced = stored.state === 'present' ? stored.provider : null;
    const holder = replaced !== null && isSameAddress(replaced, input) ? null : holderOf(input, registry);
    if (holder !== null) {
      log.warn(
        { provider: input.id, origin, holder: holder.id },
        `${input.id} is not ${replaced === null ? 'registered' : 'changed'} as declared: ${nameOf(holder)} already has the ` +
          `address ${input.baseUrl}. Remove one of the two; the declaration is looked at again at the next start`,
      );
      return registry;
    }
    const provider = declaredProvider(declaration, replaced, instantFromMs(Date.now()));
    const written = await store.put(provider, registry);
    if (!written.ok) {
      registry = await store.readAll();
      continue;
    }
    await removed.forget(input.id);
    const words =
      decision === 'create' ? 'registered as declared' : 'declared anew, so it replaces what was registered';
    log.info({ provider: input.id, origin }, `${input.id}: ${words}`);
    return withEntry(registry, provider, written.revision);
  }
  throw new Error(`the registry entry of ${input.id} keeps changing`);
}

/**
 * Brings the declarations into the registry; running it again changes nothing. Thrown: what the bus throws.
 * @param registered what the registry holds, to find the hosts of a demo that is over
 */
export async function seedRegistry(
  store: ProviderStore,
  removed: RemovedHosts,
  declarations: readonly Declaration[],
  registered: readonly Provider[],
  log: Log,
): Promise<void> {
  const declared = new Set(declarations.map(({ input }) => input.id));
  for (const provider of registered) {
    if (isLeftover(provider, declared)) {
      await store.purge(provider.id);
      log.info(
        { provider: provider.id },
        `${provider.id} was a simulated host of a demo that is over, removed`,
      );
    } else if (provider.origin === 'file' && !declared.has(provider.id)) {
      log.info(
        { provider: provider.id },
        `${provider.id} is no longer in the fleet file; it stays until it is removed in the browser`,
      );
    }
  }
  let registry = await store.readAll();
  for (const declaration of declarations)
    registry = await seedOne(store, removed, declaration, registry, log);
}
