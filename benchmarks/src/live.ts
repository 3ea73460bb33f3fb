import { CONTROL_NAMESPACE, subjects, type Fact } from '@boocontrol/contracts';
import { PipelinedPublisher } from '@boocontrol/platform';
import { waitFor, withStack } from '@boocontrol/testing';
import { setTimeout as delay } from 'node:timers/promises';
import { io, type Socket } from 'socket.io-client';
import { benchBus, requestFact } from './facts.js';
import { expectCount, percentile, ratio, round, table } from './measure.js';

const BROWSERS = 20;
const FACTS = 500;
const EVERY_MS = 10;

/** From publishing a fact to its frame in each of the browsers, and to a bare subscriber of the bus in this process. */
export async function live(): Promise<void> {
  await withStack(['fleet-state', 'gateway'], async ({ nats, url }) => {
    const nc = await benchBus(nats);
    const browsers: Socket[] = [];
    const sentAt = new Map<number, number>();
    const toBrowser: number[] = [];
    const toSubscriber: number[] = [];
    const since = (entryId: number): number => performance.now() - (sentAt.get(entryId) ?? NaN);
    try {
      for (let i = 0; i < BROWSERS; i++) browsers.push(await browser(url, (id) => toBrowser.push(since(id))));
      nc.subscribe(subjects.fact('bench', 'request'), {
        callback: (_, msg) => void toSubscriber.push(since(msg.json<{ entryId: number }>().entryId)),
      });
      const publisher = new PipelinedPublisher(nc);
      for (let i = 0; i < FACTS; i++) {
        const fact = JSON.stringify(requestFact('bench', i, Date.now()));
        sentAt.set(i, performance.now());
        await publisher.publish(subjects.fact('bench', 'request'), fact, { msgId: `live:${i}` });
        await delay(EVERY_MS);
      }
      await waitFor(() => toBrowser.length >= BROWSERS * FACTS, { what: 'the last frame' });
      publisher.close();
      expectCount('facts in frames', toBrowser.length, BROWSERS * FACTS);
      expectCount('facts at the subscriber', toSubscriber.length, FACTS);
      const row = (way: string, times: readonly number[]) => ({
        way,
        'p50 ms': round(percentile(times, 50), 2),
        'p99 ms': round(percentile(times, 99), 2),
        'p50 of the limit': `${ratio(percentile(times, 50), percentile(toSubscriber, 50))}x`,
      });
      table(`live edge: ${FACTS} facts, ${BROWSERS} browsers (frames are gathered for 50 ms)`, [
        row('bare NATS subscriber', toSubscriber),
        row('gateway, socket.io', toBrowser),
      ]);
    } finally {
      for (const socket of browsers) socket.disconnect();
      await nc.close();
    }
  });
}

async function browser(url: string, onRequest: (entryId: number) => void): Promise<Socket> {
  const socket = io(`${url}${CONTROL_NAMESPACE}`, { transports: ['websocket'], forceNew: true });
  socket.on('control_activity', ({ facts }: { facts: Fact[] }) => {
    for (const { kind, body } of facts) if (kind === 'request') onRequest(body.entryId);
  });
  const snapshot = new Promise((resolve) => socket.once('control_fleet', resolve));
  await socket.timeout(10_000).emitWithAck('join', { rooms: ['activity'] });
  await snapshot;
  return socket;
}
