import { createLogger, type PipelinedPublisher } from '@boocontrol/platform';
import { expect, it } from 'vitest';
import { Facts } from '../state/facts.js';
import type { HostLog } from '../state/host-log.js';
import { RequestLog } from './request-log.js';

it('rows are unknown since the first loss of contact until they were compared, however many connections that takes', () => {
  const facts = new Facts(
    'tower',
    {} as PipelinedPublisher,
    new AbortController().signal,
    createLogger('test', { level: 'silent' }),
  );
  const log = new RequestLog(facts, {} as HostLog);
  expect(log.unknownSince).toBeNull();
  log.contactLost('2026-11-20T16:00:00.000000Z');
  log.contactLost('2026-11-20T16:05:00.000000Z');
  expect(log.unknownSince).toBe('2026-11-20T16:00:00.000000Z');
  log.compared();
  expect(log.unknownSince).toBeNull();
  log.contactLost('2026-11-20T16:09:00.000000Z');
  expect(log.unknownSince).toBe('2026-11-20T16:09:00.000000Z');
});
