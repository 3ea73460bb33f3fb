// What benchmarks measure the cockpit with: made-up fleets and a server that serves the last build over them.
export { homeFleet, largeFleet, type MadeFleet } from './fleet.js';
export { gpu, perf } from './hosts.js';
export { FixtureServer, type Unnumbered } from './server.js';
export { exportedRoutes } from './script-size.js';
