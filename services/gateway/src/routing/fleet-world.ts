import type { ControlMarks, HostState, RoutePolicy, Score } from '@boocontrol/contracts';
import { apiKeyOf, LiveFleet, ProviderDirectory } from '@boocontrol/platform';
import { Inject, Injectable } from '@nestjs/common';
import { TARGET_HEALTH, type TargetHealth } from '../inference/parts.js';
import { LeaseBook } from '../leases/lease-book.js';
import { Marks } from '../marks/marks.js';
import { PolicyBook } from '../policies/policy-book.js';
import { ScoreBook } from '../scores/score-book.js';
import { Affinity } from './affinity.js';
import { BodySizeBook } from './body-size-book.js';
import { SpeedBook } from './speed-book.js';
import type { Figures, HostLease, LastPlace, Quality, RoutedProvider, World } from './world.js';

/** The fleet as it is now, from memory alone. */
@Injectable()
export class FleetWorld implements World {
  readonly affinity = new Affinity();
  private routed: readonly RoutedProvider[] | null = null;
  private hidden: { of: ControlMarks | null; keys: ReadonlySet<string> } = { of: null, keys: new Set() };

  constructor(
    @Inject(ProviderDirectory) private readonly directory: ProviderDirectory,
    @Inject(LiveFleet) private readonly live: LiveFleet,
    @Inject(PolicyBook) private readonly policies: PolicyBook,
    @Inject(SpeedBook) private readonly speeds: SpeedBook,
    @Inject(BodySizeBook) private readonly bodySizes: BodySizeBook,
    @Inject(ScoreBook) private readonly scores: ScoreBook,
    @Inject(LeaseBook) private readonly leases: LeaseBook,
    @Inject(Marks) private readonly marks: Marks,
    @Inject(TARGET_HEALTH) readonly health: TargetHealth,
  ) {
    directory.onChange(() => (this.routed = null));
  }

  /** false: the registry or the fleet has not been read yet, so nothing can be said about any name. */
  get isRead(): boolean {
    return this.directory.isRead && this.live.state !== null;
  }

  get providers(): readonly RoutedProvider[] {
    return (this.routed ??= this.readProviders());
  }

  host(providerId: string): HostState | undefined {
    const hosts = this.live.state?.hosts;
    return hosts !== undefined && Object.hasOwn(hosts, providerId) ? hosts[providerId] : undefined;
  }

  policy(name: string): RoutePolicy | null {
    return this.policies.get(name);
  }

  policyNames(): readonly string[] {
    return this.policies.list().map(({ name }) => name);
  }

  figures(providerId: string, model: string): Figures | null {
    return this.speeds.figures(providerId, model);
  }

  /** Of every model of every host that is there, where it was measured. */
  measuredSpeeds(): { providerId: string; model: string; genTps: number }[] {
    return this.providers.flatMap(({ provider: { id } }) =>
      this.speeds
        .of(id)
        .flatMap(([model, { genTps }]) => (genTps === null ? [] : [{ providerId: id, model, genTps }])),
    );
  }

  bytesPerToken(model: string): number | null {
    return this.bodySizes.bytesPerToken(model);
  }

  quality(model: string, category: string | null, providerId: string): Quality | null {
    return this.scores.now.find(model, category, providerId);
  }

  scoresOf(model: string): readonly Score[] {
    return this.scores.now.of(model);
  }

  lease(providerId: string, nowMs: number): HostLease | null {
    return this.leases.holderOf(providerId, nowMs);
  }

  lastOf(session: string): LastPlace | null {
    return this.affinity.lastOf(session);
  }

  isHidden(providerId: string, model: string | null): boolean {
    const { current } = this.marks;
    if (current !== this.hidden.of) {
      const keys = (current?.hidden ?? []).map((one) => keyOf(one.providerId, one.model));
      this.hidden = { of: current, keys: new Set(keys) };
    }
    return this.hidden.keys.size > 0 && this.hidden.keys.has(keyOf(providerId, model));
  }

  private readProviders(): readonly RoutedProvider[] {
    const providers = [...(this.directory.providers ?? [])].sort((a, b) => (a.id < b.id ? -1 : 1));
    return providers.map((provider): RoutedProvider => {
      const key = apiKeyOf(provider, process.env, 'gateway');
      if ('problem' in key) return { provider, headers: {}, problem: key.problem.message };
      const { apiKey } = key;
      const headers: Record<string, string> =
        apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` };
      return { provider, headers, problem: null };
    });
  }
}

/** No id of a provider holds a slash, and no model has an empty id. */
const keyOf = (providerId: string, model: string | null): string => `${providerId}/${model ?? ''}`;
