import { FleetCaptures1763650000002 } from './captures/schema.migration.js';
import { FleetCaptureSearch1763650000010 } from './captures/search.migration.js';
import { FleetCaptureIndex1763650000011 } from './captures/search-index.migration.js';
import { FleetDispatches1763650000009 } from './dispatches/schema.migration.js';
import { FleetEventsOfHost1763650000008 } from './events/of-host.migration.js';
import { FleetMaintenance1763650000004 } from './maintenance/schema.migration.js';
import { FleetPerf1763650000001 } from './perf/schema.migration.js';
import { FleetNewestMessage1763650000006 } from './projection/newest-message.migration.js';
import { FleetProjections1763650000005 } from './projection/projections.migration.js';
import { FleetPrompts1763650000007 } from './projection/prompt.migration.js';
import { FleetHistory1763650000000 } from './projection/schema.migration.js';
import { FleetHosts1763650000003 } from './providers/schema.migration.js';

/** Schema `fleet`, in order. */
export const migrations = [
  FleetHistory1763650000000,
  FleetPerf1763650000001,
  FleetCaptures1763650000002,
  FleetHosts1763650000003,
  FleetMaintenance1763650000004,
  FleetProjections1763650000005,
  FleetNewestMessage1763650000006,
  FleetPrompts1763650000007,
  FleetEventsOfHost1763650000008,
  FleetDispatches1763650000009,
  FleetCaptureSearch1763650000010,
  FleetCaptureIndex1763650000011,
];
