import { subjects, type Instant, type JobEvent, type JobFact } from '@boocontrol/contracts';
import { addToOutbox, instantSql } from '@boocontrol/platform';
import type { EntityManager } from 'typeorm';
import { SCHEMA } from '../schema.js';
import type { RunRow } from './run-row.js';

export const KIND = 'bench';

type BodyOf<E extends JobEvent> = Extract<JobFact, { event: E }>['body'];

/** What to call a run for a person. */
export const titleOf = ({ suiteName, model }: { suiteName: string; model: string }): string =>
  `${suiteName} of ${model}`.slice(0, 200);

/** States a fact of a run, in the transaction that changes what it tells of. */
export async function tell<E extends JobEvent>(
  manager: EntityManager,
  { run }: Pick<RunRow, 'run'>,
  event: E,
  body: BodyOf<E>,
): Promise<void> {
  // TypeORM answers an UPDATE with its rows and their number.
  const [[told]] = await manager.query<[{ n: number; at: Instant }[], number]>(
    `UPDATE bench.runs SET facts_told = facts_told + 1 WHERE id = $1
     RETURNING facts_told AS n, ${instantSql('clock_timestamp()')} AS at`,
    [run.id],
  );
  if (told === undefined) throw new Error(`there is no run ${run.id}`);
  const { n, at } = told;
  const { id, providerId } = run;
  await addToOutbox(manager, SCHEMA, {
    subject: subjects.job(KIND, id, event),
    msgId: `${id}:${n}`,
    body: { kind: KIND, run: id, n, event, at, providerId, title: titleOf(run), body },
  });
}

/** Puts a run at the end of the queue of its host, in the transaction that queues it. */
export async function enqueue(manager: EntityManager, { run }: Pick<RunRow, 'run'>): Promise<void> {
  await addToOutbox(manager, SCHEMA, {
    subject: subjects.queuedJob(KIND, run.providerId),
    msgId: `${run.id}:queue:${run.version}`,
    body: { run: run.id, providerId: run.providerId },
  });
}
