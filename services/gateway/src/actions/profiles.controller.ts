import { calls, ProviderIdSchema, type HostProfiles } from '@boocontrol/contracts';
import { RpcClient } from '@boocontrol/platform';
import { Controller, Inject } from '@nestjs/common';
import { ParamOf, Route } from '../http/route.js';
import { ACTIONS_SERVICE } from '../rpc/actions-service.js';
import { askService, PASSED_ON_ERRORS } from '../rpc/ask-service.js';

/** What a host can be switched to; asked of the host by the actions service. */
@Controller('api/providers')
export class ProfilesController {
  constructor(@Inject(RpcClient) private readonly client: RpcClient) {}

  @Route({
    method: 'get',
    path: ':id/profiles',
    tag: 'actions',
    summary: 'The profiles of a host, and which is active',
    description: 'As the host tells them now. An action of kind `profile` switches.',
    status: 200,
    response: calls.hostProfiles.reply,
    responseDescription: 'In the order of the host',
    errors: PASSED_ON_ERRORS,
    passesOn: [calls.hostProfiles],
  })
  profiles(@ParamOf('id', ProviderIdSchema) providerId: string): Promise<HostProfiles> {
    return askService(
      this.client,
      calls.hostProfiles,
      { providerId },
      { name: ACTIONS_SERVICE, timeoutMs: 10_000 },
    );
  }
}
