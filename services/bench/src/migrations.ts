import { outboxMigration } from '@boocontrol/platform';
import { Baselines1764000300000 } from './baselines/baselines.migration.js';
import { Contamination1764000200000 } from './contamination/contamination.migration.js';
import { Runs1764000100000 } from './runs/runs.migration.js';
import { Schedules1764000400000 } from './schedules/schedules.migration.js';
import { SCHEMA } from './schema.js';
import { Suites1764000000000 } from './suites/suites.migration.js';

/** Schema `bench`, in order. */
export const migrations = [
  outboxMigration(SCHEMA, 1763999900000),
  Suites1764000000000,
  Runs1764000100000,
  Contamination1764000200000,
  Baselines1764000300000,
  Schedules1764000400000,
];
