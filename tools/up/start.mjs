// npm start: from a fresh clone to a running cockpit. `npm start -- --help` says what it takes.
import { buildWeb, fail, prepare } from './prepare.mjs';

prepare();
const { main, parseFlags, USAGE } = await import('./dist/main.js');
const flags = parseFlags(process.argv.slice(2));
if (flags.problem) fail(`${flags.problem}\n\n${USAGE}`, 2);
if (flags.help) {
  console.log(USAGE);
  process.exit(0);
}
buildWeb();
await main(flags);
