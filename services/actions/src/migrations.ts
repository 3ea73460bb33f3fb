import { Outbox1763800000000 } from './outbox/outbox.migration.js';

/** Schema `actions`, in order. */
export const migrations = [Outbox1763800000000];
