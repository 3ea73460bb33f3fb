import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { waitFor, withStack } from '@boocontrol/testing';
import { giveACore, leaveACore } from './cores.js';
import { compare } from './compare.js';
import type { Way } from './load.js';
import { MODEL } from './traffic.js';

const HOSTS = 8;

/** /v1 beside a bare relay, both before the same hosts: what all of it costs that is not the relaying itself. */
export async function gateway(): Promise<void> {
  process.stdout.write(`${leaveACore()}\n`);
  const hosts = await helper('hosts.js', String(HOSTS));
  const bare = await helper('bare-relay.js', ...hosts.urls);
  try {
    await withStack(['ingest', 'fleet-state', 'gateway'], async ({ url }, services) => {
      await Promise.all(hosts.urls.map((baseUrl, at) => register(url, { id: `bench-${at}`, baseUrl })));
      await waitFor(() => isServing(url), { what: 'a gateway that answers', timeoutMs: 60_000 });
      const pid = services.get('gateway')?.pid ?? 0;
      const ways: Way[] = [
        { name: 'host, asked itself', url: hosts.urls[0] ?? '', pid: null },
        { name: 'bare relay', url: bare.urls[0] ?? '', pid: bare.child.pid ?? 0 },
        { name: 'gateway', url, pid },
      ];
      for (const way of ways) if (way.pid !== null) giveACore(way.pid);
      await compare(ways);
    });
  } finally {
    bare.child.kill();
    hosts.child.kill();
  }
}

async function isServing(url: string): Promise<boolean> {
  const answers = await Promise.all(
    Array.from({ length: HOSTS }, (_, at) =>
      fetch(`${url}/v1/chat/completions`, {
        method: 'POST',
        body: JSON.stringify({ model: `bench-${at}/${MODEL}`, messages: [] }),
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

async function helper(file: string, ...args: string[]): Promise<{ child: ChildProcess; urls: string[] }> {
  const path = fileURLToPath(new URL(file, import.meta.url));
  const child = spawn(process.execPath, [path, ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  return { child, urls: JSON.parse(line) as string[] };
}
