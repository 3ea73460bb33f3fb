// What every entry point needs before anything of the project can be imported: a Node that is new enough,
// dependencies as the lock says, compiled packages. Node built-ins only: on a fresh clone there is nothing else yet.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const MIN_NODE = [20, 19];

/** Nothing of ours phones home, and nx needs no background process. */
export const quietEnv = {
  NX_DAEMON: 'false',
  NX_TUI: 'false',
  NX_NO_CLOUD: 'true',
  NEXT_TELEMETRY_DISABLED: '1',
  SCARF_ANALYTICS: 'false',
};

export function say(text) {
  console.log(`\u001b[2m[boocontrol]\u001b[0m ${text}`);
}

export function fail(text, code = 1) {
  console.error(`\n${text}\n`);
  process.exit(code);
}

/** Runs a command; its output is shown only when it fails, unless `show`. Returns whether it worked. */
export function run(command, args, { show = false, env = {}, cwd = root } = {}) {
  const result = spawnSync(command, args, {
    cwd,
    env: { ...process.env, ...quietEnv, ...env },
    stdio: show ? 'inherit' : ['ignore', 'pipe', 'pipe'],
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  if (result.error) console.error(result.error.message);
  if (result.status !== 0 && !show) console.error(`${result.stdout ?? ''}${result.stderr ?? ''}`);
  return result.status === 0;
}

export function bin(name) {
  return join(root, 'node_modules', '.bin', name);
}

function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > MIN_NODE[0] || (major === MIN_NODE[0] && minor >= MIN_NODE[1])) return;
  fail(
    `BooControl needs Node ${MIN_NODE.join('.')} or newer; this is ${process.versions.node}.\n` +
      'Install a newer Node (https://nodejs.org, or your package manager), then run the same command again.',
  );
}

/** Arguments for nx: these targets of every package. What did not change since it last passed is not run again. */
export function nxTargets(targets, parallel) {
  return [
    'run-many',
    '-t',
    ...targets,
    `--parallel=${parallel}`,
    '--outputStyle=static',
    '--skipRemoteCache',
    '--nxBail=false',
  ];
}

/** `npm ci` when the lock is not the one that node_modules was made from. */
function installDependencies() {
  const lock = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  const stamp = join(root, 'node_modules', '.boocontrol-lock');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return;
  say('Installing dependencies (npm ci), about a minute the first time …');
  if (!run('npm', ['ci', '--no-fund', '--no-audit', '--loglevel=error'])) {
    fail(
      'npm ci did not work; what it said stands above.\n' +
        'Most often: no network to the npm registry (check `npm ping`), or a full disk (`df -h .`). Then run the same command again.',
    );
  }
  writeFileSync(stamp, lock);
}

function compile() {
  if (!run(bin('tsc'), ['-b', join(root, 'tsconfig.build.json')])) {
    fail(
      'The TypeScript build failed; the errors stand above. On an unchanged clone: delete the dist folders (`git clean -fdX libs services tools`) and try again.',
    );
  }
}

export function prepare() {
  checkNode();
  installDependencies();
  say('Compiling …');
  compile();
}

/** The web app; nx skips it when nothing that it is made of has changed. */
export function buildWeb() {
  say('Building the web app (skipped when nothing changed) …');
  if (!run(bin('nx'), ['run', '@boocontrol/web:build', '--outputStyle=static'])) {
    fail('The web app did not build; what the build said stands above.');
  }
}
