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
import { Facts } from '../state/facts.js';
import { HostLog } from '../state/host-log.js';
import type { Timings } from '../timings.js';
import { Connector } from './connector.js';
import { HostMemory } from './host-memory.js';

/** Injection token of a connector's waits. */
export const CONNECTOR_TIMINGS = Symbol('CONNECTOR_TIMINGS');

/** Makes the connector of a host. It does nothing until it is started. */
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
    const memory = new HostMemory(provider, facts, new HostLog(this.nc, provider.id), this.timings);
    return new Connector(memory, life, this.setup, this.env, this.log);
  }
}
