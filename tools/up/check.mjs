// npm run check: everything that needs no server. Format, lint with the borders of the map, types, unit tests.
import { bin, fail, nxTargets, prepare, run, say } from './prepare.mjs';

prepare();
const failed = [];
function step(name, command, args) {
  say(`${name} …`);
  if (!run(command, args, { show: true })) failed.push(name);
}
step('Format', bin('prettier'), ['--check', '--log-level=warn', '.']);
step('Lint, types and unit tests', bin('nx'), nxTargets(['lint', 'typecheck', 'test:unit'], 2));
if (failed.length > 0) fail(`Failed: ${failed.join(', ')}`);
say('All checks passed.');
