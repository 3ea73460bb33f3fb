import {
  GatewayRoutingSchema,
  InflightRouteSchema,
  RoutingStateSchema,
  subjects,
  type GatewayRouting,
  type RoutingState,
} from '@boocontrol/contracts';
import { BUS, busState, decodeJson } from '@boocontrol/platform';
import { Controller, Inject } from '@nestjs/common';
import type { NatsConnection } from '@nats-io/transport-node';
import { ApiError } from '../http/errors.js';
import { ParamOf, Route, SourceOf } from '../http/route.js';
import { OwnRouting } from './own-routing.js';
import { stateOf } from './routing-board.js';

/** How long the other gateways have to answer. */
const WINDOW_MS = 400;
const MAX_GATEWAYS = 200;
const CANCEL_MS = 1_000;
const TAG = 'routing';

/** What is under way through /v1. */
@Controller('api/routing')
export class UnderWayController {
  constructor(
    @Inject(BUS) private readonly nc: NatsConnection,
    @Inject(OwnRouting) private readonly own: OwnRouting,
  ) {}

  @Route({
    method: 'get',
    path: 'state',
    tag: TAG,
    summary: 'Requests to /v1 that are under way, and breakers and queues of the hosts',
    description:
      'From the memory of every gateway that answers within 400 ms. While the bus is away only of the one that is asked. Live: the socket’s room `routing`.',
    status: 200,
    response: RoutingStateSchema,
    responseDescription: 'As it is now',
    errors: [],
  })
  async state(): Promise<RoutingState> {
    return stateOf([...(await this.ask()), this.own.read()]);
  }

  @Route({
    method: 'delete',
    path: 'inflight/:id',
    tag: TAG,
    summary: 'Cancel a request to /v1 that is under way',
    description:
      'Whichever gateway has it. The host is left, the client gets an error, and the record says who cancelled it.',
    status: 204,
    responseDescription: 'It is being ended',
    errors: ['validation', 'not_found', 'unavailable'],
  })
  async cancel(
    @ParamOf('id', InflightRouteSchema.shape.id) id: string,
    @SourceOf() source: string,
  ): Promise<void> {
    if (this.own.cancel(id, source)) return;
    if (!busState(this.nc).connected)
      throw new ApiError('unavailable', 'The other gateways cannot be asked while the bus is down.');
    const body = JSON.stringify({ id, by: source });
    const isDone = await this.nc
      .request(subjects.routingCancel, body, { timeout: CANCEL_MS })
      .then(() => true)
      .catch(() => false);
    if (!isDone) throw new ApiError('not_found', `No request with the id ${id} is under way.`);
  }

  private async ask(): Promise<GatewayRouting[]> {
    if (!busState(this.nc).connected) return [];
    const told: GatewayRouting[] = [];
    try {
      const answers = await this.nc.requestMany(subjects.routingAsk, '', {
        strategy: 'timer',
        maxWait: WINDOW_MS,
        maxMessages: MAX_GATEWAYS,
      });
      for await (const { data } of answers) {
        const routing = decodeJson(data, GatewayRoutingSchema);
        if (routing.ok) told.push(routing.value);
      }
    } catch {
      // Nobody else answers: what is known of our own is told.
    }
    return told;
  }
}
