// npm test: every tier, from a fresh clone. Ends with a plain line "N passed, N failed, N skipped".
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { bin, buildWeb, nxTargets, prepare, root, run, say } from './prepare.mjs';

const started = Date.now();
const packages = ['libs', 'services', 'tools']
  .flatMap((folder) => readdirSync(join(root, folder)).map((name) => join(root, folder, name)))
  .concat(join(root, 'web'));

prepare();
for (const folder of packages) rmSync(join(folder, '.reports'), { recursive: true, force: true });

const failedSteps = [];
function step(name, command, args, env) {
  say(`${name} …`);
  if (!run(command, args, { show: true, env })) failedSteps.push(name);
}
step('Format', bin('prettier'), ['--check', '--log-level=warn', '.']);
step('Lint, types and unit tests', bin('nx'), nxTargets(['lint', 'typecheck', 'test:unit'], 2));
buildWeb();

// What the tests share is fetched here, where it can be seen, and not inside the first test that needs it.
const { prefetch } = await import('../../tools/testing/dist/index.js');
say('Fetching NATS, PostgreSQL with TimescaleDB and a browser (kept for the next time) …');
await prefetch(say);
step('Integration tests (real NATS, real TimescaleDB)', bin('nx'), nxTargets(['test:int'], 1));
step('Browser tests (real Chromium)', bin('nx'), nxTargets(['test:e2e'], 1));
step('Conformance with real llama-swap builds', process.execPath, [
  join(root, 'tools/up/conformance.mjs'),
  '--if-available',
]);

const sum = { passed: 0, failed: failedSteps.length, skipped: 0 };
for (const folder of packages) {
  const reports = join(folder, '.reports');
  if (!existsSync(reports)) continue;
  for (const file of readdirSync(reports)) {
    const report = JSON.parse(readFileSync(join(reports, file), 'utf8'));
    sum.passed += report.numPassedTests;
    sum.skipped += report.numPendingTests + report.numTodoTests;
    sum.failed += report.numFailedTests;
  }
}
if (sum.passed === 0) failedSteps.push('no test was run');
if (failedSteps.length > 0) console.log(`\nFailed steps: ${failedSteps.join('; ')}`);
say(`${Math.round((Date.now() - started) / 1000)} s`);
console.log(
  `${sum.passed} passed, ${Math.max(sum.failed, failedSteps.length)} failed, ${sum.skipped} skipped`,
);
process.exitCode = failedSteps.length > 0 || sum.failed > 0 ? 1 : 0;
