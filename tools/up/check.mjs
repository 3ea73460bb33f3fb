// npm run check: everything that needs no server. Format, the borders of the map, lint, types, unit tests.
import { join } from 'node:path';
import { bin, fail, nxTargets, prepare, root, run, say } from './prepare.mjs';

prepare();
const failed = [];
function step(name, command, args) {
  say(`${name} …`);
  if (!run(command, args, { show: true })) failed.push(name);
}
step('Format', bin('prettier'), ['--check', '--log-level=warn', '.']);
step('Borders', process.execPath, [join(root, 'tools/up/dist/borders/cli.js')]);
step('Lint, types and unit tests', bin('nx'), nxTargets(['lint', 'typecheck', 'test:unit'], 2));
if (failed.length > 0) fail(`Failed: ${failed.join(', ')}`);
say('All checks passed.');
