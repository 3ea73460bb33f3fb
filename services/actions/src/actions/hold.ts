import { findModel } from '@boocontrol/fleet-model';
import { LogLineSchema, subjects, type Action, type Model, type ModelState } from '@boocontrol/contracts';
import { decodeJson, JobHold, type LiveFleet, type Log, type Outbox } from '@boocontrol/platform';
import type { NatsConnection, Subscription } from '@nats-io/transport-node';
import type { DataSource } from 'typeorm';
import { heartbeat, tellProgress } from './held-actions.repository.js';
import type { ActionTimings } from './timings.js';

const NOTE_MAX = 256;

/** What a hold works with. */
export interface HoldParts {
  db: DataSource;
  nc: NatsConnection;
  live: LiveFleet;
  outbox: Outbox;
  log: Log;
  timings: ActionTimings;
}

/**
 * A worker's hold on an action that was begun: heartbeats as long as it lasts, and facts of progress when there is any to
 * tell. Its signal fires when somebody else has taken the action over.
 */
export class Hold {
  private readonly hold: JobHold;
  private readonly lines: Subscription | null;
  private note: string | null = null;
  /** The newest log line that has not been read yet: many come for each one that is told. */
  private unread: Uint8Array | null = null;
  private told: string;
  private heardAtMs = performance.now();

  constructor(
    private readonly parts: HoldParts,
    private readonly action: Action,
    private readonly worker: string,
  ) {
    this.told = keyOf({ modelState: this.modelState, note: null });
    this.lines = action.turn === null ? null : this.listen();
    const { nc, log, timings } = parts;
    this.hold = new JobHold({
      nc,
      log: log.child({ action: action.id }),
      // Whoever asked the host cannot take that back.
      cancelSubject: null,
      everyMs: timings.progressEveryMs,
      abandonedMs: Infinity,
      beat: async () => ({ isOurs: await this.write(), isCancelAsked: false }),
    });
  }

  /** Fires when the action is not this worker's any more. */
  get signal(): AbortSignal {
    return this.hold.lost;
  }

  async release(): Promise<void> {
    if (this.lines?.isClosed() === false) this.lines.unsubscribe();
    await this.hold.release();
  }

  private get model(): Model | null {
    const { providerId, model } = this.action;
    const models = this.parts.live.state?.hosts[providerId]?.models ?? [];
    return model === null ? null : (findModel(models, model) ?? null);
  }

  private get modelState(): ModelState | null {
    return this.model?.state ?? null;
  }

  private listen(): Subscription {
    return this.parts.nc.subscribe(subjects.log(this.action.providerId, 'upstream'), {
      callback: (error, msg) => {
        if (error === null) this.unread = msg.data;
      },
    });
  }

  /** Lines that are known to be another model's say nothing of this one; the others do only while it does something. */
  private newestNote(modelState: ModelState | null): string | null {
    const isItsOwn = modelState === null || modelState === 'starting' || modelState === 'stopping';
    const said = this.unread === null || !isItsOwn ? null : decodeJson(this.unread, LogLineSchema);
    this.unread = null;
    if (!isItsOwn) this.note = null;
    if (said?.ok !== true) return this.note;
    const { line, model } = said.value;
    const isAnothers = model !== undefined && this.model !== null && model.id !== this.model.id;
    if (!isAnothers) this.note = noteOf(line) ?? this.note;
    return this.note;
  }

  /** Whether the action is still this worker's, as far as that was looked at. */
  private async write(): Promise<boolean> {
    const { db, outbox, timings } = this.parts;
    const { id } = this.action;
    const { modelState } = this;
    const now = { modelState, note: this.newestNote(modelState) };
    const key = keyOf(now);
    if (key !== this.told) {
      if ((await tellProgress(db, id, this.worker, now)) === null) return false;
      this.told = key;
      outbox.notify();
    } else {
      if (performance.now() - this.heardAtMs < timings.heartbeatEveryMs) return true;
      if (!(await heartbeat(db, id, this.worker))) return false;
    }
    this.heardAtMs = performance.now();
    return true;
  }
}

const keyOf = (progress: { modelState: ModelState | null; note: string | null }): string =>
  JSON.stringify([progress.modelState, progress.note]);

/** A line as a note: without control characters and halves of characters, cut to what a note may hold. null: empty. */
export function noteOf(line: string): string | null {
  const text = line
    .replace(/\p{Cc}+/gu, ' ')
    .trim()
    .slice(0, NOTE_MAX)
    .replace(/\p{Surrogate}/gu, '');
  return text === '' ? null : text;
}
