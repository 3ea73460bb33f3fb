import { setTimeout as delay } from 'node:timers/promises';
import { cpuMsOf, expectCount } from '../measure.js';
import { Client, post } from './client.js';

/** One way to the hosts. */
export interface Way {
  name: string;
  url: string;
  /** Of the process that is measured; null: there is none (the host is asked itself). */
  pid: number | null;
  /** What it wants to be told. */
  headers?: Record<string, string>;
  path?: string;
}

export interface Load {
  count: number;
  atOnce: number;
  body: Buffer;
  expected: Buffer;
}

export interface Figures {
  count: number;
  wallMs: number;
  /** Of the measured process, what it does after its last answer included (records). */
  cpuMs: number;
  ms: number[];
  firstMs: number[];
}

/** Records are written behind the answers: so long is waited for them before their CPU is read. */
const SETTLE_MS = 400;

export const asked = ({ url, path, headers }: Way, body: Buffer): Buffer =>
  post(url, path ?? '/v1/chat/completions', body, headers);

/** Asks so many times, so many at once; an answer that is not byte for byte what it has to be ends the benchmark. */
export async function repeat(
  way: Way,
  { count, atOnce, body, expected }: Load,
  settleMs = SETTLE_MS,
): Promise<Figures> {
  const request = asked(way, body);
  const clients = await Promise.all(Array.from({ length: atOnce }, () => Client.open(way.url)));
  const figures: Figures = { count, wallMs: 0, cpuMs: 0, ms: [], firstMs: [] };
  let left = count;
  let wrong = 0;
  const cpuBefore = way.pid === null ? 0 : cpuMsOf(way.pid);
  const began = performance.now();
  const worker = async (client: Client): Promise<void> => {
    while (left-- > 0) {
      const answer = await client.ask(request);
      if (answer.status !== 200 || !answer.body.equals(expected)) wrong++;
      figures.ms.push(answer.ms);
      figures.firstMs.push(answer.firstMs);
    }
  };
  await Promise.all(clients.map(worker));
  figures.wallMs = performance.now() - began;
  for (const client of clients) client.close();
  expectCount(`${way.name}: answers that are not what the host sent`, wrong, 0);
  await delay(settleMs);
  if (way.pid !== null) figures.cpuMs = cpuMsOf(way.pid) - cpuBefore;
  return figures;
}
