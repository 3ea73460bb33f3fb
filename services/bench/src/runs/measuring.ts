import type { Cell, Sample } from '@boocontrol/contracts';
import {
  changedSince,
  fingerprintKey,
  openSession,
  type MeasureEvent,
  type Session,
} from '@boocontrol/measure';
import {
  areGpusKnown,
  gpusOf,
  insertSent,
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
import { SCHEMA } from '../schema.js';
import { Marks } from './marks.js';
import {
  beginCell,
  cellsOfRun,
  cellsToRedo,
  doneCells,
  planCells,
  storeCell,
  type Planned,
} from './cells.repository.js';
import { hostChanged, wholeEnding } from './ending.js';
import { noteLooked } from './held-runs.repository.js';
import { OwnRequests } from './own-requests.js';
import { Progress } from './progress.js';
import type { RunRow } from './run-row.js';
import { BENCH_TIMINGS, type BenchTimings } from './timings.js';

const DATABASE_AGAIN_MS = 500;
/** In the place of a cell: none came of it. */
const NO_CELL = -1;
/** For people: how long a request may take, in seconds. */
const GUESSED_REQUEST_S = 10;
const WEEK_S = 7 * 86_400;

/** The run is another worker's; its hold says so as well. */
class NotOursError extends Error {}

/** What goes along from cell to cell. */
interface Course {
  row: RunRow;
  worker: string;
  session: Session;
  own: OwnRequests;
  progress: Progress;
  spent: { ms: number; errors: number };
  /** What the host said of the last request that failed; null: none did. */
  error: string | null;
  signal: AbortSignal;
  isStillOurs: Circumstances['isStillOurs'];
}

/** Measures the cells of a run that are not measured yet, one after the other. */
@Injectable()
export class Measuring {
  constructor(
    @Inject(DataSource) private readonly db: DataSource,
    @Inject(LOG) private readonly log: Log,
    @Inject(Outbox) private readonly outbox: Outbox,
    @Inject(LiveFleet) private readonly live: LiveFleet,
    @Inject(Marks) private readonly marks: Marks,
    @Inject(BENCH_TIMINGS) private readonly timings: BenchTimings,
  ) {}

  /** How long it will take, roughly, in seconds. */
  expectedS({ suite }: RunRow): number {
    const { maxS } = suite.stop;
    const requests =
      suite.promptTokens.length * suite.outputTokens.length * suite.depth.length * suite.repetitions;
    return Math.min(WEEK_S, Math.ceil(maxS ?? requests * GUESSED_REQUEST_S));
  }

  /**
   * @returns how the run ends
   * @throws the signal's reason when that fires: the cell under way is dropped then
   * @throws {MeasureError} when nothing can be measured
   */
  async measure(
    row: RunRow,
    worker: string,
    { url, apiKey }: Address,
    { signal, isStillOurs }: Circumstances,
  ): Promise<JobEnding> {
    const { id, providerId, model, seed } = row.run;
    const within = { withinMs: this.timings.settleMs, signal };
    await shows(this.live, providerId, areGpusKnown, within);
    let course: Course | null = null;
    const own = new OwnRequests();
    const onEvent = (event: MeasureEvent): void => {
      if (event.kind === 'sample' && course !== null) takeSample(course, event.sample, event.isWarmup);
      if (event.kind !== 'counted') return;
      const { tookMs, promptTokens, outputTokens } = event;
      own.takeCount({ tookMs, promptTokens, outputTokens });
    };
    const gpus = gpusOf(this.live.state?.hosts[providerId]);
    const { suite } = row;
    const asked = { url, model, apiKey, suite, seed, runId: id, gpus, signal, onEvent };
    const session = await openSession(asked).catch(async (error: unknown) => {
      await this.noteUncelled(row, own);
      throw error;
    });
    try {
      const changed = row.fingerprint === null ? [] : changedSince(row.fingerprint, session.fingerprint);
      if (changed.length > 0) return hostChanged(changed);
      await this.look(row, worker, session, signal);
      // Facts of what loading has done come a moment later, and must not look like what others do.
      await shows(
        this.live,
        providerId,
        (host) => isSettled(host, { providerId, model: session.model }),
        within,
      );
      const { db, outbox, log } = this;
      const done = (await doneCells(db, id)).length;
      const parts = { db, outbox, log, everyMs: this.timings.progressMs };
      const progress = new Progress(parts, id, done, row.rerun ? row.run.cellsTotal : session.total);
      const spent = { ms: row.spentMs, errors: row.spentErrors };
      own.countFrom(session.clockMs);
      course = { row, worker, session, own, progress, spent, error: null, signal, isStillOurs };
      try {
        await this.all(course);
      } finally {
        await progress.stop();
      }
      await this.marks.settle(id, signal);
      return wholeEnding(await cellsOfRun(db, id), session.over(course.spent), course.error);
    } finally {
      await this.noteUncelled(row, own);
      await session.close();
    }
  }

  /** What was sent without a cell that came of it: the host tells of it to the next run, too. */
  private async noteUncelled({ run: { id, version } }: RunRow, own: OwnRequests): Promise<void> {
    const place = { runId: id, cell: NO_CELL, attempt: version };
    await insertSent(this.db.manager, SCHEMA, place, own.sent).catch(() => undefined);
    own.next();
  }

  private async look(row: RunRow, worker: string, session: Session, signal: AbortSignal): Promise<void> {
    const { fingerprint, calibration, loadMs } = session;
    const total = row.rerun ? row.run.cellsTotal : session.total;
    const looked = { fingerprint, fingerprintKey: fingerprintKey(fingerprint), calibration, loadMs, total };
    const { db } = this;
    const isOurs = await this.insist(signal, async () => {
      const noted = await noteLooked(db, row.run.id, worker, looked);
      if (noted !== null && !row.rerun) await planCells(db.manager, row.run.id, toCome(session));
      return noted !== null;
    });
    if (!isOurs) throw new NotOursError();
  }

  private async all(course: Course): Promise<void> {
    const { row, session } = course;
    for (const { index, name, spec } of await cellsToRedo(this.db, row.run.id)) {
      const planned = { index, name, spec, requests: 0 };
      await this.cell(course, planned, session.over(course.spent));
    }
    if (row.rerun) return;
    const done = await doneCells(this.db, row.run.id);
    for (let next = session.next(done, course.spent); next !== null; next = session.next(done, course.spent))
      done.push(await this.cell(course, next, next.skip));
  }

  /** One cell, whole; @throws the signal's reason when that fires, and the cell is dropped */
  private async cell(course: Course, planned: Planned, skip: string | null): Promise<Cell> {
    const { row, worker, session, own, progress, signal } = course;
    const { id } = row.run;
    const held = { id, worker };
    signal.throwIfAborted();
    const attempt = await this.insist(signal, () => beginCell(this.db, held, planned));
    if (attempt === null) throw new NotOursError();
    progress.begin(planned.index);
    const { index } = planned;
    const options = { attempt: attempt - 1, spent: course.spent, skip };
    const { cell, samples, spent } = await session
      .measureCell(index, planned.spec, options)
      .then(async (whole) => {
        signal.throwIfAborted();
        await course.isStillOurs();
        return whole;
      });
    const measured = { index, attempt, cell, samples, sent: own.sent, window: own.window, spent };
    const stored = await this.insist(signal, () => storeCell(this.db, held, measured));
    if (stored === null) throw new NotOursError();
    own.next();
    this.outbox.notify();
    course.spent = spent;
    progress.end();
    await this.insist(signal, () => this.marks.judge(id));
    return cell;
  }

  /** What was measured is worth waiting for a database that is away. */
  private async insist<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await work();
      } catch (error) {
        if (signal.aborted || !isTransientDbError(error)) throw error;
        this.log.warn({ err: error }, 'the database does not take what was measured, trying again');
        await pause(DATABASE_AGAIN_MS, signal);
      }
    }
  }
}

function takeSample(course: Course, sample: Sample, isWarmup: boolean): void {
  course.own.take(sample, isWarmup);
  if (!isWarmup) course.progress.take(sample);
  if (sample.error !== null) course.error = sample.error.message;
}

/** Cells as they will come if none is left out; none where a search decides as it goes. */
function toCome(session: Session): Planned[] {
  const done: Cell[] = [];
  const planned: Planned[] = [];
  while (session.total !== null && planned.length < session.total) {
    const next = session.next(done);
    if (next === null) break;
    const { index, name, spec, requests } = next;
    planned.push({ index, name, spec, requests });
    done.push({
      ...{ name, spec, state: 'measured', reason: null, warmups: 0, figures: {}, pollution: [] },
      requests: { asked: requests, ok: 0, errors: 0, incomplete: 0, aborted: 0 },
    });
  }
  return planned;
}
