import { describe, expect, it } from 'vitest';
import { withoutTimes } from './times.js';

const same = (one: string, other: string): boolean =>
  withoutTimes(Buffer.from(JSON.stringify(one))) === withoutTimes(Buffer.from(JSON.stringify(other)));

describe('dates and times in a text', () => {
  it.each([
    ['Now: 2026-11-22T09:06:11.123Z.', 'Now: 2026-11-22T09:07:59Z.'],
    ['line\n2026-11-22 09:06 is now', 'line\n2027-01-02 10:00 is now'],
    ['Today is Sunday, 22 November 2026.', 'Today is Monday, 1 June 2026.'],
    ['Today is November 22, 2026', 'Today is May 1st, 2026'],
    ['It is 9:06 am', 'It is 12:45 PM'],
    ['22/11/2026, 09:06:11 GMT+1', '23/11/2026, 10:06:11 UTC'],
    ['<ts>1795338000</ts>', '<ts>1795338123456</ts>'],
  ])('%j and %j differ in them alone', (one, other) => {
    expect(same(one, other)).toBe(true);
  });

  it.each([
    ['You may write files.', 'You march files.'],
    ['Use at most 20 tools', 'Use at most 30 tools'],
    ['Version 1.2.3 of it', 'Version 1.2.4 of it'],
    ['It is 2026-11-22, be brief', 'It is 2026-11-22, be long'],
  ])('%j and %j differ in more', (one, other) => {
    expect(same(one, other)).toBe(false);
  });
});
