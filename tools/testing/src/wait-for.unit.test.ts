import { describe, expect, it } from 'vitest';
import { waitFor } from './wait-for.js';

describe('waitFor', () => {
  it('gives the first truthy value, past values and errors that are not', async () => {
    const tries: (() => string | undefined)[] = [
      () => undefined,
      () => {
        throw new Error('not yet');
      },
      () => '',
      () => 'here',
    ];
    let calls = 0;
    const value = await waitFor(() => tries[calls++]?.(), { what: 'a value', everyMs: 1 });
    expect([value, calls]).toEqual(['here', 4]);
  });

  it('waits for promises', async () => {
    let calls = 0;
    expect(await waitFor(() => Promise.resolve(++calls === 3), { what: 'three', everyMs: 1 })).toBe(true);
  });

  it('names what it waited for and the last value', async () => {
    const waiting = waitFor(() => [].length, { what: 'a row', timeoutMs: 5, everyMs: 1 });
    await expect(waiting).rejects.toThrow('waited 5 ms for a row: last value 0');
  });

  it('names the last error and keeps it as the cause', async () => {
    const cause = new Error('refused');
    const waiting = waitFor(() => Promise.reject(cause), { what: 'an answer', timeoutMs: 5, everyMs: 1 });
    await expect(waiting).rejects.toMatchObject({
      message: expect.stringContaining('last error refused'),
      cause,
    });
  });
});
