import { calls, JobFactSchema, STREAM, STREAMS, subjects, type JobFact } from '@boocontrol/contracts';
import { CallError, ensureStreams } from '@boocontrol/platform';
import { jetstream } from '@nats-io/jetstream';
import { expect, it } from 'vitest';
import { jobEvents, jobFacts, openGround, World } from './index.js';

const fact = (n: number, event: JobFact['event'], run = 'r1'): JobFact =>
  JobFactSchema.parse({
    kind: 'bench',
    run,
    n,
    event,
    at: '2026-11-22T12:00:00.000000Z',
    body: event === 'progress' ? { done: n, total: 3 } : {},
  });

it('facts of a job are those of its run, in the order in which they were stated', async () => {
  const world = new World(await openGround());
  try {
    await ensureStreams(world.nc, STREAMS);
    expect(await jobFacts(world, 'bench', 'r1')).toEqual([]);

    const ended = jobEvents(world, 'bench', 'r1', 'succeeded');
    for (const stated of [
      fact(2, 'progress'),
      fact(1, 'running'),
      fact(1, 'running', 'r2'),
      fact(3, 'succeeded'),
    ])
      await jetstream(world.nc).publish(
        subjects.job('bench', stated.run, stated.event),
        JSON.stringify(stated),
      );

    expect(await ended).toEqual(['running', 'succeeded']);
    expect((await jobFacts(world, 'bench', 'r1')).map(({ n }) => n)).toEqual([1, 2, 3]);
    expect(await world.stored(STREAM.jobs, subjects.job('bench', 'r2', 'running'))).toEqual([
      fact(1, 'running', 'r2'),
    ]);
  } finally {
    await world.close();
  }
});

it('a refusal is an answer, an answer that was to be refused is none', async () => {
  const world = new World(await openGround());
  try {
    let isRefused = true;
    await world.answering(calls.removeBenchSuite, () => {
      if (isRefused) throw new CallError('unknown_suite', 404, 'There is no such suite.');
      return null;
    });
    expect(await world.refusedAs(calls.removeBenchSuite, { name: 'none' })).toBe('unknown_suite');
    isRefused = false;
    await expect(world.refused(calls.removeBenchSuite, { name: 'none' })).rejects.toThrow(
      'it was not refused',
    );
  } finally {
    await world.close();
  }
});

it('what a test started ends before what it stands on, the last first', async () => {
  const world = new World(await openGround());
  const ended: string[] = [];
  for (const name of ['first', 'second'])
    world.atEnd(async () => {
      await world.nc.flush();
      ended.push(name);
    });
  await world.close();
  expect(ended).toEqual(['second', 'first']);
});
