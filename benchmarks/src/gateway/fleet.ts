import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { waitFor, withStack } from '@boocontrol/testing';
import { giveACore, leaveACore } from './cores.js';
import type { Way } from './load.js';
import { MODEL } from './traffic.js';

/** A process of the benchmark's own that listens. */
export interface Helper {
  child: ChildProcess;
  pid: number;
  urls: string[];
}

export interface Fleet {
  hosts: Helper;
  /** The host itself, the bare relay and the gateway, in this order. */
  ways: readonly [Way, Way, Way];
  /** Of the gateway. */
  pid: number;
}

/**
 * Hosts, a bare relay and the gateway before them, each a process of its own; what is measured has a core for itself.
 * @param kind as the gateway knows the hosts: llama-swap takes few requests at once, openai many
 */
export async function withFleet(
  count: number,
  kind: 'llama-swap' | 'openai',
  work: (fleet: Fleet) => Promise<void>,
): Promise<void> {
  process.stdout.write(`${leaveACore()}\n`);
  const helpers: Helper[] = [];
  try {
    const hosts = await helper('hosts.js', String(count));
    helpers.push(hosts);
    const bare = await helper('bare-relay.js', ...hosts.urls);
    helpers.push(bare);
    await withStack(['ingest', 'fleet-state', 'gateway'], async ({ url }, services) => {
      for (const [at, baseUrl] of hosts.urls.entries()) await register(url, { id: idOf(at), kind, baseUrl });
      await waitFor(() => isServing(url, count), { what: 'a gateway that answers', timeoutMs: 120_000 });
      const pid = services.get('gateway')?.pid ?? 0;
      for (const measured of [bare.pid, pid]) giveACore(measured);
      await work({
        hosts,
        ways: [
          { name: 'host, asked itself', url: hosts.urls[0] ?? '', pid: null },
          { name: 'bare relay', url: bare.urls[0] ?? '', pid: bare.pid },
          { name: 'gateway', url, pid },
        ],
        pid,
      });
    });
  } finally {
    for (const { child } of helpers) child.kill();
  }
}

export const idOf = (at: number): string => `bench-${at}`;

async function isServing(url: string, count: number): Promise<boolean> {
  const answers = await Promise.all(
    Array.from({ length: count }, (_, at) =>
      fetch(`${url}/v1/chat/completions`, {
        method: 'POST',
        body: JSON.stringify({ model: `${idOf(at)}/${MODEL}`, messages: [] }),
      }),
    ),
  );
  await Promise.all(answers.map((answer) => answer.arrayBuffer()));
  return answers.every(({ ok }) => ok);
}

async function register(url: string, provider: object): Promise<void> {
  const answer = await fetch(`${url}/api/providers`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(provider),
  });
  if (!answer.ok) throw new Error(`POST /api/providers: ${answer.status} ${await answer.text()}`);
}

/** @param file beside this one; it prints its addresses as one line of JSON */
async function helper(file: string, ...args: string[]): Promise<Helper> {
  const path = fileURLToPath(new URL(file, import.meta.url));
  const child = spawn(process.execPath, [path, ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  return { child, pid: child.pid ?? 0, urls: JSON.parse(line) as string[] };
}
