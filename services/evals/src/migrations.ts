import { outboxMigration } from '@boocontrol/platform';
import { Contamination1764100200000 } from './runs/contamination.migration.js';
import { Checks1764200100000 } from './suites/checks.migration.js';
import { Memory1764200000000 } from './runs/memory.migration.js';
import { Runs1764100100000 } from './runs/runs.migration.js';
import { Rescoring1764200200000 } from './rescoring/rescoring.migration.js';
import { SCHEMA } from './schema.js';
import { Suites1764100050000 } from './suites/suites.migration.js';

/** Schema `evals`, in order. */
export const migrations = [
  outboxMigration(SCHEMA, 1764099900000),
  Suites1764100050000,
  Runs1764100100000,
  Contamination1764100200000,
  Memory1764200000000,
  Checks1764200100000,
  Rescoring1764200200000,
];
