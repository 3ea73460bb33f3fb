import type { Provider } from '@boocontrol/contracts';
import {
  BUS,
  ENVIRONMENT,
  JetStreamSetup,
  LOG,
  PipelinedPublisher,
  type Environment,
  type Log,
} from '@boocontrol/platform';
import type { NatsConnection } from '@nats-io/transport-node';
import { Inject, Injectable } from '@nestjs/common';
import { Connector } from '../follow/connector.js';
import type { Followed } from '../follow/followed.js';
import { FollowedHost } from '../host/followed-host.js';
import { HostMemory } from '../host/host-memory.js';
import { FollowedList } from '../listing/followed-list.js';
import { readGatewayModels } from '../listing/gateway-models.js';
import { readServiceModels } from '../listing/service-models.js';
import { Facts } from '../state/facts.js';
import { HostLog } from '../state/host-log.js';
import type { Timings } from '../timings.js';

/** Injection token of a connector's waits. */
export const CONNECTOR_TIMINGS = Symbol('CONNECTOR_TIMINGS');

type Follow = (provider: Provider, facts: Facts, log: HostLog, timings: Timings) => Followed;

/** How the providers of each kind are followed. */
const FOLLOW: Readonly<Record<Provider['kind'], Follow>> = {
  'llama-swap': (...known) => new FollowedHost(new HostMemory(...known)),
  openai: (...known) => new FollowedList(readServiceModels, ...known),
  'boocontrol-gateway': (...known) => new FollowedList(readGatewayModels, ...known),
};

/** Makes the connector of a provider. It does nothing until it is started. */
@Injectable()
export class ConnectorFactory {
  constructor(
    @Inject(BUS) private readonly nc: NatsConnection,
    @Inject(PipelinedPublisher) private readonly publisher: PipelinedPublisher,
    @Inject(JetStreamSetup) private readonly setup: JetStreamSetup,
    @Inject(LOG) private readonly log: Log,
    @Inject(ENVIRONMENT) private readonly env: Environment,
    @Inject(CONNECTOR_TIMINGS) private readonly timings: Timings,
  ) {}

  create(provider: Provider): Connector {
    const life = new AbortController();
    const facts = new Facts(provider.id, this.publisher, life.signal, this.log);
    const followed = FOLLOW[provider.kind](provider, facts, new HostLog(this.nc, provider.id), this.timings);
    return new Connector(followed, life, this.setup, this.env, this.log);
  }
}
