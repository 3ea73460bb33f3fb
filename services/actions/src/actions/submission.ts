import { createHash } from 'node:crypto';
import { ACTION_QUEUE_DEPTH, calls, type Submitted } from '@boocontrol/contracts';
import {
  type BaseConfig,
  CONFIG,
  LOG,
  type Log,
  momentNow,
  newWorker,
  Outbox,
  pause,
  PublishError,
  refuse,
  RpcError,
} from '@boocontrol/platform';
import { Inject, Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { z } from 'zod';
import { countAhead, openActions } from './action-lists.repository.js';
import { ActionQueue, type Place } from './action-queue.js';
import { ActionRunner } from './action-runner.js';
import {
  accept,
  findAction,
  findByKey,
  insertQueued,
  insertStarted,
  removeUnaccepted,
  type ActionRow,
} from './actions.repository.js';
import { askedOf, type Asked } from './asked.js';
import { objectionTo } from './decide.js';
import { Hosts } from './hosts.js';
import { LEASE_DESK, type LeaseDesk } from './lease-desk.js';
import { ACTION_TIMINGS, type ActionTimings } from './timings.js';
import { Tokens } from './tokens.js';
import { Worlds } from './worlds.js';

const AGAIN_MS = 100;

type Submit = z.output<typeof calls.submitAction.request>;

/** Takes actions in: into the queue of their host, or, for a cancel, at once to the host. */
@Injectable()
export class Submission implements BeforeApplicationShutdown {
  private readonly stopping = new AbortController();

  constructor(
    @Inject(DataSource) private readonly db: DataSource,
    @Inject(CONFIG) private readonly config: BaseConfig,
    @Inject(LOG) private readonly log: Log,
    @Inject(ActionQueue) private readonly queue: ActionQueue,
    @Inject(ActionRunner) private readonly runner: ActionRunner,
    @Inject(Outbox) private readonly outbox: Outbox,
    @Inject(Worlds) private readonly worlds: Worlds,
    @Inject(Hosts) private readonly hosts: Hosts,
    @Inject(LEASE_DESK) private readonly leases: LeaseDesk,
    @Inject(Tokens) private readonly tokens: Tokens,
    @Inject(ACTION_TIMINGS) private readonly timings: ActionTimings,
  ) {}

  beforeApplicationShutdown(): void {
    this.stopping.abort(new Error('the service stops'));
  }

  /** @throws {CallError} what `calls.submitAction` refuses; {RpcError} `unavailable` */
  async submit(submit: Submit): Promise<Submitted> {
    const { request, source, confirm, idempotencyKey = null } = submit;
    const requestHash = hashOf({ request, confirm, source });
    const known = idempotencyKey === null ? null : await findByKey(this.db, idempotencyKey);
    if (known !== null) return this.repeat(known, requestHash);

    const asked = askedOf(request, submit);
    await this.admit(asked, source);
    const action = { asked, source, idempotencyKey, requestHash };
    const worker = newWorker(this.config);
    const takenAt = momentNow();
    const row =
      asked.kind === 'cancel'
        ? await insertStarted(this.db, action, worker)
        : await insertQueued(this.db, action);
    if (row === null) {
      const first = await findByKey(this.db, idempotencyKey ?? '');
      if (first === null) throw tryAgain();
      return this.repeat(first, requestHash);
    }
    if (asked.kind !== 'cancel') return this.answer(await this.enqueue(row), false);
    this.outbox.notify();
    await this.runner.run(row.action, worker, takenAt, this.stopping.signal);
    return this.answer(row, false);
  }

  /** Asked again under a key that is known. */
  private async repeat(row: ActionRow, requestHash: string): Promise<Submitted> {
    if (row.requestHash !== requestHash)
      throw refuse(
        calls.submitAction,
        'idempotency_conflict',
        'This Idempotency-Key was used for another request. Use a new key for each thing that is wanted.',
        { actionId: row.action.id },
      );
    // The process that took it in may have been cut off before the queue had it.
    const isUnaccepted = row.action.state === 'queued' && row.queueSeq === null;
    return this.answer(isUnaccepted ? await this.enqueue(row) : row, true);
  }

  /** @throws {CallError} when something speaks against it; ends a lease that it overrides */
  private async admit(asked: Asked, source: string): Promise<void> {
    const { providerId, fencingToken, confirmed } = asked;
    const world = await this.worlds.of(providerId);
    const stale = await this.tokens.objectionTo(asked, world);
    const objection = objectionTo(asked, world) ?? stale;
    if (objection !== null)
      throw refuse(calls.submitAction, objection.code, objection.message, objection.details);
    if (world.lease === null || !confirmed || fencingToken !== null) return;
    if (asked.kind !== 'cancel') await this.refuseIfFull(providerId);
    await this.leases.end(providerId, source);
  }

  /** Before a lease is ended for nothing; that the queue has room is for the bus to say. */
  private async refuseIfFull(providerId: string): Promise<void> {
    const queued = (await openActions(this.db, providerId)).filter(({ turn }) => turn !== null);
    if (queued.length >= ACTION_QUEUE_DEPTH) throw await this.full(providerId);
  }

  private async enqueue(row: ActionRow): Promise<ActionRow> {
    const { id, providerId } = row.action;
    let place: Place | 'full';
    try {
      place = await this.queue.put(row.action);
    } catch (cause) {
      if (!(cause instanceof PublishError || cause instanceof RpcError)) throw cause;
      this.log.warn({ err: cause, action: id }, 'the queue did not answer');
      throw tryAgain();
    }
    if (place === 'full') {
      if (await removeUnaccepted(this.db, id)) throw await this.full(providerId);
    } else {
      await accept(this.db, id, place);
      this.outbox.notify();
    }
    return (await findAction(this.db, id)) ?? row;
  }

  private async full(providerId: string): Promise<Error> {
    const open = await openActions(this.db, providerId);
    const label = this.hosts.labelOf(providerId);
    return refuse(
      calls.submitAction,
      'queue_full',
      `${label} already has ${ACTION_QUEUE_DEPTH} actions to do. Wait for one to end, or take one back, and ask again.`,
      { open },
    );
  }

  private async answer({ action: { id } }: ActionRow, isReplay: boolean): Promise<Submitted> {
    const giveUpMs = performance.now() + this.timings.limit.cancel;
    for (;;) {
      const row = await findAction(this.db, id);
      if (row === null) throw tryAgain();
      const { action } = row;
      const isOpen = action.endedAt === null;
      if (isOpen && action.turn === null && performance.now() < giveUpMs) {
        await pause(AGAIN_MS, this.stopping.signal);
        continue;
      }
      return {
        action,
        ahead: isOpen && action.turn !== null ? await countAhead(this.db, action) : null,
        isReplay,
      };
    }
  }
}

/** Tells whether a key is used for the same again. */
export function hashOf({ request, confirm, source }: Pick<Submit, 'request' | 'confirm' | 'source'>): string {
  return createHash('sha256')
    .update(JSON.stringify([request, confirm, source]))
    .digest('hex');
}

const tryAgain = (): RpcError =>
  new RpcError(
    'unavailable',
    'The bus or the database does not answer, so it is not known whether this was taken in. Ask again with the same Idempotency-Key.',
  );
