import { homeFleet, largeFleet, noFleet } from './fleet.js';
import { animate } from './live.js';
import { FixtureServer } from './server.js';

// node dist/testing/serve.js [home|none|<number of hosts>] [port]
const [kind = 'home', port = '4173'] = process.argv.slice(2);
const now = Date.now();
const made = kind === 'home' ? homeFleet(now) : kind === 'none' ? noFleet() : largeFleet(Number(kind), now);
const server = new FixtureServer(made);
console.log(`A made-up fleet (${kind}) is at ${await server.listen(Number(port))}`);
const stop = kind === 'home' ? animate(server) : () => undefined;
process.once('SIGINT', () => {
  stop();
  void server.close();
});
