import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { waitFor, withStack } from '@boocontrol/testing';
import { expectCount, percentile, ratio, round, rssMbOf, table, type Row } from '../measure.js';
import { askFor, CHUNKS, MODEL, WHOLE_ANSWER, WHOLE_STREAM } from './traffic.js';

const HOSTS = 8;
const ALONE = 1_500;
const AT_ONCE = 32;
const MANY = 6_000;
const STREAMS = 400;
const PACED_STREAMS = 32;

interface Way {
  name: string;
  url: string;
}

/** /v1 beside a bare relay, both before the same hosts: what all of it costs that is not the relaying itself. */
export async function gateway(): Promise<void> {
  const hosts = await helper('hosts.js', String(HOSTS));
  const bare = await helper('bare-relay.js', ...hosts.urls);
  try {
    await withStack(['ingest', 'fleet-state', 'gateway'], async ({ url }, services) => {
      await Promise.all(hosts.urls.map((baseUrl, at) => register(url, { id: `bench-${at}`, baseUrl })));
      await waitFor(() => isServing(url), { what: 'a gateway that answers', timeoutMs: 60_000 });
      const pid = services.get('gateway')?.pid ?? 0;
      const ways: Way[] = [
        { name: 'host, asked itself', url: hosts.urls[0] ?? '' },
        { name: 'bare relay', url: bare.urls[0] ?? '' },
        { name: 'gateway', url },
      ];
      for (const way of ways) await repeat(way, 200, 8, askFor({}), WHOLE_ANSWER.toString());
      const before = rssMbOf(pid);
      table('/v1 beside a bare relay', await compare(ways));
      process.stdout.write(`\nRSS of the gateway: ${before} MB before, ${rssMbOf(pid)} MB after\n`);
    });
  } finally {
    bare.child.kill();
    hosts.child.kill();
  }
}

async function compare(ways: readonly Way[]): Promise<Row[]> {
  const rows: Row[] = [];
  for (const way of ways) {
    const alone = await repeat(way, ALONE, 1, askFor({}), WHOLE_ANSWER.toString());
    const many = await repeat(way, MANY, AT_ONCE, askFor({}), WHOLE_ANSWER.toString());
    const streams = await repeat(way, STREAMS, 16, askFor({ stream: true }), WHOLE_STREAM);
    const paced = await repeat(
      way,
      PACED_STREAMS,
      PACED_STREAMS,
      askFor({ stream: true, paced: true }),
      WHOLE_STREAM,
    );
    rows.push({
      way: way.name,
      'one at a time: p50 ms': round(percentile(alone.ms, 50), 2),
      'p99 ms': round(percentile(alone.ms, 99), 2),
      [`requests/s at ${AT_ONCE}`]: Math.round((MANY / many.wallMs) * 1_000),
      'chunks/s': Math.round((STREAMS * CHUNKS * 1_000) / streams.wallMs),
      'paced streams: first byte p50 ms': round(percentile(paced.firstMs, 50), 1),
    });
  }
  const [, bare, ours] = rows;
  const of = (column: string): string => `${ratio(Number(ours?.[column]), Number(bare?.[column]))}x`;
  const [name = '', ...columns] = Object.keys(bare ?? {});
  rows.push({
    [name]: 'gateway, of the bare relay',
    ...Object.fromEntries(columns.map((column) => [column, of(column)])),
  });
  return rows;
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

interface Figures {
  wallMs: number;
  ms: number[];
  firstMs: number[];
}

/** Asks so many times, so many at once; an answer that is not byte for byte what it has to be ends the benchmark. */
async function repeat(
  { url }: Way,
  count: number,
  atOnce: number,
  body: Buffer,
  expected: string,
): Promise<Figures> {
  const agent = new Agent({ keepAlive: true, maxSockets: atOnce });
  const figures: Figures = { wallMs: 0, ms: [], firstMs: [] };
  let left = count;
  let wrong = 0;
  const began = performance.now();
  const worker = async (): Promise<void> => {
    while (left-- > 0) {
      const { text, ms, firstMs } = await ask(url, agent, body);
      if (text !== expected) wrong++;
      figures.ms.push(ms);
      figures.firstMs.push(firstMs);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  figures.wallMs = performance.now() - began;
  agent.destroy();
  expectCount('answers that are not what the host sent', wrong, 0);
  return figures;
}

function ask(
  url: string,
  agent: Agent,
  body: Buffer,
): Promise<{ text: string; ms: number; firstMs: number }> {
  return new Promise((resolve, reject) => {
    const began = performance.now();
    let firstMs = 0;
    const headers = { 'content-type': 'application/json', 'content-length': body.length };
    const asked = request(`${url}/v1/chat/completions`, { agent, method: 'POST', headers }, (answer) => {
      const parts: Buffer[] = [];
      answer.on('data', (part: Buffer) => {
        if (parts.length === 0) firstMs = performance.now() - began;
        parts.push(part);
      });
      answer.on('error', reject);
      answer.on('end', () =>
        resolve({ text: Buffer.concat(parts).toString(), ms: performance.now() - began, firstMs }),
      );
    });
    asked.on('error', reject).end(body);
  });
}

async function helper(file: string, ...args: string[]): Promise<{ child: ChildProcess; urls: string[] }> {
  const path = fileURLToPath(new URL(file, import.meta.url));
  const child = spawn(process.execPath, [path, ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  return { child, urls: JSON.parse(line) as string[] };
}
