import {
  calls,
  ProviderIdSchema,
  ProviderInputSchema,
  ProviderPatchSchema,
  ProvidersResponseSchema,
  PublicProviderSchema,
  ReconnectResponseSchema,
  type ProviderPatch,
  type PublicProvider,
} from '@boocontrol/contracts';
import { CONFIG, RpcClient, RpcError } from '@boocontrol/platform';
import { Controller, Inject } from '@nestjs/common';
import type { z } from 'zod';
import type { GatewayConfig } from '../config.js';
import { ApiError } from '../http/errors.js';
import { BodyOf, ParamOf, Route } from '../http/route.js';
import { linkLocalProblem } from './host-address.js';
import { Providers } from './providers.service.js';
import { refusal, unknownHost } from './refusal.js';

const RECONNECT_TIMEOUT_MS = 3_000;
const TAG = 'providers';

@Controller('api/providers')
export class ProvidersController {
  constructor(
    @Inject(CONFIG) private readonly config: GatewayConfig,
    @Inject(Providers) private readonly providers: Providers,
    @Inject(RpcClient) private readonly client: RpcClient,
  ) {}

  @Route({
    method: 'get',
    path: '',
    tag: TAG,
    summary: 'The registered hosts',
    status: 200,
    response: ProvidersResponseSchema,
    responseDescription: 'In the order of their labels',
    errors: ['starting'],
  })
  list(): { providers: PublicProvider[] } {
    const providers = this.providers.list();
    if (providers === null)
      throw new ApiError('starting', 'The registry is being read; try again in a moment.');
    return { providers };
  }

  @Route({
    method: 'post',
    path: '',
    tag: TAG,
    summary: 'Register a host',
    description:
      'It is connected within a second. An address is one host only, however it is written (`address_taken`). The API key itself is never sent: `apiKeyEnv` names the variable that holds it.',
    status: 201,
    response: PublicProviderSchema,
    responseDescription: 'Registered',
    errors: [
      'validation',
      'exists',
      'address_taken',
      'conflict',
      'too_large',
      'unsupported_media_type',
      'unavailable',
    ],
  })
  async create(
    @BodyOf(ProviderInputSchema) input: z.output<typeof ProviderInputSchema>,
  ): Promise<PublicProvider> {
    this.checkAddress(input.baseUrl);
    const outcome = await this.providers.create(input);
    if (outcome.ok) return outcome.provider;
    throw refusal(input.id, outcome);
  }

  @Route({
    method: 'patch',
    path: ':id',
    tag: TAG,
    summary: 'Change a host',
    description: 'Fields that are not sent stay as they are.',
    status: 200,
    response: PublicProviderSchema,
    responseDescription: 'Changed',
    errors: [
      'validation',
      'not_found',
      'address_taken',
      'conflict',
      'too_large',
      'unsupported_media_type',
      'unavailable',
    ],
  })
  async patch(
    @ParamOf('id', ProviderIdSchema) id: string,
    @BodyOf(ProviderPatchSchema) patch: ProviderPatch,
  ): Promise<PublicProvider> {
    if (patch.baseUrl !== undefined) this.checkAddress(patch.baseUrl);
    const outcome = await this.providers.patch(id, patch);
    if (outcome.ok) return outcome.provider;
    throw refusal(id, outcome);
  }

  @Route({
    method: 'delete',
    path: ':id',
    tag: TAG,
    summary: 'Remove a host',
    description:
      'Its history stays. A host of the fleet file stays removed until its entry in the file changes.',
    status: 204,
    responseDescription: 'Removed',
    errors: ['validation', 'not_found', 'unavailable'],
  })
  async remove(@ParamOf('id', ProviderIdSchema) id: string): Promise<void> {
    if (!(await this.providers.remove(id))) throw unknownHost(id);
  }

  @Route({
    method: 'post',
    path: ':id/reconnect',
    tag: TAG,
    summary: 'Try to reach a host now, instead of when its next attempt is due',
    status: 202,
    response: ReconnectResponseSchema,
    responseDescription: 'The attempt begins; its outcome comes as a liveness fact',
    errors: ['validation', 'not_found', 'provider_disabled', 'unavailable', 'timeout'],
  })
  async reconnect(@ParamOf('id', ProviderIdSchema) id: string): Promise<{ accepted: boolean }> {
    const provider = this.providers.get(id);
    if (provider === null) throw unknownHost(id);
    if (!provider.enabled) throw new ApiError('provider_disabled', `"${id}" is disabled; enable it first.`);
    try {
      return await this.client.ask(calls.reconnect, { providerId: id }, { timeoutMs: RECONNECT_TIMEOUT_MS });
    } catch (error) {
      if (!(error instanceof RpcError) || error.code !== 'unavailable') throw error;
      throw new ApiError(
        'unavailable',
        `No ingest process holds "${id}" at the moment, so nobody can reconnect it. Look at /api/health for ingest; a lost holder is replaced within 10 s.`,
      );
    }
  }

  /** @throws {ApiError} `validation` when no host may have this address */
  private checkAddress(baseUrl: string): void {
    if (this.config.BOOCONTROL_ALLOW_LINK_LOCAL) return;
    const message = linkLocalProblem(baseUrl);
    if (message === null) return;
    throw new ApiError('validation', `The body is not valid. baseUrl: ${message}`, [
      { path: 'baseUrl', message },
    ]);
  }
}
