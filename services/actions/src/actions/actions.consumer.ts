import { QueuedActionSchema, STREAM, subjects, type Model, type QueuedAction } from '@boocontrol/contracts';
import { HostError } from '@boocontrol/llama-swap';
import {
  type BaseConfig,
  CONFIG,
  isTransientDbError,
  momentNow,
  newWorker,
  Outbox,
  pause,
  RpcError,
  type Work,
  WorkQueue,
} from '@boocontrol/platform';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { ActionQueue } from './action-queue.js';
import { ActionRunner } from './action-runner.js';
import { accept, begin, endQueued, findAction, turnOf, type ActionRow } from './actions.repository.js';
import { takeOver } from './held-actions.repository.js';
import type { Asked } from './asked.js';
import { decide, type Decision, type World } from './decide.js';
import { Hosts } from './hosts.js';
import { LEASE_DESK, type LeaseDesk } from './lease-desk.js';
import { ACTION_TIMINGS, type ActionTimings } from './timings.js';
import { Tokens } from './tokens.js';
import { Worlds } from './worlds.js';

const LOOK_TIMEOUT_MS = 5_000;

/** Takes actions from the queue when their turn has come, one at a time for each host. */
@Injectable()
export class ActionsConsumer {
  constructor(
    @Inject(DataSource) private readonly db: DataSource,
    @Inject(CONFIG) private readonly config: BaseConfig,
    @Inject(ActionQueue) private readonly queue: ActionQueue,
    @Inject(ActionRunner) private readonly runner: ActionRunner,
    @Inject(Outbox) private readonly outbox: Outbox,
    @Inject(Worlds) private readonly worlds: Worlds,
    @Inject(Hosts) private readonly hosts: Hosts,
    @Inject(LEASE_DESK) private readonly leases: LeaseDesk,
    @Inject(Tokens) private readonly tokens: Tokens,
    @Inject(ACTION_TIMINGS) private readonly timings: ActionTimings,
  ) {}

  /** Until the action has ended, whoever ends it: the next one of the host must not begin before. */
  @WorkQueue<QueuedAction>({
    name: 'queue',
    stream: STREAM.actionQueue,
    subject: subjects.allQueuedActions,
    schemaFor: () => QueuedActionSchema,
    isTransient: (error) => isTransientDbError(error) || (error instanceof RpcError && error.isRetryable),
  })
  async work({ value, seq, signal }: Work<QueuedAction>): Promise<void> {
    for (;;) {
      const row = await findAction(this.db, value.id);
      if (row === null || row.action.providerId !== value.providerId || row.action.endedAt !== null) return;
      if (row.action.state === 'queued') await this.begin(row, seq, signal);
      else await this.carryOn(row, signal);
      signal.throwIfAborted();
    }
  }

  private async begin(row: ActionRow, seq: number, signal: AbortSignal): Promise<void> {
    const { id } = row.action;
    // The process that submitted it may have been cut off before it could write this down.
    const accepted = row.queueSeq === null ? await accept(this.db, id, await this.queue.placeOf(seq)) : row;
    if (accepted === null) return;
    const { action, fencingToken } = accepted;
    const asked: Asked = { ...action, fencingToken };
    const world = await this.worlds.whenRead(action.providerId, signal);
    const decision = await this.decide(asked, world, id, signal);
    if (decision.do === 'skip') {
      await endQueued(this.db, action, 'skipped', decision.reason);
      return this.outbox.notify();
    }
    if (world.lease !== null && fencingToken === null)
      await this.leases.end(action.providerId, action.source);
    const worker = newWorker(this.config);
    const takenAt = momentNow();
    const begun = await begin(this.db, id, worker);
    if (begun === null) return;
    this.outbox.notify();
    await this.runner.run(begun.action, worker, takenAt, signal);
  }

  /** It was begun by somebody who may still be at it: waits, and takes over when nothing is heard of them. */
  private async carryOn({ action }: ActionRow, signal: AbortSignal): Promise<void> {
    const worker = newWorker(this.config);
    const row = await takeOver(this.db, action.id, worker, this.timings.abandonedAfterMs);
    if (row !== null) return this.runner.reconcile(row.action, worker, signal);
    await pause(this.timings.lookAgainMs, signal);
  }

  private async decide(asked: Asked, world: World, id: string, signal: AbortSignal): Promise<Decision> {
    const { providerId } = asked;
    const stale = await this.tokens.objectionTo(asked, world);
    if (stale !== null) return { do: 'skip', reason: stale };
    const turn = await turnOf(this.db, id);
    const decision = decide(asked, world, turn);
    if (decision.do === 'run') {
      const reason = this.hosts.problemOf(providerId);
      return reason === null ? decision : { do: 'skip', reason };
    }
    if (!decision.reason.code.startsWith('already_') || world.host === null) return decision;
    // Facts come a moment later than what the action before this one did.
    const models = await this.modelsNow(providerId, world.host.models, signal);
    return decide(asked, { ...world, host: { ...world.host, models } }, turn);
  }

  private async modelsNow(providerId: string, models: Model[], signal: AbortSignal): Promise<Model[]> {
    try {
      const running = await this.hosts.with(providerId, (host) =>
        host.running({ signal, timeoutMs: LOOK_TIMEOUT_MS }),
      );
      const states = new Map(running.map(({ model, state }) => [model, state]));
      return models.map((model) =>
        model.peerId === null ? { ...model, state: stateOf(states.get(model.id)) } : model,
      );
    } catch (error) {
      if (signal.aborted || !(error instanceof HostError)) throw error;
      return models;
    }
  }
}

function stateOf(text: string | undefined): Model['state'] {
  if (text === undefined) return 'stopped';
  return text === 'ready' || text === 'starting' || text === 'stopping' ? text : 'unknown';
}
