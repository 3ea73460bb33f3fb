import { FleetResponseSchema, type FleetResponse } from '@boocontrol/contracts';
import { emptyHost } from '@boocontrol/fleet-model';
import { LiveFleet } from '@boocontrol/platform';
import { Controller, Inject } from '@nestjs/common';
import { ApiError } from '../http/errors.js';
import { Route } from '../http/route.js';
import { Providers } from '../registry/providers.service.js';

@Controller('api/fleet')
export class FleetController {
  constructor(
    @Inject(LiveFleet) private readonly live: LiveFleet,
    @Inject(Providers) private readonly providers: Providers,
  ) {}

  @Route({
    method: 'get',
    path: '',
    tag: 'fleet',
    summary: 'The fleet as it is now',
    description:
      'Every registered host with its models, requests in flight, newest sample and throughput. Live changes: the socket.',
    status: 200,
    response: FleetResponseSchema,
    responseDescription: 'Hosts in the order of their labels',
    errors: ['starting'],
  })
  fleet(): FleetResponse {
    const { state } = this.live;
    const providers = this.providers.list();
    if (state === null || providers === null) {
      throw new ApiError('starting', 'The fleet is being rebuilt from the log; try again in a moment.', {
        why: this.live.trouble,
      });
    }
    const hosts = providers.map((provider) => ({
      ...(state.hosts[provider.id] ?? emptyHost(provider.id)),
      provider,
    }));
    return { epoch: state.epoch, hosts };
  }
}
