import { Baselines1764000300000 } from './baselines/baselines.migration.js';
import { Runs1764000100000 } from './runs/runs.migration.js';
import { Schedules1764000400000 } from './schedules/schedules.migration.js';
import { Suites1764000000000 } from './suites/suites.migration.js';

/** Schema `bench`, in order. */
export const migrations = [
  Suites1764000000000,
  Runs1764000100000,
  Baselines1764000300000,
  Schedules1764000400000,
];
