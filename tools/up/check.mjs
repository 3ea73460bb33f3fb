// npm run check: everything that needs no server. Format, lint with the borders of the map, types, unit tests.
import { bin, fail, prepare, run, say } from './prepare.mjs';

prepare();
const steps = [
  ['Format', bin('prettier'), ['--check', '--log-level=warn', '.']],
  [
    'Lint, types, unit tests',
    bin('nx'),
    [
      'run-many',
      '-t',
      'lint',
      'typecheck',
      'test:unit',
      '--parallel=2',
      '--outputStyle=static',
      '--skipRemoteCache',
    ],
  ],
];
const failed = steps.filter(([name, command, args]) => {
  say(`${name} …`);
  return !run(command, args, { show: true });
});
if (failed.length > 0) fail(`Failed: ${failed.map(([name]) => name).join(', ')}`);
say('All checks passed.');
