import { rpc, type Seed } from '@boocontrol/contracts';
import { toInstant } from '@boocontrol/fleet-model';
import { RpcError, zodPayload } from '@boocontrol/platform';
import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import type { z } from 'zod';
import { HistoryDb } from '../db/history-db.js';
import { seed } from './seed.js';

@Controller()
export class SeedController {
  constructor(private readonly db: HistoryDb) {}

  /** Thrown: RpcError `bad_range` when recentSince is no day of the calendar. */
  @MessagePattern(rpc.seed.subject)
  seed(
    @Payload(zodPayload(rpc.seed.request)) { recentSince }: z.output<typeof rpc.seed.request>,
  ): Promise<Seed> {
    const since = toInstant(recentSince);
    if (since === null) throw new RpcError('bad_range', `"recentSince" is no instant: ${recentSince}`);
    return seed(this.db, since);
  }
}
