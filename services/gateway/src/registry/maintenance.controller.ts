import { MaintenanceInputSchema, ModelIdSchema, ProviderIdSchema } from '@boocontrol/contracts';
import { Controller, Inject } from '@nestjs/common';
import type { z } from 'zod';
import { BodyOf, ParamOf, Route } from '../http/route.js';
import { MODEL_HINT } from '../http/model-route.js';
import { Providers, type Change } from './providers.service.js';
import { refusal } from './refusal.js';
import { inMaintenance, outOfMaintenance, withoutProtected, withProtected } from './upkeep.js';

const MAINTENANCE = {
  path: ':id/maintenance',
  tag: 'providers',
  status: 204,
  errors: ['validation', 'not_found', 'conflict', 'unavailable'],
} as const;
const PROTECTED = { ...MAINTENANCE, path: ':id/protected/*', docPath: ':id/protected/:model' } as const;

/** What people say of a host that is worked on. Every browser is told with the registry (`control_fleet`). */
@Controller('api/providers')
export class MaintenanceController {
  constructor(@Inject(Providers) private readonly providers: Providers) {}

  @Route({
    ...MAINTENANCE,
    method: 'put',
    summary: 'Put a host in maintenance',
    description: 'It is followed as before; nothing is asked of it and nothing routed to it until that ends.',
    responseDescription: 'It is in maintenance, now or already; the note is this one',
    errors: [...MAINTENANCE.errors, 'too_large', 'unsupported_media_type'],
  })
  begin(
    @ParamOf('id', ProviderIdSchema) id: string,
    @BodyOf(MaintenanceInputSchema) { note }: z.output<typeof MaintenanceInputSchema>,
  ): Promise<void> {
    return this.change(id, (before, now) => inMaintenance(before, note ?? null, now));
  }

  @Route({
    ...MAINTENANCE,
    method: 'delete',
    summary: 'End the maintenance of a host',
    responseDescription: 'It is not in maintenance, now or already',
  })
  end(@ParamOf('id', ProviderIdSchema) id: string): Promise<void> {
    return this.change(id, outOfMaintenance);
  }

  @Route({
    ...PROTECTED,
    method: 'put',
    summary: 'Protect a model of a host',
    description: `It is not unloaded by BooControl without \`confirm\`. ${MODEL_HINT}`,
    responseDescription: 'It is protected, now or already',
    errors: [...PROTECTED.errors, 'too_many_protected'],
  })
  protect(
    @ParamOf('id', ProviderIdSchema) id: string,
    @ParamOf('model', ModelIdSchema, '*') model: string,
  ): Promise<void> {
    return this.change(id, (before, now) => withProtected(before, model, now));
  }

  @Route({
    ...PROTECTED,
    method: 'delete',
    summary: 'End the protection of a model',
    description: MODEL_HINT,
    responseDescription: 'It is not protected, now or already',
  })
  unprotect(
    @ParamOf('id', ProviderIdSchema) id: string,
    @ParamOf('model', ModelIdSchema, '*') model: string,
  ): Promise<void> {
    return this.change(id, (before, now) => withoutProtected(before, model, now));
  }

  /** @throws {ApiError} when there is no such host, or it is being changed at the same time */
  private async change(id: string, change: Change): Promise<void> {
    const outcome = await this.providers.change(id, change);
    if (!outcome.ok) throw refusal(id, outcome);
  }
}
