import { describe, expect, it } from 'vitest';
import { bytes, compact, contextSize, duration, gigabytes, rate, reading, spoken } from './number';
import { ago, span } from './time';

describe('numbers', () => {
  it.each([
    [0, '0'],
    [999, '999'],
    [12_345, '12.3K'],
    [4_560_000, '4.56M'],
    [null, '–'],
  ])('compact %s is %s', (n, text) => expect(compact(n)).toBe(text));
  it.each([
    [0, '0 ms'],
    [850.4, '850 ms'],
    [999.6, '1.0 s'],
    [12_340, '12.3 s'],
    [125_000, '2:05 min'],
    [3_900_000, '1:05 h'],
  ])('duration %s is %s', (ms, text) => expect(spoken(duration(ms))).toBe(text));
  it.each([
    [0, '0 B'],
    [1500, '1.5 kB'],
    [999_600, '1.0 MB'],
    [123_000_000, '123 MB'],
  ])('bytes %s is %s', (n, text) => expect(spoken(bytes(n))).toBe(text));
  it.each([
    [4096, '4k'],
    [131_072, '128k'],
    [1_048_576, '1M'],
    [512, '512'],
    [0, null],
    [null, null],
  ])('context %s is %s', (n, text) => expect(contextSize(n)).toBe(text));
  it('has as many decimals as its neighbours', () => {
    expect([reading(17, 1), reading(14.4, 1), reading(150, 1)]).toEqual(['17.0', '14.4', '150']);
    expect([reading(17, 0), reading(null, 1)]).toEqual(['17', '–']);
  });
  it('keeps one decimal where it says something', () => {
    expect([rate(43.21), rate(99.96), rate(1234)]).toEqual(['43.2', '100', '1,234']);
    expect([gigabytes(24_564), gigabytes(131_072), gigabytes(null)]).toEqual(['24.0', '128', '–']);
  });
});

describe('relative time', () => {
  it.each([
    [-5000, 'now'],
    [900, 'now'],
    [12_000, '12 s ago'],
    [59_999, '59 s ago'],
    [240_000, '4 min ago'],
    [7_200_000, '2 h ago'],
    [200_000_000, '2 d ago'],
  ])('%s ms back is %s', (back, text) => expect(ago(1_000_000_000_000 - back, 1_000_000_000_000)).toBe(text));
  it('says a span', () => expect(span(61_000)).toBe('1 min'));
});
