import { DryRunRequestSchema, DryRunSchema, type DryRun } from '@boocontrol/contracts';
import { instantFromMs } from '@boocontrol/fleet-model';
import { Controller, Inject, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { GatewayDatabase } from '../database/gateway-database.js';
import { ApiError } from '../http/errors.js';
import { BodyOf, Route } from '../http/route.js';
import { isBuiltIn } from '../policies/built-in.js';
import { plantBuiltIn } from '../policies/policies.repository.js';
import { decidedBy, rulesOf } from './dry-run.repository.js';
import { dryRun } from './dry-run.js';
import { PastFleet } from './past-fleet.js';

const HOUR_MS = 3_600_000;

@Controller('api/routing')
export class DryRunController {
  constructor(
    @Inject(GatewayDatabase) private readonly database: GatewayDatabase,
    @Inject(PastFleet) private readonly past: PastFleet,
  ) {}

  @Route({
    method: 'post',
    path: 'dry-run',
    tag: 'routing',
    summary: 'What a policy would have chosen for the requests of the last day',
    description:
      'Nothing is sent to any host, and nothing is kept. Each request is decided anew from its record; where that does not hold enough, it is counted as not told.',
    status: 200,
    response: DryRunSchema,
    responseDescription: 'How many would have gone elsewhere, which, and of how many it cannot be told',
    errors: ['validation', 'unavailable', 'too_large', 'unsupported_media_type'],
  })
  async dryRun(
    @BodyOf(DryRunRequestSchema) { draft: named, hours }: z.output<typeof DryRunRequestSchema>,
    @Req() request: FastifyRequest,
  ): Promise<DryRun> {
    const { name, ...draft } = named;
    const { db } = this.database;
    const toMs = Date.now();
    const range = { from: instantFromMs(toMs - hours * HOUR_MS), to: instantFromMs(toMs) };
    if (isBuiltIn(name)) await plantBuiltIn(db);
    const [rules, pastOf] = await Promise.all([rulesOf(db, name), this.past.reader()]);
    const isAbandoned = (): boolean => request.raw.socket.destroyed;
    const told = await dryRun(decidedBy(db, name, range), { draft, rules, pastOf, isAbandoned });
    if (told === null) throw new ApiError('unavailable', 'Nobody waited for the answer any more.');
    return { ...range, ...told };
  }
}
