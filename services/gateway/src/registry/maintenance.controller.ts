import { MaintenanceInputSchema, ModelIdSchema, ProviderIdSchema, type Instant } from '@boocontrol/contracts';
import { instantToMs, toInstant } from '@boocontrol/fleet-model';
import { Controller, Inject } from '@nestjs/common';
import type { z } from 'zod';
import { ApiError } from '../http/errors.js';
import { MODEL_HINT } from '../http/model-route.js';
import { BodyOf, ParamOf, Route } from '../http/route.js';
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
    description:
      'It is followed as before; nothing is asked of it and nothing routed to it until that ends: by itself at `until`, else when somebody ends it.',
    responseDescription: 'It is in maintenance, now or already; note and end are these',
    errors: [...MAINTENANCE.errors, 'too_large', 'unsupported_media_type'],
  })
  begin(
    @ParamOf('id', ProviderIdSchema) id: string,
    @BodyOf(MaintenanceInputSchema) { note, until }: z.output<typeof MaintenanceInputSchema>,
  ): Promise<void> {
    const said = { note: note ?? null, ...(until === undefined ? {} : { until: endOf(until) }) };
    return this.change(id, (before, now) => inMaintenance(before, said, now));
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

/** @throws {ApiError} `validation` when it is over already */
function endOf(until: string): Instant {
  const instant = toInstant(until);
  if (instant !== null && instantToMs(instant) > Date.now()) return instant;
  const message = 'is over already; name a time to come, or none';
  throw new ApiError('validation', `The body is not valid. until: ${message}`, [{ path: 'until', message }]);
}
