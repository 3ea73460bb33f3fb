import { findModel } from '@boocontrol/fleet-model';
import { calls, type ActionPreview, type ModelLoads } from '@boocontrol/contracts';
import { LOG, RpcClient, type Log } from '@boocontrol/platform';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { z } from 'zod';
import { openActions } from './action-lists.repository.js';
import { askedOf, type Asked } from './asked.js';
import type { World } from './decide.js';
import { previewOf } from './preview.js';
import { Worlds } from './worlds.js';

const HISTORY_WITHIN_MS = 2_500;

/** Says what actions would do, from what is known of the host and of earlier loads on it. */
@Injectable()
export class Previews {
  constructor(
    @Inject(DataSource) private readonly db: DataSource,
    @Inject(LOG) private readonly log: Log,
    @Inject(RpcClient) private readonly rpc: RpcClient,
    @Inject(Worlds) private readonly worlds: Worlds,
  ) {}

  /** @throws {RpcError} `unavailable` */
  async preview(request: z.output<typeof calls.previewAction.request>): Promise<ActionPreview> {
    const asked = askedOf(request.request, request);
    const world = await this.worlds.of(asked.providerId);
    const [open, history] = await Promise.all([
      openActions(this.db, asked.providerId),
      this.history(asked, world),
    ]);
    const ahead = asked.kind === 'cancel' ? 0 : open.filter(({ turn }) => turn !== null).length;
    return previewOf(asked, world, ahead, history);
  }

  private async history({ kind, providerId, model }: Asked, world: World): Promise<ModelLoads | null> {
    const id = model === null ? undefined : findModel(world.host?.models ?? [], model)?.id;
    if (kind !== 'warm' || id === undefined) return { loads: [] };
    try {
      return await this.rpc.ask(
        calls.modelLoads,
        { providerId, model: id },
        { timeoutMs: HISTORY_WITHIN_MS },
      );
    } catch (error) {
      this.log.warn({ err: error, provider: providerId, model: id }, 'earlier loads cannot be asked for');
      return null;
    }
  }
}
