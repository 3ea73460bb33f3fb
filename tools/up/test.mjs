// npm test: every tier, from a fresh clone. Ends with a plain line "N passed, N failed, N skipped".
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { node24 } from './node24.mjs';
import { bin, buildWeb, nxTargets, prepare, root, run, say } from './prepare.mjs';

const started = Date.now();
const packagesIn = (...folders) =>
  folders.flatMap((folder) => readdirSync(join(root, folder)).map((name) => join(root, folder, name)));
const packages = [...packagesIn('libs', 'services', 'tools'), join(root, 'web')];

const sum = { passed: 0, failed: 0, skipped: 0 };
const failures = [];
/** Adds what the reports say, and removes them: the next step writes its own. */
function tally() {
  for (const folder of packages) {
    const reports = join(folder, '.reports');
    if (!existsSync(reports)) continue;
    for (const file of readdirSync(reports)) {
      const report = JSON.parse(readFileSync(join(reports, file), 'utf8'));
      sum.passed += report.numPassedTests;
      sum.skipped += report.numPendingTests + report.numTodoTests;
      sum.failed += report.numFailedTests;
      for (const file of report.testResults) failures.push(...failuresIn(file));
    }
    rmSync(reports, { recursive: true });
  }
}

/** What failed in a file, with the first lines of why: a file that could not be loaded has a message and no tests. */
function* failuresIn({ name, status, message, assertionResults }) {
  const tests = assertionResults.filter((test) => test.status === 'failed');
  const file = relative(root, name);
  for (const test of tests)
    yield { what: `${file} > ${test.fullName}`, why: firstLines(test.failureMessages.join('\n')) };
  if (status === 'failed' && tests.length === 0) yield { what: file, why: firstLines(message) };
}

const firstLines = (text) =>
  text
    .split('\n', 6)
    .map((line) => `    ${line.slice(0, 400)}`)
    .join('\n');

prepare();
for (const folder of packages) rmSync(join(folder, '.reports'), { recursive: true, force: true });

const failedSteps = [];
const seconds = [];
function step(name, command, args, env) {
  say(`${name} …`);
  const began = Date.now();
  if (!run(command, args, { show: true, env })) failedSteps.push(name);
  seconds.push(`${String(Math.round((Date.now() - began) / 1000)).padStart(5)} s  ${name}`);
}
step('Format', bin('prettier'), ['--check', '--log-level=warn', '.']);
step('Borders', process.execPath, [join(root, 'tools/up/dist/borders/cli.js')]);
step('Lint, types and unit tests', bin('nx'), nxTargets(['lint', 'typecheck', 'test:unit'], 2));
buildWeb();

// What the tests share is fetched here, where it can be seen, and not inside the first test that needs it.
const { prefetch } = await import('@boocontrol/testing');
say('Fetching NATS, PostgreSQL with TimescaleDB and a browser (kept for the next time) …');
await prefetch(say);
step('Integration tests (real NATS, real TimescaleDB)', bin('nx'), nxTargets(['test:int'], 1));
step('Browser tests (real Chromium)', bin('nx'), nxTargets(['test:e2e'], 1));
step('Conformance with real llama-swap builds', process.execPath, [
  join(root, 'tools/up/conformance.mjs'),
  '--if-available',
]);

tally();

const second = node24();
if (second.failed) {
  say(second.failed);
  failedSteps.push('Node 24');
} else if (second.skipped) {
  say(`SKIPPED the second run on Node 24: ${second.skipped}`);
} else {
  const named = (folders) =>
    folders.map((folder) => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).name).join(',');
  const everything = named(packagesIn('libs', 'services'));
  // What can differ from one Node to the next, HTTP, streams and child processes, is in these.
  const speakHttp = ['services/gateway', 'services/ingest'].map((folder) => join(root, folder));
  const closeToNode = named([...packagesIn('libs'), ...speakHttp]);
  step(
    'Unit tests of libs and services once more, on Node 24',
    bin('nx'),
    [...nxTargets(['test:unit'], 2), `--projects=${everything}`],
    second.env,
  );
  step(
    'Integration tests of what is close to Node once more, on Node 24',
    bin('nx'),
    [...nxTargets(['test:int'], 1), `--projects=${closeToNode}`],
    second.env,
  );
  tally();
}

if (sum.passed === 0) failedSteps.push('no test was run');
// All names first: whoever sees only a part of this sees what failed.
if (failures.length > 0) console.log('');
for (const { what } of failures) console.log(`FAILED ${what}`);
for (const { what, why } of failures) console.log(`\n${what}\n${why}`);
if (failedSteps.length > 0) console.log(`\nFailed steps: ${failedSteps.join('; ')}`);
for (const line of seconds) say(line);
say(`${String(Math.round((Date.now() - started) / 1000)).padStart(5)} s  in all`);
console.log(
  `${sum.passed} passed, ${Math.max(sum.failed, failedSteps.length)} failed, ${sum.skipped} skipped`,
);
process.exitCode = failedSteps.length > 0 || sum.failed > 0 ? 1 : 0;
