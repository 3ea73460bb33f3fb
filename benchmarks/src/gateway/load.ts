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
  /** Beyond those of every request, one set after the other in turn; absent: none. */
  headers?: readonly Record<string, string>[];
  /** Wrong answers are counted and told: it is not ours to mend. */
  mayDiffer?: boolean;
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
  /** Answers that were not byte for byte what the host sent. */
  wrong: number;
  wallMs: number;
  /** Of the measured process: what it does after its last answer included (records), what it does when idle not. */
  cpuMs: number;
  ms: number[];
  firstMs: number[];
}

/** Records are written behind the answers: so long is waited for them before their CPU is read. */
const SETTLE_MS = 400;

export const asked = ({ url }: Way, body: Buffer, headers?: Record<string, string>): Buffer =>
  post(url, '/v1/chat/completions', body, headers);

const IDLE_MS = 4_000;

/** The way with what its process takes when it has nothing to do: on a busy machine that would count as the requests'. */
export async function withIdle(way: Way): Promise<Way> {
  if (way.pid === null) return way;
  const before = cpuMsOf(way.pid);
  await delay(IDLE_MS);
  return { ...way, idle: (cpuMsOf(way.pid) - before) / IDLE_MS };
}

/** Asks so many times, so many at once; an answer that is not byte for byte what it has to be ends the benchmark, unless the way may differ. */
export async function repeat(
  way: Way,
  { count, atOnce, body, expected }: Load,
  settleMs = SETTLE_MS,
): Promise<Figures> {
  const requests = (Buffer.isBuffer(body) ? [body] : body).map((one) =>
    (way.headers ?? [{}]).map((headers) => asked(way, one, headers)),
  );
  const clients = await Promise.all(Array.from({ length: atOnce }, () => Client.open(way.url)));
  const figures: Figures = { count, wrong: 0, wallMs: 0, cpuMs: 0, ms: [], firstMs: [] };
  let left = count;
  const cpuBefore = way.pid === null ? 0 : cpuMsOf(way.pid);
  const began = performance.now();
  const worker = async (client: Client, at: number): Promise<void> => {
    const mine = requests[at % requests.length] ?? [];
    while (left-- > 0) {
      const answer = await client.ask(mine[left % mine.length] ?? Buffer.alloc(0));
      if (answer.status !== 200 || !answer.body.equals(expected)) {
        if (figures.wrong++ === 0) process.stderr.write(`${way.name}: ${shown(answer)}\n`);
      }
      figures.ms.push(answer.ms);
      figures.firstMs.push(answer.firstMs);
    }
  };
  await Promise.all(clients.map(worker));
  figures.wallMs = performance.now() - began;
  for (const client of clients) client.close();
  if (way.mayDiffer !== true)
    expectCount(`${way.name}: answers that are not what the host sent`, figures.wrong, 0);
  await delay(settleMs);
  const idleMs = (way.idle ?? 0) * (performance.now() - began);
  if (way.pid !== null) figures.cpuMs = Math.max(0, cpuMsOf(way.pid) - cpuBefore - idleMs);
  return figures;
}

/** The first answer that was wrong, for whoever has to find out why. */
const shown = ({ status, body }: { status: number; body: Buffer }): string =>
  `${status}, ${body.length} bytes, which end with ${JSON.stringify(body.subarray(-300).toString())}`;
