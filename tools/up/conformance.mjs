// npm run conformance: the connector against real llama-swap builds, given as LLAMA_SWAP_BIN_A, _B and _C
// (docs/llama-swap.md says how they are built). Which generation is skipped, and why, is said. Run as part of npm test,
// nothing to run against is no failure.
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { bin, fail, prepare, root, run, say } from './prepare.mjs';

const optional = process.argv.includes('--if-available');
if (!optional) prepare();

const reasons = [];
const env = {};
let builds = 0;
for (const generation of ['A', 'B', 'C']) {
  const name = `LLAMA_SWAP_BIN_${generation}`;
  const given = process.env[name];
  if (!given) {
    reasons.push(`generation ${generation}: ${name} is not set (docs/llama-swap.md says how to build it)`);
    continue;
  }
  if (!existsSync(given)) fail(`${name} is ${given}, and there is no such file.`);
  // The suite runs in a folder of its own.
  env[name] = resolve(given);
  builds += 1;
}
for (const reason of reasons) say(`SKIPPED conformance with the real llama-swap, ${reason}`);
const suites = ['real', 'actions', 'attribution'].map((suite) => `${suite}.conformance.test.`);
const { LLAMA_SERVER_BIN: server, LLAMA_MODEL: model } = process.env;
if (server && model) {
  for (const file of [server, model]) if (!existsSync(file)) fail(`There is no file ${file}.`);
  env.LLAMA_SERVER_BIN = resolve(server);
  env.LLAMA_MODEL = resolve(model);
  const bench = process.env.LLAMA_BENCH_BIN ?? join(dirname(server), 'llama-bench');
  if (existsSync(bench)) env.LLAMA_BENCH_BIN = resolve(bench);
  else say(`SKIPPED the comparison with llama-bench: there is no ${bench} (LLAMA_BENCH_BIN)`);
  for (const suite of [
    'llama',
    'logs',
    'gateway',
    'prompt-cache',
    'direct-prompts',
    'measure',
    'bench',
    'evals',
  ])
    suites.push(`${suite}.conformance.test.`);
} else {
  const unset = server
    ? 'LLAMA_MODEL is'
    : model
      ? 'LLAMA_SERVER_BIN is'
      : 'LLAMA_SERVER_BIN and LLAMA_MODEL are';
  say(`SKIPPED conformance with a real llama.cpp server: ${unset} not set (docs/llama-swap.md)`);
}
if (builds === 0) process.exit(optional ? 0 : 3);
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
    '--maxWorkers=2',
    ...suites,
  ],
  { show: true, env },
);
process.exit(worked ? 0 : 1);
