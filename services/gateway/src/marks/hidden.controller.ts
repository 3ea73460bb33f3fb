import { HiddenResponseSchema, ModelIdSchema, ProviderIdSchema, type Hidden } from '@boocontrol/contracts';
import { Controller, Inject } from '@nestjs/common';
import { GatewayDatabase } from '../database/gateway-database.js';
import { ParamOf, Route } from '../http/route.js';
import { Marks } from './marks.js';
import { MODEL_HINT, MODEL_PATH } from '../http/model-route.js';
import { hide, listHidden, show } from './hidden.repository.js';

const HOST = {
  path: ':providerId',
  tag: 'hidden',
  status: 204,
  errors: ['validation', 'unavailable'],
} as const;
const MODEL = { ...HOST, ...MODEL_PATH, description: MODEL_HINT } as const;

/** Hidden is not deleted: it is followed as before, and its history stays. */
@Controller('api/hidden')
export class HiddenController {
  constructor(
    @Inject(GatewayDatabase) private readonly database: GatewayDatabase,
    @Inject(Marks) private readonly marks: Marks,
  ) {}

  @Route({
    method: 'get',
    path: '',
    tag: 'hidden',
    summary: 'Hosts and models that lists and pickers leave out',
    description: 'Every browser is told of changes on the socket (`control_marks`).',
    status: 200,
    response: HiddenResponseSchema,
    responseDescription: 'Oldest first',
    errors: ['unavailable'],
  })
  async list(): Promise<{ hidden: Hidden[] }> {
    return { hidden: await listHidden(this.database.db) };
  }

  @Route({
    ...HOST,
    method: 'put',
    summary: 'Hide a host',
    description:
      'It is followed as before, and its requests stay in lists of requests, totals and history. Lists of hosts, pickers and the count of hosts that are up leave it and its models out.',
    responseDescription: 'It is hidden, now or already',
  })
  async hideHost(@ParamOf('providerId', ProviderIdSchema) providerId: string): Promise<void> {
    await hide(this.database.db, providerId, null);
    await this.marks.changed();
  }

  @Route({
    ...HOST,
    method: 'delete',
    summary: 'Show a host again',
    responseDescription: 'It is shown, now or already',
  })
  async showHost(@ParamOf('providerId', ProviderIdSchema) providerId: string): Promise<void> {
    await show(this.database.db, providerId, null);
    await this.marks.changed();
  }

  @Route({
    ...MODEL,
    method: 'put',
    summary: 'Hide a model of a host',
    responseDescription: 'It is hidden, now or already',
  })
  async hideModel(
    @ParamOf('providerId', ProviderIdSchema) providerId: string,
    @ParamOf('model', ModelIdSchema, '*') model: string,
  ): Promise<void> {
    await hide(this.database.db, providerId, model);
    await this.marks.changed();
  }

  @Route({
    ...MODEL,
    method: 'delete',
    summary: 'Show a model of a host again',
    responseDescription: 'It is shown, now or already',
  })
  async showModel(
    @ParamOf('providerId', ProviderIdSchema) providerId: string,
    @ParamOf('model', ModelIdSchema, '*') model: string,
  ): Promise<void> {
    await show(this.database.db, providerId, model);
    await this.marks.changed();
  }
}
