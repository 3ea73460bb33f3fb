import { describe, expect, it } from 'vitest';
import { parseStat } from './proc.js';

describe('parseStat', () => {
  const fields = (state: string): string => `${state} 1 2 3 0 -1 4 5 6 7 8 9 10 11 12 20 0 1 0 4242 99`;

  it('reads the start time past a name with spaces and brackets', () => {
    expect(parseStat(`77 (my) prog) ${fields('S')}`)).toEqual({ pid: 77, startTicks: 4242 });
  });

  it('counts a zombie as gone', () => {
    expect(parseStat(`77 (prog) ${fields('Z')}`)).toBeUndefined();
  });
});
