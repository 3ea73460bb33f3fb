import type { Instant } from '@boocontrol/contracts';
import { createLogger, type PipelinedPublisher, type PublishAck } from '@boocontrol/platform';
import { beforeEach, expect, it } from 'vitest';
import { Facts } from '../state/facts.js';
import type { HostLog, RequestMark } from '../state/host-log.js';
import { RequestLog } from './request-log.js';

const at = (minute: number): Instant => `2026-11-20T16:${String(minute).padStart(2, '0')}:00.000000Z`;

/** What the log has: the newest row, and until when the rows were stated to be complete. */
let stored: { mark: RequestMark; until: Instant | null };
let told: (Instant | null)[];
const hostLog = {
  newestRequest: () => Promise.resolve(stored.mark),
  rowsCompleteUntil: () => Promise.resolve(stored.until),
  holds: (seq: number) => Promise.resolve(stored.mark.seq >= seq),
} as unknown as HostLog;
const publisher = {
  publishReliably: (): Promise<PublishAck> => Promise.resolve({ seq: stored.mark.seq + 1 } as PublishAck),
} as unknown as PipelinedPublisher;
const rowAt = (entryId: number, minute: number): NonNullable<RequestMark['row']> => ({
  entryId,
  ts: at(minute),
  endedAt: at(minute),
});

let log: RequestLog;
beforeEach(async () => {
  stored = { mark: { row: rowAt(7, 5), seq: 70 }, until: null };
  told = [];
  const quiet = createLogger('test', { level: 'silent' });
  const facts = new Facts('tower', publisher, new AbortController().signal, quiet);
  log = new RequestLog(facts, hostLog, { rowsComplete: (until) => told.push(until) });
  await log.recover();
});

it('rows are unknown since the newest on the log, or since they were stated to be complete', async () => {
  expect(log.unknownSince).toBe(at(5));
  stored.until = at(9);
  await log.recover();
  expect(log.unknownSince).toBe(at(9));
  stored.until = at(3);
  await log.recover();
  expect(log.unknownSince).toBe(at(5));
});

it('a comparison proves the rows until it was made, a connection that broke before one proves nothing', () => {
  log.compared();
  expect(log.unknownSince).toBeNull();
  log.contactLost();
  expect(log.unknownSince).toBe(at(5));
  log.compared();
  log.complete(at(20));
  expect(told.at(-1)).toBe(at(20));
  log.contactLost();
  log.contactLost();
  expect(log.unknownSince).toBe(at(20));
});

it('a log that lost rows is believed again, one that did not changes nothing', async () => {
  log.compared();
  log.complete(at(20));
  await log.verify();
  expect(log.unknownSince).toBeNull();
  log.contactLost();
  expect(log.unknownSince).toBe(at(20));
  log.compared();
  stored = { mark: { row: rowAt(6, 4), seq: 60 }, until: at(2) };
  await log.verify();
  expect(log.unknownSince).toBe(at(4));
  expect(log.newest).toEqual(rowAt(6, 4));
});
