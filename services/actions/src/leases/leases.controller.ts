import { HostLeases } from '@boocontrol/client';
import { calls, type HeldLeaseReply, type LeasesPage } from '@boocontrol/contracts';
import { instantFromMs } from '@boocontrol/fleet-model';
import { answering, leaseRefusal, LiveFleet, ProviderDirectory, refuse, Serve } from '@boocontrol/platform';
import { Controller, Inject } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { z } from 'zod';
import { availableHost } from '../availability/available-host.js';
import { listLeases } from './lease-lists.repository.js';

/** A heartbeat this often leaves room for two that fail. */
const HEARTBEATS_PER_TTL = 3;

@Controller()
export class LeasesController {
  constructor(
    @Inject(HostLeases) private readonly leases: HostLeases,
    @Inject(ProviderDirectory) readonly directory: ProviderDirectory,
    @Inject(LiveFleet) readonly live: LiveFleet,
    @Inject(DataSource) private readonly db: DataSource,
  ) {}

  @Serve(calls.acquireLease)
  async acquire(wanted: z.output<typeof calls.acquireLease.request>): Promise<HeldLeaseReply> {
    const { providerId, holder, purpose, source, takeOver, expectedS } = wanted;
    availableHost(calls.acquireLease, this, providerId);
    const askedMs = performance.now();
    const expectedUntil = expectedS === undefined ? null : instantFromMs(Date.now() + expectedS * 1_000);
    const acquired = await answering(
      'leases',
      this.leases.acquire({ providerId, holder, purpose, source, takeOver, expectedUntil }),
    );
    if (acquired.ok) return this.held(acquired.lease, askedMs);
    const { code, message, details } = leaseRefusal(acquired.current);
    throw refuse(calls.acquireLease, code, message, details);
  }

  @Serve(calls.heartbeatLease)
  async heartbeat(proof: z.output<typeof calls.heartbeatLease.request>): Promise<HeldLeaseReply> {
    const askedMs = performance.now();
    const beat = await answering('leases', this.leases.heartbeat(proof));
    if (beat.ok) return this.held(beat.lease, askedMs);
    if (beat.reason === 'taken_over')
      throw refuse(calls.heartbeatLease, 'taken_over', `${beat.by} has taken the host over. Stop using it.`, {
        by: beat.by,
      });
    throw refuse(
      calls.heartbeatLease,
      'lease_lost',
      'The lease is over: no heartbeat came in time, or it was given back. Stop using the host, and acquire it again.',
    );
  }

  @Serve(calls.releaseLease)
  async release(proof: z.output<typeof calls.releaseLease.request>): Promise<null> {
    await answering('leases', this.leases.release(proof));
    return null;
  }

  @Serve(calls.endLease)
  async end({ leaseId, by }: z.output<typeof calls.endLease.request>): Promise<null> {
    const [providerId = ''] = leaseId.split('.');
    await answering('leases', this.leases.end(providerId, by, leaseId));
    return null;
  }

  @Serve(calls.leases)
  list(query: z.output<typeof calls.leases.request>): Promise<LeasesPage> {
    return answering('leases', listLeases(this.db, query));
  }

  /** @param askedMs when the bus was asked, so that it does not end before the holder is told so */
  private held(
    { leaseId, providerId, fencingToken }: Omit<HeldLeaseReply, 'expiresInMs' | 'heartbeatEveryMs'>,
    askedMs: number,
  ): HeldLeaseReply {
    const { ttlMs } = this.leases;
    return {
      leaseId,
      providerId,
      fencingToken,
      expiresInMs: Math.max(0, Math.floor(ttlMs - (performance.now() - askedMs))),
      heartbeatEveryMs: Math.floor(ttlMs / HEARTBEATS_PER_TTL),
    };
  }
}
