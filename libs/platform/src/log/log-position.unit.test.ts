import { describe, expect, it } from 'vitest';
import { continuity, type LogSight, type Position } from './log-position.js';

const known: Position = { streamCreated: 'c1', seq: 100, timeMs: 5_000 };

describe('a log read before', () => {
  it.each<[string, Position, LogSight, string]>([
    ['went on', known, { streamCreated: 'c1', lastSeq: 140, timeMsAtSeq: 5_000 }, 'same'],
    ['stands still', known, { streamCreated: 'c1', lastSeq: 100, timeMsAtSeq: 5_001 }, 'same'],
    [
      'was never read from',
      { ...known, timeMs: null },
      { streamCreated: 'c1', lastSeq: 140, timeMsAtSeq: null },
      'same',
    ],
    ['was made anew', known, { streamCreated: 'c2', lastSeq: 140, timeMsAtSeq: null }, 'recreated'],
    ['lost its tail', known, { streamCreated: 'c1', lastSeq: 99, timeMsAtSeq: null }, 'lost_tail'],
    [
      'lost its tail and grew again',
      known,
      { streamCreated: 'c1', lastSeq: 140, timeMsAtSeq: 9_000 },
      'rewritten',
    ],
    [
      'has let go of the message',
      known,
      { streamCreated: 'c1', lastSeq: 140, timeMsAtSeq: null },
      'rewritten',
    ],
  ])('that %s', (_words, position, sight, expected) => {
    expect(continuity(position, sight)).toBe(expected);
  });
});
