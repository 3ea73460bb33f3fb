import { JobFactSchema, STREAM, subjects, type JobFact } from '@boocontrol/contracts';
import { waitFor } from '@boocontrol/testing';
import type { World } from './world.js';

/** Facts of a job that are on the log, in the order in which they were stated. */
export async function jobFacts(world: World, kind: JobFact['kind'], id: string): Promise<JobFact[]> {
  const stored = await world.stored(STREAM.jobs, subjects.job(kind, id, '*' as JobFact['event']));
  return stored.map((fact) => JobFactSchema.parse(fact)).sort((a, b) => (a.n ?? 0) - (b.n ?? 0));
}

/** Events of its facts but progress, once the last one of them is there. */
export function jobEvents(
  world: World,
  kind: JobFact['kind'],
  id: string,
  last: JobFact['event'],
): Promise<string[]> {
  return waitFor(
    async () => {
      const facts = await jobFacts(world, kind, id);
      const events = facts.map(({ event }) => event).filter((event) => event !== 'progress');
      return events.at(-1) === last ? events : undefined;
    },
    { what: `the fact ${last} of ${id}` },
  );
}
