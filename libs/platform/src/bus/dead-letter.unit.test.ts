import { DeadLetterSchema, subjects } from '@boocontrol/contracts';
import { describe, expect, it } from 'vitest';
import { composeDeadLetter } from './dead-letter.js';

const input = {
  origin: 'fleet-state',
  subject: subjects.fact('h1', 'request'),
  seq: 12,
  code: 'invalid_json',
  reason: 'Unexpected end',
  attempts: 1,
  atMs: Date.UTC(2026, 10, 20, 16, 0, 0, 5),
};

describe('composeDeadLetter', () => {
  it('fits the contract', () => {
    const letter = composeDeadLetter({ ...input, data: '{"a":' });
    expect(DeadLetterSchema.parse(letter)).toEqual(letter);
    expect(letter).toMatchObject({ at: '2026-11-20T16:00:00.005000Z', data: '{"a":' });
  });

  it('cuts long data at 64 kB without breaking a character', () => {
    const { data } = composeDeadLetter({ ...input, data: `a${'é'.repeat(50_000)}` });
    expect(new TextEncoder().encode(data).length).toBe(64 * 1024 - 1);
    expect(data.endsWith('é')).toBe(true);
  });

  it('keeps bytes that are no text readable', () => {
    expect(composeDeadLetter({ ...input, data: Uint8Array.of(0x61, 0xff) }).data).toBe('a\ufffd');
  });
});
