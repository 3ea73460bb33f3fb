import { execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { freePort, projectRoot, waitFor } from '@boocontrol/testing';
import { giveACore } from './cores.js';
import type { Way } from './load.js';
import { askFor } from './traffic.js';

/** Somebody else's gateway, with a process for itself: installed for the benchmark, no dependency of ours. */
const PACKAGE = '@portkey-ai/gateway';
const VERSION = '1.15.2';
/** It takes any 1.x of its HTTP server; with 1.19.19 each of its streams is answered with 500 (`TypeError: immutable`). */
const OVERRIDES = { '@hono/node-server': '1.13.8' };

/** What npm may take; on a machine without a network it should not be waited for. */
const INSTALL_MS = 120_000;
const START_MS = 20_000;

/** With the peer before the same hosts; undefined, after its reason was printed: it could not be installed or started. */
export async function withPeer(
  hosts: readonly string[],
  work: (peer: Way | undefined) => Promise<void>,
): Promise<void> {
  const program = await install().catch(skipped);
  if (program === undefined) return work(undefined);
  const port = await freePort();
  const child = spawn(
    process.execPath,
    ['--import', new URL('peer-guard.js', import.meta.url).href, program, `--port=${port}`, '--headless'],
    // Production: no page of its own, and no log of each request for that page. No proxies from our environment.
    {
      stdio: ['pipe', 'ignore', 'inherit'],
      cwd: dirname(program),
      env: { PATH: process.env.PATH, NODE_ENV: 'production' },
    },
  );
  try {
    const url = `http://127.0.0.1:${port}`;
    // It is told the host with each request: in turn, as the bare relay takes them.
    const headers = hosts.map((host) => ({
      authorization: 'Bearer x',
      'x-portkey-provider': 'openai',
      'x-portkey-custom-host': `${host}/v1`,
    }));
    const isReady = await waitFor(() => answers(url, headers[0] ?? {}), {
      what: 'a peer that answers',
      timeoutMs: START_MS,
    }).catch(skipped);
    const pid = child.pid ?? 0;
    if (isReady) giveACore(pid);
    await work(isReady ? { name: `${PACKAGE} ${VERSION}`, url, pid, headers, mayDiffer: true } : undefined);
  } finally {
    child.kill('SIGKILL');
  }
}

function skipped(error: unknown): undefined {
  const reason = error instanceof Error ? error.message : String(error);
  process.stdout.write(`without ${PACKAGE}: ${reason}\n`);
}

async function answers(url: string, headers: Record<string, string>): Promise<boolean> {
  const answer = await fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: askFor({}).toString(),
  }).catch(() => null);
  await answer?.arrayBuffer();
  return answer?.ok ?? false;
}

/** Once below `.boocontrol`. @returns its program @throws what npm says when it cannot be had */
async function install(): Promise<string> {
  const dir = join(projectRoot(), '.boocontrol', 'peers', `portkey-${VERSION}`);
  const program = join('node_modules', PACKAGE, 'build', 'start-server.js');
  if (existsSync(join(dir, program))) return join(dir, program);
  const fresh = `${dir}.new`;
  await rm(fresh, { recursive: true, force: true });
  await mkdir(fresh, { recursive: true });
  await writeFile(join(fresh, 'package.json'), JSON.stringify({ private: true, overrides: OVERRIDES }));
  const options = ['--ignore-scripts', '--no-save', '--no-package-lock', '--no-audit', '--no-fund'];
  const patience = ['--loglevel=error', '--fetch-retries=1'];
  await promisify(execFile)(
    'npm',
    ['install', '--prefix', fresh, ...options, ...patience, `${PACKAGE}@${VERSION}`],
    { cwd: fresh, timeout: INSTALL_MS },
  );
  await rm(dir, { recursive: true, force: true });
  await rename(fresh, dir);
  return join(dir, program);
}
