import type { HostState } from '@boocontrol/contracts';
import { LiveFleet, ProviderDirectory, readGauge } from '@boocontrol/platform';
import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { HostTraffic } from '../inference/traffic.js';
import { LeaseBook } from '../leases/lease-book.js';

const STATES = ['connecting', 'connected', 'reconnecting', 'down', 'disabled', 'unknown'] as const;
type State = (typeof STATES)[number];

/** That are told of one by one, at most; each is a few series. */
const MOST_HOSTS = 2_000;

interface Followed {
  id: string;
  state: State;
  host: HostState | undefined;
}

/** What is so at the moment, read from memory whenever somebody scrapes. */
@Injectable()
export class FleetGauges implements OnApplicationBootstrap {
  constructor(
    @Inject(ProviderDirectory) private readonly directory: ProviderDirectory,
    @Inject(LiveFleet) private readonly fleet: LiveFleet,
    @Inject(LeaseBook) private readonly leases: LeaseBook,
    @Inject(HostTraffic) private readonly traffic: HostTraffic,
  ) {}

  onApplicationBootstrap(): void {
    readGauge('boocontrol_hosts', 'Providers by state of their connection', ['state'], () =>
      STATES.map((state) => ({
        labels: { state },
        value: this.all().filter((each) => each.state === state).length,
      })),
    );
    readGauge(
      'boocontrol_host_up',
      '1: the provider is enabled and connected; 0: it is enabled and is not',
      ['host'],
      () =>
        this.followed()
          .filter(({ state }) => state !== 'disabled')
          .map(({ id, state }) => ({ labels: { host: id }, value: Number(state === 'connected') })),
    );
    readGauge('boocontrol_models_loaded', 'Models that are ready at a host', ['host'], () =>
      this.followed().flatMap(({ id, state, host }) =>
        state === 'connected'
          ? [
              {
                labels: { host: id },
                value:
                  host?.models.filter((model) => model.state === 'ready' && model.peerId === null).length ??
                  0,
              },
            ]
          : [],
      ),
    );
    readGauge('boocontrol_lease_held', '1: somebody has the host to himself', ['host'], () =>
      this.followed().map(({ id }) => ({
        labels: { host: id },
        value: Number(this.leases.holderOf(id, Date.now()) !== null),
      })),
    );
    this.registerTraffic();
  }

  private registerTraffic(): void {
    const states = { closed: 0, 'half-open': 1, open: 2 } as const;
    readGauge(
      'boocontrol_breaker_state',
      'Of models with failures among their last answers through /v1: 0 closed, 1 half-open, 2 open',
      ['host', 'model'],
      () =>
        this.traffic.describe(Date.now()).breakers.map(({ providerId, model, state }) => ({
          labels: { host: providerId, model },
          value: states[state],
        })),
    );
    readGauge(
      'boocontrol_requests_under_way',
      'Requests to /v1 that a host has or that wait for one',
      ['state'],
      () => {
        const { queues } = this.traffic.describe(Date.now());
        const waiting = queues
          .flatMap((queue) => queue.waiting)
          .reduce((sum, { requests }) => sum + requests, 0);
        const running = queues.reduce((sum, queue) => sum + queue.running, 0);
        return [
          { labels: { state: 'running' }, value: running },
          { labels: { state: 'waiting' }, value: waiting },
        ];
      },
    );
  }

  private followed(): Followed[] {
    return this.all().slice(0, MOST_HOSTS);
  }

  private all(): Followed[] {
    const hosts = this.fleet.state?.hosts ?? {};
    return (this.directory.providers ?? [])
      .toSorted((a, b) => (a.id < b.id ? -1 : 1))
      .map(({ id, enabled }) => {
        const host = Object.hasOwn(hosts, id) ? hosts[id] : undefined;
        return { id, host, state: enabled ? (host?.liveness?.state ?? 'unknown') : 'disabled' };
      });
  }
}
