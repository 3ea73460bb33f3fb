import { setTimeout as delay } from 'node:timers/promises';
import { rssMbOf, round, table, type Row } from '../measure.js';
import { withFleet } from './fleet.js';
import { Inspector } from './inspector.js';
import { repeat, type Way } from './load.js';
import { askFor, WHOLE_ANSWER, WHOLE_STREAM } from './traffic.js';

const HOSTS = 8;
const WARM_UP_MIN = 2;
const MINUTE_MS = 60_000;
/** Reduced: some tens of requests a second, as a busy house has, and streams at the pace of reading. */
const PAUSE_MS = 20;
const BATCH = 4;
const STREAMS = 8;
const GOAL_PCT = 2;
const MB = 1024 * 1024;

const whole = { count: BATCH, atOnce: BATCH, body: askFor({}), expected: WHOLE_ANSWER };
const paced = {
  count: STREAMS,
  atOnce: STREAMS,
  body: askFor({ stream: true, paced: true }),
  expected: Buffer.from(WHOLE_STREAM),
};

/** Memory of the gateway under a steady load, by minute: whether anything grows. @param minutes after the warm-up */
export async function gatewaySoak(minutes: number): Promise<void> {
  await withFleet(HOSTS, 'llama-swap', async ({ ways: [, , way], pid }) => {
    const inspector = await Inspector.of(pid);
    const rows: Row[] = [];
    const load = new Load(way);
    const firstHeap = { mb: 0, rss: 0 };
    for (let minute = 1; minute <= WARM_UP_MIN + minutes; minute++) {
      await delay(MINUTE_MS);
      const [heap, rss] = [await inspector.heapBytes(), rssMbOf(pid)];
      const row = { minute, 'RSS MB': rss, 'heap in use MB': round(heap / MB), requests: load.requests };
      rows.push(row);
      process.stdout.write(`${JSON.stringify(row)}\n`);
      if (minute !== WARM_UP_MIN) continue;
      firstHeap.mb = (await inspector.heapAfterCollection()) / MB;
      firstHeap.rss = rssMbOf(pid);
    }
    await load.stop();
    const heapMb = (await inspector.heapAfterCollection()) / MB;
    const rss = rssMbOf(pid);
    inspector.close();
    table(`/v1: memory of the gateway over ${minutes} minutes after ${WARM_UP_MIN} of warm-up`, rows);
    const growth = (after: number, before: number): number => (after / before - 1) * 100;
    const line = (what: string, before: number, after: number): Row => ({
      what,
      'after the warm-up': round(before),
      'at the end': round(after),
      'growth %': round(growth(after, before)),
      goal: `≤ ${GOAL_PCT} %`,
      held: growth(after, before) <= GOAL_PCT ? 'yes' : 'NO',
    });
    table('/v1: memory', [
      line('RSS, both after a collection, MB', firstHeap.rss, rss),
      line('heap after a collection, MB', firstHeap.mb, heapMb),
    ]);
  });
}

class Load {
  requests = 0;
  private isOver = false;
  private readonly ended: Promise<unknown>;

  constructor(private readonly way: Way) {
    this.ended = Promise.all([this.ask(), this.stream()]);
  }

  async stop(): Promise<void> {
    this.isOver = true;
    await this.ended;
  }

  private async ask(): Promise<void> {
    while (!this.isOver) {
      await repeat(this.way, whole, 0);
      this.requests += BATCH;
      await delay(PAUSE_MS);
    }
  }

  private async stream(): Promise<void> {
    while (!this.isOver) {
      await repeat(this.way, paced, 0);
      this.requests += STREAMS;
    }
  }
}
