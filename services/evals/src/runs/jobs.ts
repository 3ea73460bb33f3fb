import { JobTable } from '@boocontrol/platform';
import { SCHEMA } from '../schema.js';
import { HOLDER, OUR_SOURCE } from './our-source.js';
import { ROW, type RunRow } from './run-row.js';

/** What to call a run for a person. */
export const titleOf = ({ run: { suiteName, model } }: Pick<RunRow, 'run'>): string =>
  `${suiteName} of ${model}`.slice(0, 200);

/** What of a run is kept that comes to no end. */
export const STANDS = 'Samples that have their outcome stand.';

/** Runs as jobs: who holds one, its facts, its place in the queue. */
export const jobs = new JobTable<RunRow>({
  schema: SCHEMA,
  kind: 'eval',
  returning: ROW,
  titleOf,
  holder: HOLDER,
  source: OUR_SOURCE,
});
