import { outboxMigration } from '@boocontrol/platform';
import { Actions1763800100000 } from './actions/actions.migration.js';
import { ForeignEnd1763800220000 } from './leases/foreign-end.migration.js';
import { Leases1763800200000 } from './leases/leases.migration.js';
import { SCHEMA } from './schema.js';

/** Schema `actions`, in order. */
export const migrations = [
  outboxMigration(SCHEMA, 1763800000000),
  Actions1763800100000,
  Leases1763800200000,
  ForeignEnd1763800220000,
];
