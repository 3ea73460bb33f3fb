import { compareFencingTokens } from '@boocontrol/client';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Asked } from './asked.js';
import { staleLease, type Objection, type World } from './decide.js';
import { newestToken, noteToken } from './host-tokens.repository.js';

/** Remembers, longer than the bus does, which leases a host has seen: what is asked under an older one is refused. */
@Injectable()
export class Tokens {
  constructor(@Inject(DataSource) private readonly db: DataSource) {}

  /** What speaks against the token that is shown; null: nothing, or none is shown. */
  async objectionTo(
    { providerId, fencingToken }: Asked,
    { provider, lease }: World,
  ): Promise<Objection | null> {
    if (provider === null) return null;
    // Only tokens of leases that stand are noted: anybody can make one up.
    if (lease !== null) await noteToken(this.db, providerId, lease.fencingToken);
    if (fencingToken === null) return null;
    const newest = await newestToken(this.db, providerId);
    const isOlder = newest !== null && compareFencingTokens(fencingToken, newest) < 0;
    return isOlder ? staleLease(provider.label) : null;
  }
}
