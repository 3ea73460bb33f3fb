import type { RoutePolicy, RoutePolicyInput, RoutePolicyVersions } from '@boocontrol/contracts';
import { LOG, Rounds, type Log } from '@boocontrol/platform';
import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { GatewayDatabase } from '../database/gateway-database.js';
import { isBuiltIn } from './built-in.js';
import { addVersion, newestPolicies, plantBuiltIn, versionsOf, type Newest } from './policies.repository.js';
import { PolicyBook } from './policy-book.js';
import { PolicyStore } from './policy-store.js';

export type PolicyOutcome =
  | { ok: true; policy: RoutePolicy }
  | { ok: false; because: 'exists' | 'not_found' | 'built_in' }
  /** @param version the newest one */
  | { ok: false; because: 'conflict'; version: number };

const AGAIN_MS = 1_000;
/** The bucket is held against the table so often, should a write of it have been lost. */
const COMPARE_EVERY_MS = 60_000;
const RACES = 20;

/**
 * Commands on the policies. The table has every version of each and is the truth; KV `policies`, which every gateway follows,
 * is written after it, and brought in line with it at the start and every now and then.
 */
@Injectable()
export class Policies implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly rounds: Rounds;

  constructor(
    @Inject(GatewayDatabase) private readonly database: GatewayDatabase,
    @Inject(PolicyStore) private readonly store: PolicyStore,
    @Inject(PolicyBook) private readonly book: PolicyBook,
    @Inject(LOG) private readonly log: Log,
  ) {
    this.rounds = new Rounds({
      log,
      trouble: 'the policies cannot be brought to the bus, trying again',
      everyMs: COMPARE_EVERY_MS,
      againMs: AGAIN_MS,
      round: () => this.compareAll(),
    });
  }

  onApplicationBootstrap(): void {
    this.book.whenReadAnew(() => this.rounds.soon());
    void this.database.opened.then(() => this.rounds.start());
  }

  /** What is under way is not waited for. */
  beforeApplicationShutdown(): void {
    void this.rounds.stop();
  }

  /** @throws {RpcError} `unavailable` while the database is not open, and what it answers */
  async create(name: string, input: RoutePolicyInput): Promise<PolicyOutcome> {
    const newest = await this.newest(name);
    if (newest?.policy != null) return { ok: false, because: 'exists' };
    const isFirst = await addVersion(this.database.db, name, newest?.version ?? 0, input);
    return isFirst ? this.written(name) : { ok: false, because: 'exists' };
  }

  /** @param version that is replaced. @throws as `create` */
  async replace(name: string, version: number, input: RoutePolicyInput): Promise<PolicyOutcome> {
    const newest = await this.newest(name);
    if (newest?.policy == null) return { ok: false, because: 'not_found' };
    if (newest.version !== version) return { ok: false, because: 'conflict', version: newest.version };
    if (await addVersion(this.database.db, name, version, input)) return this.written(name);
    return { ok: false, because: 'conflict', version: version + 1 };
  }

  /** @param version that is deleted. @throws as `create` */
  async remove(name: string, version: number): Promise<PolicyOutcome> {
    if (isBuiltIn(name)) return { ok: false, because: 'built_in' };
    const newest = await this.newest(name);
    if (newest?.policy == null) return { ok: false, because: 'not_found' };
    if (newest.version !== version) return { ok: false, because: 'conflict', version: newest.version };
    if (!(await addVersion(this.database.db, name, version, null)))
      return { ok: false, because: 'conflict', version: version + 1 };
    await this.tell(name);
    return { ok: true, policy: newest.policy };
  }

  /** Every version that there was, newest first; empty: it never was. @throws as `create` */
  async versions(name: string): Promise<RoutePolicyVersions['versions']> {
    const { db } = this.database;
    if (isBuiltIn(name)) await plantBuiltIn(db);
    return versionsOf(db, name);
  }

  private async newest(name: string): Promise<Newest | null> {
    const { db } = this.database;
    if (isBuiltIn(name)) await plantBuiltIn(db);
    return (await newestPolicies(db)).find((one) => one.name === name) ?? null;
  }

  private async written(name: string): Promise<PolicyOutcome> {
    await this.tell(name);
    const policy = (await this.newest(name))?.policy ?? null;
    return policy === null ? { ok: false, because: 'not_found' } : { ok: true, policy };
  }

  /** It is in the table: a bus that is away does not take it back, and gets it later. */
  private async tell(name: string): Promise<void> {
    try {
      await this.bring(name);
    } catch (error) {
      this.log.warn({ err: error, policy: name }, 'a policy is not on the bus yet, trying again');
      this.rounds.soon();
    }
  }

  /** @throws what bus or database answer */
  private async compareAll(): Promise<void> {
    await plantBuiltIn(this.database.db);
    const names = new Set((await newestPolicies(this.database.db)).map(({ name }) => name));
    for (const name of this.book.written()) names.add(name);
    for (const name of names) await this.bring(name);
  }

  /**
   * Makes the entry of the bucket what the table says. The entry is read first: whoever commits in between writes it after
   * us, or makes this write fail.
   */
  private async bring(name: string): Promise<void> {
    for (let race = 0; race < RACES; race++) {
      const stored = await this.store.read(name);
      const newest = (await newestPolicies(this.database.db)).find((one) => one.name === name);
      const policy = newest?.policy ?? null;
      if (policy === null) {
        if (!stored.isThere || (await this.store.remove(name, stored.revision))) {
          if (stored.isThere) this.book.note(name, stored.revision + 1, null);
          return;
        }
      } else {
        const isSame = stored.policy !== null && JSON.stringify(stored.policy) === JSON.stringify(policy);
        const revision = isSame ? stored.revision : await this.store.write(policy, stored.revision);
        if (revision !== null) {
          this.book.note(name, revision, policy);
          return;
        }
      }
    }
    throw new Error(`the entry of policy ${name} keeps changing`);
  }
}
