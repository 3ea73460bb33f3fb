import type { HostLeases } from '@boocontrol/client';
import {
  CONFIRMABLE,
  UNATTRIBUTED,
  type BenchTarget,
  type HostState,
  type LeaseEntry,
  type Problem,
  type Provider,
} from '@boocontrol/contracts';
import { findModel, providerAt } from '@boocontrol/fleet-model';
import type { LiveFleet } from '../fleet/live-fleet.js';
import type { ProviderDirectory } from '../providers/provider-directory.js';
import { RpcError } from '../rpc/rpc-error.js';
import { leaseRefusal, type LeaseRefusal } from './lease-refusal.js';
import { unavailable, type Unavailable } from './unavailable.js';
import { isWatcher } from '../contamination/watcher.js';

/** Why a model of a host cannot be measured now; the codes are among those of `calls.startBench` and `calls.startEval`. */
export interface Objection extends Problem {
  code: Unavailable['code'] | LeaseRefusal['code'] | 'unknown_provider' | 'unknown_model' | 'host_busy';
}

/** Who used a host a moment ago, or does now. */
export interface User {
  source: string;
  model: string;
  /** Seconds since a request of theirs ended; null: one is under way. */
  agoS: number | null;
}

/** Requests of others that ended so lately are recent. */
const RECENT_S = 300;

export interface HostAdmissionParts {
  live: LiveFleet;
  directory: ProviderDirectory;
  leases: HostLeases;
  /** X-Boo-Source of what the service sends itself. */
  ownSource: string;
  /** Whether a run of the service has the host: the next one waits for its turn. */
  isOurLease: (lease: Pick<LeaseEntry, 'leaseId' | 'providerId' | 'holder' | 'source'>) => Promise<boolean>;
  /** Requests of others that ended in the last seconds, newest first. */
  recentUse: (
    providerId: string,
    withinS: number,
  ) => Promise<readonly { source: string; model: string; agoS: number }[]>;
}

/** Whether a host can be measured now, and whom that would disturb. */
export class HostAdmission {
  constructor(private readonly parts: HostAdmissionParts) {}

  /**
   * What speaks against measuring it now; null: nothing. What `confirm` overrides is left out when that is given.
   * @throws {RpcError} `unavailable` while the state of the fleet has not been read; {LeaseError}
   */
  async objectionTo({ providerId, model }: BenchTarget, confirmed: boolean): Promise<Objection | null> {
    const { provider, host } = this.look(providerId);
    if (provider === null)
      return {
        code: 'unknown_provider',
        message: `There is no host "${providerId}". Look at the list of hosts; it may have been removed.`,
      };
    const why = unavailable(provider, host);
    if (why !== null) return why;
    const found = findModel(host?.models ?? [], model);
    if (found === null || found.state === 'absent')
      return {
        code: 'unknown_model',
        message: `${provider.label} has no model "${model}". Its page lists those that it has.`,
      };
    if (confirmed) return null;
    const lease = await this.parts.leases.read(providerId);
    if (lease !== null && !(await this.parts.isOurLease(lease))) return leaseRefusal(lease);
    const users = await this.usersOf(providerId);
    return users.length === 0 ? null : busy(provider.label, users);
  }

  /** Who uses a host now, or did in the last five minutes: each once, those first who use it now. */
  async usersOf(providerId: string): Promise<User[]> {
    const { host } = this.look(providerId);
    const lease = await this.parts.leases.read(providerId);
    const isOurs = lease !== null && (await this.parts.isOurLease(lease));
    const now = underWay(host, isOurs, this.parts.ownSource);
    const recent = (await this.parts.recentUse(providerId, RECENT_S)).filter(
      ({ source, model }) => !now.some((one) => one.source === source && one.model === model),
    );
    return [...now, ...recent.map(({ source, model, agoS }) => ({ source, model, agoS }))];
  }

  /** Models of hosts that are enabled and connected, by name. */
  models(): { provider: Provider; models: HostState['models'] }[] {
    const hosts = this.look('').hosts;
    return (this.parts.directory.providers ?? []).flatMap((provider) => {
      const host = hosts[provider.id];
      const isThere = unavailable(providerAt(provider, Date.now()), host ?? null) === null;
      return isThere && host !== undefined ? [{ provider, models: host.models }] : [];
    });
  }

  private look(providerId: string): {
    provider: Provider | null;
    host: HostState | null;
    hosts: Readonly<Record<string, HostState>>;
  } {
    const { live, directory } = this.parts;
    const { state } = live;
    if (state === null || !directory.isRead)
      throw new RpcError('unavailable', 'The state of the hosts is still being read; try again in a moment.');
    const known = directory.get(providerId);
    const provider = known && providerAt(known, Date.now());
    return { provider, host: state.hosts[providerId] ?? null, hosts: state.hosts };
  }
}

/** Requests of others that are under way. Where the host does not tell whose they are and we measure it, they are ours. */
function underWay(host: HostState | null, isOurs: boolean, ownSource: string): User[] {
  const { total, requests } = host?.inflight ?? { total: 0, requests: [] };
  const others = requests.filter(
    ({ source }) => source !== ownSource && !isWatcher(source) && !(isOurs && source === UNATTRIBUTED),
  );
  const users = new Map<string, User>(
    others.map(({ source, model }) => [`${source} ${model}`, { source, model, agoS: null }]),
  );
  // Old builds of llama-swap tell how many there are, and nothing else.
  if (total > 0 && requests.length === 0 && !isOurs)
    users.set('', { source: UNATTRIBUTED, model: 'a model', agoS: null });
  return [...users.values()];
}

const NAMED = 3;

function busy(label: string, users: readonly User[]): Objection {
  const named = users.slice(0, NAMED).map(({ source, model, agoS }) => {
    const who = source === UNATTRIBUTED ? 'somebody' : source;
    return agoS === null ? `${who} is using ${model}` : `${who} used ${model} ${ago(agoS)} ago`;
  });
  const more = users.length > NAMED ? `, and ${users.length - NAMED} more` : '';
  return {
    code: 'host_busy',
    message: `${label} is in use: ${named.join(', ')}${more}. Measuring would disturb them, and they the figures. Confirm if that is meant.`,
    details: { users },
  };
}

const ago = (s: number): string => (s < 90 ? `${Math.max(1, Math.round(s))} s` : `${Math.round(s / 60)} min`);

/** Whether the same again with `confirm` would be accepted. */
export const isQuestion = ({ code }: Problem): boolean => CONFIRMABLE.has(code);
