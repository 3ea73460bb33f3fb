import { manyRuns } from './bench-runs.js';
import { manyEvals, oneEval } from './eval-runs.js';
import { homeFleet, largeFleet, noFleet, type MadeFleet } from './fleet.js';
import { kindsFleet } from './kinds.js';
import { homeKeys } from './keys.js';
import { animate } from './live.js';
import { homeLogs } from './logs.js';
import { FixtureServer } from './server.js';
import { busyGateways } from './under-way.js';

// node dist/testing/serve.js [home|kinds|none|<number of hosts>] [port] [many|one|none: runs of evals]
const [kind = 'home', port = '4173', evals = 'many'] = process.argv.slice(2);
const now = Date.now();
const MADE: Readonly<Record<string, (nowMs: number) => MadeFleet>> = {
  home: homeFleet,
  kinds: kindsFleet,
  none: noFleet,
};
const made = MADE[kind]?.(now) ?? largeFleet(Number(kind), now);
const server = new FixtureServer(made);
if (kind !== 'none') {
  server.keys.list = homeKeys(now);
  server.bench.runs = manyRuns(60, now);
  homeLogs(server.logs, made, now);
  server.evals.runs = evals === 'many' ? manyEvals(now) : evals === 'one' ? oneEval(now) : [];
}
if (kind === 'home' || kind === 'kinds') server.routing.show(busyGateways(now));
console.log(`A made-up fleet (${kind}) is at ${await server.listen(Number(port))}`);
const stop = kind === 'home' || kind === 'kinds' ? animate(server) : () => undefined;
process.once('SIGINT', () => {
  stop();
  void server.close();
});
