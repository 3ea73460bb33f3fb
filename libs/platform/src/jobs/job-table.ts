import {
  subjects,
  type Instant,
  type JobEvent,
  type JobFact,
  type LeaseEntry,
  type Problem,
} from '@boocontrol/contracts';
import type { DataSource, EntityManager } from 'typeorm';
import { instantSql } from '../db/instant-sql.js';
import { addToOutbox } from '../outbox/outbox.repository.js';
import type { JobEnding } from './job-ending.js';
import type { Beat } from './job-hold.js';

type BodyOf<E extends JobEvent> = Extract<JobFact, { event: E }>['body'];

/** What of a job its facts and its queue need. */
export interface Job {
  id: string;
  /** Counts its changes. */
  version: number;
  providerId: string;
}

export interface JobTableOptions<Row extends { run: Job }> {
  /** Of the service; its table `runs` is meant, and its outbox. */
  schema: string;
  /** Word in the subjects of its facts. */
  kind: string;
  /** What RETURNING gives for a Row. */
  returning: string;
  /** What to call it for a person. */
  titleOf: (row: Row) => string;
  /** How its leases are told of, and X-Boo-Source of what is sent under them. */
  holder: string;
  source: string;
}

/** One change of a job. */
export interface JobChange {
  /** Assignments, with parameters from $2. */
  set: string;
  /** With the same parameters. */
  condition: string;
  params: readonly unknown[];
}

/** An open job, and how long it has been as it is, in milliseconds. */
export interface OpenJob extends Job {
  idleMs: number;
}

const MINE = `state = 'running' AND worker = $2`;

/**
 * Jobs of one service that have a host to themselves, as rows of its table `runs` with the columns id, version, provider_id,
 * state, queued_at, started_at, ended_at, worker, heartbeat_at, takeovers, lease_id, cancelled_by, facts_told. Whoever holds
 * a job that has begun is alone in changing it.
 */
export class JobTable<Row extends { run: Job }> {
  readonly kind: string;
  readonly holder: string;
  readonly source: string;
  private readonly runs: string;

  constructor(private readonly options: JobTableOptions<Row>) {
    this.kind = options.kind;
    this.holder = options.holder;
    this.source = options.source;
    this.runs = `${options.schema}.runs`;
  }

  async find(db: DataSource | EntityManager, id: string): Promise<Row | null> {
    const sql = `SELECT ${this.options.returning} FROM ${this.runs} WHERE id = $1`;
    const [row] = await db.query<Row[]>(sql, [id]);
    return row ?? null;
  }

  /** If the condition still holds; null when it does not. */
  async change(
    manager: EntityManager,
    id: string,
    { set, condition, params }: JobChange,
  ): Promise<Row | null> {
    const [[row]] = await manager.query<[Row[], number]>(
      `UPDATE ${this.runs} SET version = version + 1, ${set} WHERE id = $1 AND ${condition}
       RETURNING ${this.options.returning}`,
      [id, ...params],
    );
    return row ?? null;
  }

  /** The same, if it is this worker's. @param change with parameters from $3 */
  changeMine(
    manager: EntityManager,
    id: string,
    worker: string,
    { set, params }: Pick<JobChange, 'set' | 'params'>,
  ): Promise<Row | null> {
    return this.change(manager, id, { set, condition: MINE, params: [worker, ...params] });
  }

  /** States a fact of it, in the transaction that changes what it tells of. */
  async tell<E extends JobEvent>(manager: EntityManager, row: Row, event: E, body: BodyOf<E>): Promise<void> {
    // TypeORM answers an UPDATE with its rows and their number.
    const [[told]] = await manager.query<[{ n: number; at: Instant }[], number]>(
      `UPDATE ${this.runs} SET facts_told = facts_told + 1 WHERE id = $1
       RETURNING facts_told AS n, ${instantSql('clock_timestamp()')} AS at`,
      [row.run.id],
    );
    if (told === undefined) throw new Error(`there is no run ${row.run.id}`);
    const { n, at } = told;
    const { id, providerId } = row.run;
    const { kind, schema, titleOf } = this.options;
    await addToOutbox(manager, schema, {
      subject: subjects.job(kind, id, event),
      msgId: `${id}:${n}`,
      body: { kind, run: id, n, event, at, providerId, title: titleOf(row), body },
    });
  }

  /** Puts it at the end of the queue of its host, in the transaction that queues it. */
  async enqueue(manager: EntityManager, { run }: { run: Job }): Promise<void> {
    await addToOutbox(manager, this.options.schema, {
      subject: subjects.queuedJob(this.kind, run.providerId),
      msgId: `${run.id}:queue:${run.version}`,
      body: { run: run.id, providerId: run.providerId },
    });
  }

  /** From now on this worker may use the host. null: it is not queued any more. */
  begin(db: DataSource, id: string, worker: string): Promise<Row | null> {
    return db.transaction(async (manager) => {
      const row = await this.change(manager, id, {
        set: `state = 'running', started_at = coalesce(started_at, clock_timestamp()), worker = $2,
          heartbeat_at = clock_timestamp(), takeovers = 0`,
        condition: `state = 'queued'`,
        params: [worker],
      });
      if (row !== null) await this.tell(manager, row, 'running', {});
      return row;
    });
  }

  /** Has its worker, or the next one, end it. null: it is not running any more. */
  askToCancel(db: DataSource, id: string, by: string): Promise<Row | null> {
    const condition = `state = 'running'`;
    return this.change(db.manager, id, { set: `cancelled_by = $2`, condition, params: [by] });
  }

  async heartbeat(db: DataSource, id: string, worker: string): Promise<Beat> {
    const [[row]] = await db.query<[{ isCancelAsked: boolean }[], number]>(
      `UPDATE ${this.runs} SET heartbeat_at = clock_timestamp() WHERE id = $1 AND ${MINE}
       RETURNING cancelled_by IS NOT NULL AS "isCancelAsked"`,
      [id, worker],
    );
    return { isOurs: row !== undefined, isCancelAsked: row?.isCancelAsked === true };
  }

  /** null: it is not this worker's any more. */
  noteLease(db: DataSource, id: string, worker: string, leaseId: string): Promise<Row | null> {
    return this.changeMine(db.manager, id, worker, { set: `lease_id = $3`, params: [leaseId] });
  }

  /** The worker goes without ending it: the next one need not wait. */
  async letGo(db: DataSource, id: string, worker: string): Promise<void> {
    await db.query(`UPDATE ${this.runs} SET worker = NULL WHERE id = $1 AND ${MINE}`, [id, worker]);
  }

  /**
   * Takes over what a worker began and does not work on any more.
   * @param abandonedMs milliseconds without a heartbeat
   * @returns null: somebody works on it, or it has ended
   */
  async takeOver(
    manager: EntityManager,
    id: string,
    worker: string,
    abandonedMs: number,
  ): Promise<Row | null> {
    const [[row]] = await manager.query<[Row[], number]>(
      `UPDATE ${this.runs} SET worker = $2, heartbeat_at = clock_timestamp(), takeovers = takeovers + 1
       WHERE id = $1 AND state = 'running' AND
         (worker IS NULL OR heartbeat_at < clock_timestamp() - make_interval(secs => $3::float8 / 1000))
       RETURNING ${this.options.returning}`,
      [id, worker, abandonedMs],
    );
    return row ?? null;
  }

  /** Ends what this worker holds, with the fact of it. null: it is another's. @param also further assignments, from $5 */
  async end(
    manager: EntityManager,
    id: string,
    worker: string,
    { state, reason }: JobEnding,
    also: Pick<JobChange, 'set' | 'params'> = { set: '', params: [] },
  ): Promise<Row | null> {
    return this.changeMine(manager, id, worker, {
      set: `state = $3, reason = $4, ended_at = clock_timestamp(), worker = NULL${also.set}`,
      params: [state, reason === null ? null : JSON.stringify(reason), ...also.params],
    });
  }

  /** The fact that it has ended so. */
  async tellEnding(manager: EntityManager, row: Row, { state, reason }: JobEnding): Promise<void> {
    if (state === 'failed' || state === 'interrupted')
      await this.tell(manager, row, state, { reason: reason ?? UNSAID });
    else await this.tell(manager, row, state, {});
  }

  /**
   * Whether a lease was acquired for a job that nobody works on: then nobody needs it any more. A worker that was killed may
   * not have written down which one it had: then it is one of ours while no other job of the host is under way.
   */
  async isLeftOver(db: DataSource, lease: NamedLease, id: string): Promise<boolean> {
    const rows = await db.query<unknown[]>(
      `SELECT 1 FROM ${this.runs} WHERE lease_id = $1 AND (id = $2 OR state <> 'running')
       UNION ALL
       SELECT 1 WHERE $3 AND NOT EXISTS (
         SELECT 1 FROM ${this.runs} WHERE provider_id = $4 AND state = 'running' AND id <> $2)`,
      [lease.leaseId, id, this.isNamedOurs(lease), lease.providerId],
    );
    return rows.length > 0;
  }

  /** Whether a job of this table is under way under this lease, or has acquired it just now and not yet written that down. */
  async isOurLease(db: DataSource, lease: NamedLease): Promise<boolean> {
    const rows = await db.query<unknown[]>(
      `SELECT 1 FROM ${this.runs} WHERE lease_id = $1 OR ($2 AND provider_id = $3 AND state = 'running')`,
      [lease.leaseId, this.isNamedOurs(lease), lease.providerId],
    );
    return rows.length > 0;
  }

  private isNamedOurs({ holder, source }: NamedLease): boolean {
    return holder === this.holder && source === this.source;
  }

  /** Oldest first. */
  open(db: DataSource): Promise<OpenJob[]> {
    return db.query(
      `SELECT id, provider_id AS "providerId", version,
         extract(epoch FROM clock_timestamp() - greatest(queued_at, heartbeat_at))::float8 * 1000 AS "idleMs"
       FROM ${this.runs} WHERE ended_at IS NULL ORDER BY queued_at LIMIT 5000`,
    );
  }

  /** Puts an open job into the queue once more. false: it has ended meanwhile. */
  enqueueAgain(db: DataSource, id: string): Promise<boolean> {
    return db.transaction(async (manager) => {
      const change = { set: `queued_at = queued_at`, condition: `ended_at IS NULL`, params: [] };
      const row = await this.change(manager, id, change);
      if (row !== null) await this.enqueue(manager, row);
      return row !== null;
    });
  }
}

type NamedLease = Pick<LeaseEntry, 'leaseId' | 'providerId' | 'holder' | 'source'>;

const UNSAID: Problem = { code: 'unknown', message: 'It ended without saying why.' };
