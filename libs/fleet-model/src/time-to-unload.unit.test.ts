import type { Model } from '@boocontrol/contracts';
import { describe, expect, test } from 'vitest';
import { instantFromMs } from './time.js';
import { timeToUnload } from './time-to-unload.js';

const NOW = 1_760_000_000_000;
const at = instantFromMs(NOW);
const known = (id: string, state: Model['state'], ttlS: number, since: string | null = null): Model => ({
  id,
  name: id,
  description: '',
  state,
  since,
  failedAt: null,
  unlisted: false,
  peerId: null,
  aliases: [],
  capabilities: [],
  contextLength: null,
  ttlS,
});

describe('timeToUnload', () => {
  const ready = known('a', 'ready', 300, instantFromMs(NOW - 1_000_000));
  test.each([
    ['idle for 100 s', ready, instantFromMs(NOW - 100_000), 0, { leftS: 200, ttlS: 300 }],
    ['overdue stands at 0', ready, instantFromMs(NOW - 900_000), 0, { leftS: 0, ttlS: 300 }],
    ['does not run while a request does', ready, instantFromMs(NOW - 100_000), 1, { leftS: 300, ttlS: 300 }],
    [
      'loaded again after its last request',
      { ...ready, since: instantFromMs(NOW - 10_000) },
      instantFromMs(NOW - 100_000),
      0,
      { leftS: 290, ttlS: 300 },
    ],
    ['a host clock ahead of ours', ready, instantFromMs(NOW + 5_000), 0, { leftS: 300, ttlS: 300 }],
    ['never unloads', known('a', 'ready', 0), at, 0, null],
    ['not loaded', known('a', 'stopped', 300), at, 0, null],
    ['nothing known of its idle time', known('a', 'ready', 300), undefined, 0, null],
  ])('%s', (_name, model, lastEnd, inflight, expected) => {
    expect(timeToUnload(model, lastEnd, inflight, NOW)).toEqual(expected);
  });
});
