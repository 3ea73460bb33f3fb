import type { Provider } from '@boocontrol/contracts';
import { instantFromMs } from '@boocontrol/fleet-model';
import type { Log } from '@boocontrol/platform';
import { declaredProvider } from './provider.js';
import type { ProviderStore, Stored, Written } from './provider.store.js';
import type { RemovedHosts } from './removed-hosts.js';
import { decideSeed, isLeftover, type Declaration, type Registered } from './seed-decision.js';

/** Others (a restore after a wiped bus, another gateway) may write the same entry; then it is looked at again. */
const RACES = 10;

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

async function seedOne(
  store: ProviderStore,
  removed: RemovedHosts,
  declaration: Declaration,
  log: Log,
): Promise<void> {
  const { input, origin, hash } = declaration;
  for (let race = 0; race < RACES; race++) {
    const stored = await store.read(input.id);
    const decision = decideSeed(hash, await lookUp(input.id, stored, store, removed));
    const now = instantFromMs(Date.now());
    let written: Written;
    switch (decision) {
      case 'keep':
        return;
      case 'stay_deleted':
        await removed.remember(input.id, hash);
        log.info(
          { provider: input.id, origin },
          `${input.id} was removed in the browser and stays removed until its declaration changes`,
        );
        return;
      case 'create':
        written = await store.create(declaredProvider(declaration, null, now));
        break;
      case 'overwrite': {
        if (stored.state !== 'present') return;
        written = await store.update(declaredProvider(declaration, stored.provider, now), stored.revision);
      }
    }
    if (!written.ok) continue;
    await removed.forget(input.id);
    const words =
      decision === 'create' ? 'registered as declared' : 'declared anew, so it replaces what was registered';
    log.info({ provider: input.id, origin }, `${input.id}: ${words}`);
    return;
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
  for (const declaration of declarations) await seedOne(store, removed, declaration, log);
}
