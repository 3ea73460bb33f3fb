import { subjects } from '@boocontrol/contracts';
import { testNats, waitFor, type TestNats } from '@boocontrol/testing';
import type { NatsConnection } from '@nats-io/transport-node';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { connectBus } from '../bus/connect.js';
import { createLogger } from '../logs/logger.js';
import { JobHold, type Beat } from './job-hold.js';

const OURS: Beat = { isOurs: true, isCancelAsked: false };
const log = createLogger('test', { level: 'silent' });
let nats: TestNats;
let nc: NatsConnection;
let other: NatsConnection;

beforeAll(async () => {
  nats = await testNats();
  nc = await connectBus({ url: nats.url, name: 'worker', log });
  other = await connectBus({ url: nats.url, name: 'other', log });
});
afterAll(async () => {
  await nc?.close();
  await other?.close();
  await nats?.stop();
});

it('a message cancels the job that it names, without waiting for a heartbeat', async () => {
  // The next heartbeat is an hour away.
  const holdOf = (run: string): JobHold =>
    new JobHold({
      nc,
      log,
      cancelSubject: subjects.cancelJob('bench', run),
      everyMs: 3_600_000,
      beat: () => Promise.resolve(OURS),
    });
  const [mine, neighbour] = [holdOf('r1'), holdOf('r2')];
  await nc.flush();
  other.publish(subjects.cancelJob('bench', 'r1'));
  await waitFor(() => mine.cancelled.aborted, { what: 'the cancel' });
  expect([mine.lost.aborted, neighbour.cancelled.aborted]).toEqual([false, false]);
  await Promise.all([mine.release(), neighbour.release()]);
});
