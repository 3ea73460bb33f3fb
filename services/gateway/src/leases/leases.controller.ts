import {
  AcquireLeaseSchema,
  calls,
  EndLeaseSchema,
  LeaseIdSchema,
  LeaseProofSchema,
  type HeldLeaseReply,
  type LeasesPage,
} from '@boocontrol/contracts';
import { RpcClient } from '@boocontrol/platform';
import { Controller, Inject } from '@nestjs/common';
import { z } from 'zod';
import { BodyOf, ParamOf, QueryOf, Route, SourceOf } from '../http/route.js';
import { ACTIONS_SERVICE } from '../rpc/actions-service.js';
import { askService, PASSED_ON_ERRORS } from '../rpc/ask-service.js';

const TokenSchema = LeaseProofSchema.pick({ fencingToken: true });
const HeartbeatSchema = TokenSchema.meta({ id: 'LeaseHeartbeat' });

const ConfirmSchema = z.strictObject({
  confirm: z.boolean().default(false).describe('true: as `takeOver` in the body'),
});

const TAG = 'leases';
const ONE = { path: ':leaseId', tag: TAG } as const;
const BODY_ERRORS = [...PASSED_ON_ERRORS, 'too_large', 'unsupported_media_type'] as const;
const ASKED = { name: ACTIONS_SERVICE, timeoutMs: 10_000 };

/** Having a host to oneself: passed on to the actions service. */
@Controller('api/leases')
export class LeasesController {
  constructor(@Inject(RpcClient) private readonly client: RpcClient) {}

  @Route({
    method: 'post',
    path: '',
    tag: TAG,
    summary: 'Have a host to oneself',
    description:
      'It is held for as long as heartbeats come (PUT), each well before `expiresInMs` is over. `takeOver` in the body, or `confirm=true` after a refusal with `requiresConfirmation`, ends the lease of whoever has the host; their next heartbeat is refused.',
    status: 201,
    response: calls.acquireLease.reply,
    responseDescription: 'Held; the fencing token goes with everything done under it',
    errors: BODY_ERRORS,
    passesOn: [calls.acquireLease],
  })
  acquire(
    @BodyOf(AcquireLeaseSchema) wanted: z.output<typeof AcquireLeaseSchema>,
    @QueryOf(ConfirmSchema) { confirm }: z.output<typeof ConfirmSchema>,
    @SourceOf() source: string,
  ): Promise<HeldLeaseReply> {
    const body = { ...wanted, source: wanted.source ?? source, takeOver: wanted.takeOver || confirm };
    return askService(this.client, calls.acquireLease, body, ASKED);
  }

  @Route({
    ...ONE,
    method: 'put',
    summary: 'Keep a lease: its heartbeat',
    status: 200,
    response: calls.heartbeatLease.reply,
    responseDescription: 'Held for another while',
    errors: BODY_ERRORS,
    passesOn: [calls.heartbeatLease],
  })
  heartbeat(
    @ParamOf('leaseId', LeaseIdSchema) leaseId: string,
    @BodyOf(HeartbeatSchema) { fencingToken }: z.output<typeof HeartbeatSchema>,
  ): Promise<HeldLeaseReply> {
    return askService(this.client, calls.heartbeatLease, { leaseId, fencingToken }, ASKED);
  }

  @Route({
    ...ONE,
    method: 'delete',
    summary: 'Give a lease back',
    status: 204,
    responseDescription: 'It is over, now or already',
    errors: PASSED_ON_ERRORS,
    passesOn: [calls.releaseLease],
  })
  async release(
    @ParamOf('leaseId', LeaseIdSchema) leaseId: string,
    @QueryOf(TokenSchema) { fencingToken }: z.output<typeof TokenSchema>,
  ): Promise<void> {
    await askService(this.client, calls.releaseLease, { leaseId, fencingToken }, ASKED);
  }

  @Route({
    method: 'post',
    path: ':leaseId/end',
    tag: TAG,
    summary: 'End the lease of somebody else',
    description:
      'The host is free for everybody, also when it is offline or in maintenance; the next heartbeat of the holder is refused with `taken_over` and the name that is given here. Only this lease is ended, not one that followed it.',
    status: 204,
    responseDescription: 'It is over, now or already',
    errors: BODY_ERRORS,
    passesOn: [calls.endLease],
  })
  async end(
    @ParamOf('leaseId', LeaseIdSchema) leaseId: string,
    @BodyOf(EndLeaseSchema) { by }: z.output<typeof EndLeaseSchema>,
  ): Promise<void> {
    await askService(this.client, calls.endLease, { leaseId, by }, ASKED);
  }

  @Route({
    method: 'get',
    path: '',
    tag: TAG,
    summary: 'Leases that are held, and those that have ended',
    description: 'Follow `nextCursor` for older ones.',
    status: 200,
    response: calls.leases.reply,
    responseDescription: 'Those that are held, and one page of what has ended, newest first',
    errors: PASSED_ON_ERRORS,
    passesOn: [calls.leases],
  })
  list(@QueryOf(calls.leases.request) query: z.output<typeof calls.leases.request>): Promise<LeasesPage> {
    return askService(this.client, calls.leases, query, ASKED);
  }
}
