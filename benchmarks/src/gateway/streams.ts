import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { waitFor } from '@boocontrol/testing';
import { expectCount, percentile, ratio, round, rssMbOf, table, type Row } from '../measure.js';
import { Client } from './client.js';
import { idOf, withFleet } from './fleet.js';
import { asked, repeat, type Figures, type Way } from './load.js';
import { askFor, CHUNKS, CHUNK_MS, MODEL, WHOLE_ANSWER, WHOLE_STREAM } from './traffic.js';

const PACED = 500;
const MOST_OPEN = 10_000;
/** A provider of kind openai takes so many of our requests at once (services/gateway/src/routing/world.ts). */
const SLOTS = 64;
/** Descriptors that a process needs for other things than streams. */
const OTHER_DESCRIPTORS = 400;
const OPENED_AT_ONCE = 100;

const whole = Buffer.from(WHOLE_STREAM);

/** Many streams at once: whether every frame arrives as it was sent, what a frame costs, and what an open stream holds. */
export async function manyStreams(): Promise<void> {
  // A stream is two descriptors: the client's and the host's.
  const open = Math.min(MOST_OPEN, Math.floor((descriptorLimit() - OTHER_DESCRIPTORS) / 2));
  const count = Math.max(PACED, open);
  await withFleet(Math.ceil(count / SLOTS), 'openai', async ({ ways: [host, ...relays] }) => {
    const rows: Row[] = [];
    for (const way of relays) {
      const paced = await pacedStreams(way, Math.ceil(count / SLOTS));
      const before = rssMbOf(way.pid ?? 0);
      const held = await openStreams(way, host, open);
      rows.push({
        way: way.name,
        [`${PACED} streams of ${1_000 / CHUNK_MS} frames/s: missing or changed`]: 0,
        'first frame p50 ms': round(percentile(paced.firstMs, 50), 1),
        'p99 ms': round(percentile(paced.firstMs, 99), 1),
        'frames/s': Math.round((PACED * CHUNKS * 1_000) / paced.wallMs),
        'CPU µs a frame': round((paced.cpuMs * 1_000) / (PACED * CHUNKS)),
        'open at once': open,
        'RSS MB before': before,
        'RSS MB with them': held.rssMb,
        'kB a stream': round(((held.rssMb - before) * 1_024) / open),
        'RSS MB after': held.afterMb,
      });
    }
    table('/v1: many streams', rows);
    const [bare, ours] = rows;
    const cpu = 'CPU µs a frame';
    process.stdout.write(
      `\nCPU a frame, of the bare relay: ${ratio(Number(ours?.[cpu]), Number(bare?.[cpu]))}x\n`,
    );
  });
}

/** Each frame in a packet of its own, as models send them. Ends the benchmark when one is missing or changed. */
function pacedStreams(way: Way, hosts: number): Promise<Figures> {
  const bodies = Array.from({ length: hosts }, (_, at) =>
    askFor({ model: `${idOf(at)}/${MODEL}`, stream: true, paced: true }),
  );
  return repeat(way, { count: PACED, atOnce: PACED, body: bodies, expected: whole });
}

/** As many streams as there may be, all open with one frame sent, then let go together. */
async function openStreams(way: Way, host: Way, count: number): Promise<{ rssMb: number; afterMb: number }> {
  const hosts = Math.ceil(count / SLOTS);
  const clients: Client[] = [];
  const answers: Promise<{ body: Buffer }>[] = [];
  while (clients.length < count) {
    const some = Math.min(OPENED_AT_ONCE, count - clients.length);
    const opened = await Promise.all(Array.from({ length: some }, () => Client.open(way.url)));
    for (const client of opened) {
      const model = `${idOf(clients.length % hosts)}/${MODEL}`;
      clients.push(client);
      answers.push(client.ask(asked(way, askFor({ model, stream: true, held: true }))));
    }
    const haveBegun = (): boolean => opened.every(({ bodyBytes }) => bodyBytes > 0);
    await waitFor(haveBegun, { what: `${clients.length} open streams`, timeoutMs: 120_000 });
  }
  await delay(3_000);
  const rssMb = rssMbOf(way.pid ?? 0);
  const release = { count: 1, atOnce: 1, body: askFor({ release: true }), expected: WHOLE_ANSWER };
  await repeat(host, release, 0);
  const wrong = (await Promise.all(answers)).filter(({ body }) => !body.equals(whole));
  expectCount(`${way.name}: streams that are not what the host sent`, wrong.length, 0);
  for (const client of clients) client.close();
  await delay(5_000);
  return { rssMb, afterMb: rssMbOf(way.pid ?? 0) };
}

function descriptorLimit(): number {
  const soft = /^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1];
  return Number(soft ?? 1_024);
}
