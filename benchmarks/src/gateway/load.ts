import { setTimeout as delay } from 'node:timers/promises';
import { cpuMsOf, expectCount } from '../measure.js';
import { Client, post } from './client.js';

/** One way to the hosts. */
export interface Way {
  name: string;
  url: string;
  /** Of the process that is measured; null: there is none (the host is asked itself). */
  pid: number | null;
  /** What it takes of a core when nobody asks it anything (following the fleet), 0 to 1; absent: not measured. */
  idle?: number;
}

export interface Load {
  count: number;
  atOnce: number;
  /** One, or one for each of those that ask at once. */
  body: Buffer | readonly Buffer[];
  expected: Buffer;
}

export interface Figures {
  count: number;
  wallMs: number;
  /** Of the measured process: what it does after its last answer included (records), what it does when idle not. */
  cpuMs: number;
  ms: number[];
  firstMs: number[];
}

/** Records are written behind the answers: so long is waited for them before their CPU is read. */
const SETTLE_MS = 400;

export const asked = ({ url }: Way, body: Buffer): Buffer => post(url, '/v1/chat/completions', body);

const IDLE_MS = 4_000;

/** The way with what its process takes when it has nothing to do: on a busy machine that would count as the requests'. */
export async function withIdle(way: Way): Promise<Way> {
  if (way.pid === null) return way;
  const before = cpuMsOf(way.pid);
  await delay(IDLE_MS);
  return { ...way, idle: (cpuMsOf(way.pid) - before) / IDLE_MS };
}

/** Asks so many times, so many at once; an answer that is not byte for byte what it has to be ends the benchmark. */
export async function repeat(
  way: Way,
  { count, atOnce, body, expected }: Load,
  settleMs = SETTLE_MS,
): Promise<Figures> {
  const requests = (Buffer.isBuffer(body) ? [body] : body).map((one) => asked(way, one));
  const clients = await Promise.all(Array.from({ length: atOnce }, () => Client.open(way.url)));
  const figures: Figures = { count, wallMs: 0, cpuMs: 0, ms: [], firstMs: [] };
  let left = count;
  let wrong = 0;
  const cpuBefore = way.pid === null ? 0 : cpuMsOf(way.pid);
  const began = performance.now();
  const worker = async (client: Client, at: number): Promise<void> => {
    const request = requests[at % requests.length] ?? Buffer.alloc(0);
    while (left-- > 0) {
      const answer = await client.ask(request);
      if (answer.status !== 200 || !answer.body.equals(expected)) {
        if (wrong++ === 0) process.stderr.write(`${way.name}: ${shown(answer)}\n`);
      }
      figures.ms.push(answer.ms);
      figures.firstMs.push(answer.firstMs);
    }
  };
  await Promise.all(clients.map(worker));
  figures.wallMs = performance.now() - began;
  for (const client of clients) client.close();
  expectCount(`${way.name}: answers that are not what the host sent`, wrong, 0);
  await delay(settleMs);
  const idleMs = (way.idle ?? 0) * (performance.now() - began);
  if (way.pid !== null) figures.cpuMs = Math.max(0, cpuMsOf(way.pid) - cpuBefore - idleMs);
  return figures;
}

/** The first answer that was wrong, for whoever has to find out why. */
const shown = ({ status, body }: { status: number; body: Buffer }): string =>
  `${status}, ${body.length} bytes, which end with ${JSON.stringify(body.subarray(-300).toString())}`;
