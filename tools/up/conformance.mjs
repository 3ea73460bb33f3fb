// npm run conformance: the connector against real llama-swap builds. Takes LLAMA_SWAP_BIN_A, _B, _C, or builds the three
// generations with Go. Where neither is possible it says so and, run as part of npm test, counts nothing.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { bin, fail, prepare, root, run, say } from './prepare.mjs';

const BUILDS = { A: '32bc7813', B: 'b834706b', C: '60226b63' };
const optional = process.argv.includes('--if-available');
if (!optional) prepare();

const reasons = [];
const env = {};
const hasGo = spawnSync('go', ['version']).status === 0;
for (const [generation, commit] of Object.entries(BUILDS)) {
  const name = `LLAMA_SWAP_BIN_${generation}`;
  const given = process.env[name];
  if (given) {
    if (!existsSync(given)) fail(`${name} is ${given}, and there is no such file.`);
    env[name] = given;
    continue;
  }
  const folder = join(root, '.boocontrol', 'llama-swap', generation);
  const built = join(folder, 'llama-swap');
  if (!existsSync(built)) {
    if (!hasGo) {
      reasons.push(`generation ${generation}: no Go toolchain and no ${name}`);
      continue;
    }
    mkdirSync(folder, { recursive: true });
    say(`Building llama-swap generation ${generation} (commit ${commit}) …`);
    const result = spawnSync('go', ['install', `github.com/mostlygeek/llama-swap@${commit}`], {
      env: { ...process.env, GOBIN: folder },
      encoding: 'utf8',
    });
    if (result.status !== 0) {
      reasons.push(`generation ${generation}: go install failed: ${result.stderr.trim().split('\n').at(-1)}`);
      continue;
    }
  }
  env[name] = built;
}
for (const reason of reasons) say(`SKIPPED conformance with the real llama-swap, ${reason}`);
if (Object.keys(env).length === 0) process.exit(optional ? 0 : 3);
const worked = run(
  bin('vitest'),
  [
    'run',
    '--root',
    join(root, 'tools/up'),
    '--config',
    join(root, 'vitest.config.ts'),
    '--reporter=default',
    '--reporter=json',
    '--outputFile.json=.reports/conformance.json',
    '.conformance.test.',
  ],
  { show: true, env },
);
process.exit(worked ? 0 : 1);
