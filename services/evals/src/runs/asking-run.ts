import type { EvalItem, EvalSuite, Fingerprint } from '@boocontrol/contracts';
import { changedSince, MeasureError, openChat, type Chat } from '@boocontrol/measure';
import {
  areGpusKnown,
  failed,
  gpusOf,
  interrupted,
  isSettled,
  isTransientDbError,
  LiveFleet,
  LOG,
  Outbox,
  pause,
  shows,
  type Address,
  type Circumstances,
  type JobEnding,
  type Log,
} from '@boocontrol/platform';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Sandboxes } from '../grading/sandboxes.js';
import { Suites } from '../suites/suites.js';
import { counterOf } from './counter.js';
import { ENGINE, type Engine } from './engine.js';
import { GpuMemory } from './gpu-memory.js';
import { jobs } from './jobs.js';
import { Marks } from './marks.js';
import { OUR_SOURCE } from './our-source.js';
import { Progress } from './progress.js';
import { quantOf } from './quant.js';
import { asJson, type RunRow } from './run-row.js';
import { SampleRun, type SampleParts } from './sample-run.js';
import {
  beginSample,
  openSamples,
  storeSample,
  type Held,
  type PlannedSample,
} from './samples.repository.js';
import { Scoring } from './scoring.js';
import { HostTroubleError } from './sending.js';
import { EVAL_TIMINGS, type EvalTimings } from './timings.js';

const DATABASE_AGAIN_MS = 500;
/** For people: how long a sample may take, in seconds. */
const GUESSED_SAMPLE_S = 10;
const WEEK_S = 7 * 86_400;
/** So many samples in a row that the host did not answer, and it is left alone. */
const MAX_TROUBLES = 10;

/** The run is another worker's; its hold says so as well. */
class NotOursError extends Error {}

/** What goes along from sample to sample. */
interface Course {
  held: Held;
  items: ReadonlyMap<string, EvalItem>;
  suite: EvalSuite;
  parts: Omit<SampleParts, 'item' | 'seed'>;
  /** Samples in a row that ended in an error which is not the model's. */
  troubles: number;
  signal: AbortSignal;
  isStillOurs: Circumstances['isStillOurs'];
}

/** Asks the samples of a run that have no outcome yet, as many side by side as the run says. */
@Injectable()
export class AskingRun {
  constructor(
    @Inject(DataSource) private readonly db: DataSource,
    @Inject(LOG) private readonly log: Log,
    @Inject(Outbox) private readonly outbox: Outbox,
    @Inject(LiveFleet) private readonly live: LiveFleet,
    @Inject(Suites) private readonly suites: Suites,
    @Inject(Sandboxes) private readonly sandboxes: Sandboxes,
    @Inject(Marks) private readonly marks: Marks,
    @Inject(Scoring) private readonly scoring: Scoring,
    @Inject(ENGINE) private readonly engine: Engine,
    @Inject(EVAL_TIMINGS) private readonly timings: EvalTimings,
  ) {}

  /** How long it will take, roughly, in seconds. */
  expectedS({ run: { total, done, concurrency } }: RunRow): number {
    return Math.min(WEEK_S, Math.ceil(((total - done) * GUESSED_SAMPLE_S) / concurrency));
  }

  /**
   * @returns how the run ends
   * @throws the signal's reason when that fires: samples under way are dropped then
   * @throws {MeasureError} when nothing can be asked
   */
  async work(
    row: RunRow,
    worker: string,
    { url, apiKey }: Address,
    { signal, leaseId, isStillOurs }: Circumstances,
  ): Promise<JobEnding> {
    const { id, providerId, model, suiteName, suiteHash } = row.run;
    const found = await this.suites.find(suiteName, suiteHash);
    if (found === null) return failed(SUITE_GONE);
    const within = { withinMs: this.timings.settleMs, signal };
    await shows(this.live, providerId, areGpusKnown, within);
    const gpus = gpusOf(this.live.state?.hosts[providerId]);
    const { temperature, topP = null, topK = null, minP = null } = row.sampler;
    const chat = await openChat({
      ...{ url, model, apiKey, gpus, signal, runId: id, source: OUR_SOURCE },
      ...{ suite: suiteHash, sampling: { temperature, topP, topK, minP } },
    });
    try {
      const changed = changesOf(row.fingerprint, chat.fingerprint);
      if (changed.length > 0) return hostChanged(changed);
      const held = { id, worker, leaseId };
      await this.look(held, row, chat, signal);
      // Facts of what loading has done come a moment later, and must not look like what others do.
      const settled = { providerId, model: chat.model };
      await shows(this.live, providerId, (host) => isSettled(host, settled), within);
      const { db, outbox, log, scoring, marks, timings } = this;
      const memory = new GpuMemory(chat.model, timings.gpuLagMs);
      const host = () => this.live.state?.hosts[providerId];
      const progress = new Progress({ db, outbox, log, scoring, marks, memory, host, timings }, id);
      try {
        await this.all(
          await this.courseOf(held, row, found.suite, chat, { signal, isStillOurs }),
          row.run.concurrency,
        );
      } finally {
        await progress.stop();
      }
      await this.noteMemory(held, memory, signal);
      await this.marks.settle(id, signal);
      return { state: 'succeeded', reason: null };
    } catch (error) {
      if (error instanceof HostTroubleError) return interrupted(error.problem);
      throw error;
    } finally {
      await chat.close();
    }
  }

  private async courseOf(
    held: Held,
    row: RunRow,
    suite: EvalSuite,
    chat: Chat,
    { signal, isStillOurs }: Pick<Circumstances, 'signal' | 'isStillOurs'>,
  ): Promise<Course> {
    const items = new Map(suite.items.map((item) => [item.id, item]));
    const { db, live, timings, engine } = this;
    const parts = {
      countTokens: counterOf(chat),
      ...{ runId: held.id, chat, engine, sampler: row.sampler, db, signal, timings },
      suite: { ...suite, sampler: row.sampler },
      sandbox: await this.sandboxes.first(),
      isBack: () =>
        shows(live, row.run.providerId, ({ liveness }) => liveness?.state === 'connected', {
          withinMs: timings.awayMs,
          signal,
        }),
    };
    return { held, items, suite, parts, troubles: 0, signal, isStillOurs };
  }

  /** What is known of the host once it was looked at. */
  private async look(held: Held, row: RunRow, chat: Chat, signal: AbortSignal): Promise<void> {
    const { fingerprint, loadMs } = chat;
    const noted = await this.insist(signal, () =>
      jobs.changeMine(this.db.manager, held.id, held.worker, {
        set: `fingerprint = coalesce(fingerprint, $3), load_ms = coalesce(load_ms, $4), quant = coalesce(quant, $5)`,
        params: [asJson(fingerprint), loadMs, quantOf(fingerprint.file, row.run.model)],
      }),
    );
    if (noted === null) throw new NotOursError();
  }

  private async noteMemory(held: Held, { told }: GpuMemory, signal: AbortSignal): Promise<void> {
    const noted = await this.insist(signal, () =>
      jobs.changeMine(this.db.manager, held.id, held.worker, {
        set: `vram_mb = $3, vram_reason = $4`,
        params: [told.vramMb, told.vramReason],
      }),
    );
    if (noted === null) throw new NotOursError();
  }

  /** The first thing that goes wrong ends the others as well. */
  private async all(course: Course, concurrency: number): Promise<void> {
    const waiting = await openSamples(this.db, course.held.id);
    const failing = new AbortController();
    const signal = AbortSignal.any([course.signal, failing.signal]);
    const own: Course = { ...course, signal, parts: { ...course.parts, signal } };
    const lane = async (): Promise<void> => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        signal.throwIfAborted();
        await this.one(own, next);
      }
    };
    const lanes = Array.from({ length: concurrency }, () =>
      lane().catch((error: unknown) => {
        failing.abort(error);
        throw error;
      }),
    );
    const ended = await Promise.allSettled(lanes);
    course.signal.throwIfAborted();
    if (failing.signal.aborted) throw failing.signal.reason;
    for (const one of ended) if (one.status === 'rejected') throw one.reason;
  }

  /** One sample, whole; @throws the signal's reason when that fires, and the sample is dropped */
  private async one(course: Course, { item: itemId, n, seed }: PlannedSample): Promise<void> {
    const { held, parts, signal } = course;
    const item = course.items.get(itemId);
    if (item === undefined) throw new Error(`the suite has no item ${itemId}`);
    const attempt = await this.insist(signal, () => beginSample(this.db, held, n));
    if (attempt === null) throw new NotOursError();
    const done = await new SampleRun({ ...parts, item, seed }, n, attempt).run();
    await course.isStillOurs();
    const isStored = await this.insist(signal, () => storeSample(this.db, held, n, done));
    if (!isStored) throw new NotOursError();
    course.troubles = done.grade.outcome === 'harness_error' ? course.troubles + 1 : 0;
    if (course.troubles >= MAX_TROUBLES && done.grade.reason !== null)
      throw new HostTroubleError(
        {
          code: 'too_many_errors',
          message: `${MAX_TROUBLES} samples in a row could not be asked or graded. The last one: ${done.grade.reason.message}`,
        },
        false,
      );
  }

  /** An answer is worth waiting for a database that is away. */
  private async insist<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await work();
      } catch (error) {
        if (signal.aborted || !isTransientDbError(error)) throw error;
        this.log.warn({ err: error }, 'the database does not take a sample, trying again');
        await pause(DATABASE_AGAIN_MS, signal);
      }
    }
  }
}

const SUITE_GONE = {
  code: 'unknown_suite',
  message: 'This version of its suite is not there any more, so nothing can be asked.',
};

/** Other models in memory change how fast a model answers, not what. */
function changesOf(before: Fingerprint | null, now: Fingerprint): string[] {
  if (before === null) return [];
  return changedSince({ ...before, otherModels: [] }, { ...now, otherModels: [] });
}

/** Going on would put answers of two different models into one score. */
const hostChanged = (changed: readonly string[]): JobEnding =>
  interrupted({
    code: 'host_changed',
    message: `The host is not what it was when this run began (${changed.join('; ')}), so its samples would not go together. Begin a new run.`,
    details: { changed },
  });

export const failureOf = (error: unknown): JobEnding | null =>
  error instanceof MeasureError ? failed({ code: error.code, message: error.message }) : null;
