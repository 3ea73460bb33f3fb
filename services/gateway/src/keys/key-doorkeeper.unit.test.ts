import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import type { ApiKey } from '@boocontrol/contracts';
import { instantFromMs } from '@boocontrol/fleet-model';
import { apiKey } from '../testing/routes.js';
import { KeyDoorkeeper } from './key-doorkeeper.js';
import { hashOf, newKey } from './new-key.js';

const NOW = Date.parse('2026-11-21T12:00:00Z');
const MONTH = '2026-11';
const KEY = newKey();
const here = new KeyDoorkeeper(false, () => false);
const elsewhere = new KeyDoorkeeper(true, () => false);

function know(differs: Partial<ApiKey> = {}, key = KEY): void {
  for (const doorkeeper of [here, elsewhere])
    doorkeeper.load([{ ...apiKey(1, differs), hash: hashOf(key) }], MONTH, NOW);
}
beforeEach(() => {
  for (const doorkeeper of [here, elsewhere]) doorkeeper.load([], MONTH, NOW);
});
const INVALID = { ok: false, status: 401, code: 'key_invalid' };

describe('without a key', () => {
  it.each([undefined, '', 'Bearer', 'Bearer ', 'bearer none', 'Bearer none '])(
    '%j: let in on this machine alone',
    (authorization) => {
      know();
      expect(here.admit(authorization, NOW)).toEqual({ ok: true, grant: null });
      expect(elsewhere.admit(authorization, NOW)).toMatchObject(INVALID);
    },
  );

  it('says what to do', () => {
    expect(elsewhere.admit(undefined, NOW)).toMatchObject({
      message: expect.stringContaining('Bearer boo_'),
    });
  });
});

describe('with a key', () => {
  it.each([`Bearer ${KEY}`, `bearer ${KEY}`, `BEARER  ${KEY} `])('%s: lets in', (authorization) => {
    know();
    for (const doorkeeper of [here, elsewhere])
      expect(doorkeeper.admit(authorization, NOW)).toMatchObject({
        ok: true,
        grant: { keyId: apiKey(1).id, label: 'laptop' },
      });
  });

  it.each([
    KEY,
    `Basic ${KEY}`,
    `Bearer ${KEY.slice(0, -1)}`,
    `Bearer ${KEY}x`,
    `Bearer ${KEY.toLowerCase()}?`,
    `Bearer ${KEY}, Bearer ${KEY}`,
    `Bearer ${KEY} ${KEY}`,
    `Bearer${KEY}`,
    'Bearer boo_',
    'Bearer null',
    'Bearer __proto__',
    `Bearer ${hashOf(KEY).toString('hex')}`,
    `Bearer ${newKey()}`,
    `Bearer ${KEY}${'x'.repeat(1_000_000)}`,
    `Bearer ${' '.repeat(1_000_000)}${KEY}`,
  ])('that is not one, it is 401, on this machine too (%#)', (authorization) => {
    know();
    for (const doorkeeper of [here, elsewhere]) {
      const entry = doorkeeper.admit(authorization, NOW);
      expect(entry).toMatchObject(INVALID);
      expect(JSON.stringify(entry)).not.toContain(KEY);
    }
  });

  it('lets in nothing but the key itself, whatever the header', () => {
    know();
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 600 }), (text) => {
        for (const authorization of [text, `Bearer ${text}`]) {
          const entry = here.admit(authorization, NOW);
          if (entry.ok) expect(entry.grant).toBeNull();
        }
      }),
    );
  });

  it('looks a key up by its hash alone: how much of it is right changes nothing', () => {
    know();
    const timeOf = (key: string): number => {
      const startedMs = performance.now();
      for (let n = 0; n < 2_000; n++) here.admit(`Bearer ${key}`, NOW);
      return performance.now() - startedMs;
    };
    const nearly = `${KEY.slice(0, -1)}${KEY.endsWith('A') ? 'B' : 'A'}`;
    const far = `boo_${'~'.repeat(43)}`;
    const rounds = Array.from({ length: 15 }, () => [timeOf(nearly), timeOf(far)] as const);
    // The fastest of each: what else runs on the machine only adds.
    const ratio = Math.min(...rounds.map(([a]) => a)) / Math.min(...rounds.map(([, b]) => b));
    expect(ratio).toBeGreaterThan(0.5);
    expect(ratio).toBeLessThan(2);
  });

  it('that has expired or is disabled, it is 401 from that moment on', () => {
    know({ expiresAt: instantFromMs(NOW) });
    expect(here.admit(`Bearer ${KEY}`, NOW - 1)).toMatchObject({ ok: true });
    expect(here.admit(`Bearer ${KEY}`, NOW)).toMatchObject({
      ...INVALID,
      message: expect.stringContaining('expired'),
    });
    know({ disabledAt: instantFromMs(NOW) });
    expect(here.admit(`Bearer ${KEY}`, NOW)).toMatchObject({
      ...INVALID,
      message: expect.stringContaining('disabled'),
    });
    know();
    expect(here.admit(`Bearer ${KEY}`, NOW)).toMatchObject({ ok: true });
  });

  it('before the keys were read: nobody can say, and that is said', () => {
    for (const isNeeded of [true, false]) {
      const blind = new KeyDoorkeeper(isNeeded, () => false);
      expect(blind.admit(`Bearer ${KEY}`, NOW)).toMatchObject({ ok: false, status: 503, retryAfterS: 5 });
      expect(blind.admit(undefined, NOW).ok).toBe(!isNeeded);
    }
  });
});

describe('limits', () => {
  it('are the key’s own, with the time after which to try again', () => {
    know({ requestsPerMinute: 1 });
    expect(here.admit(`Bearer ${KEY}`, NOW)).toMatchObject({ ok: true });
    expect(here.admit(`Bearer ${KEY}`, NOW)).toMatchObject({
      ok: false,
      status: 429,
      code: 'rate_limited',
      retryAfterS: 60,
    });
    expect(elsewhere.admit(`Bearer ${KEY}`, NOW)).toMatchObject({ ok: true });
  });

  it('hold over a change of the key, and a place is given back once', () => {
    know({ concurrentRequests: 1 });
    const entry = here.admit(`Bearer ${KEY}`, NOW);
    expect(here.admit(`Bearer ${KEY}`, NOW).ok).toBe(false);
    know({ concurrentRequests: 1, name: 'renamed' });
    expect(here.admit(`Bearer ${KEY}`, NOW).ok).toBe(false);
    for (let n = 0; n < 3; n++) if (entry.ok) entry.release?.();
    expect([here.admit(`Bearer ${KEY}`, NOW).ok, here.admit(`Bearer ${KEY}`, NOW).ok]).toEqual([true, false]);
  });

  it('of a month count what was spent here and what the table says', () => {
    know({ monthlyTokens: 100, tokensThisMonth: 50 });
    const entry = here.admit(`Bearer ${KEY}`, NOW);
    if (entry.ok && entry.grant) here.spent(entry.grant, 49, NOW);
    expect(here.admit(`Bearer ${KEY}`, NOW).ok).toBe(true);
    here.noteUsage([{ keyId: apiKey(1).id, month: MONTH, tokens: 100 }]);
    expect(here.admit(`Bearer ${KEY}`, NOW)).toMatchObject({ status: 429 });
  });

  it('of a removed key are forgotten, and what its requests still take', () => {
    know({ monthlyTokens: 1 });
    const entry = here.admit(`Bearer ${KEY}`, NOW);
    here.load([], MONTH, NOW);
    if (entry.ok && entry.grant) here.spent(entry.grant, 5, NOW);
    if (entry.ok) entry.release?.();
    expect(here.admit(`Bearer ${KEY}`, NOW)).toMatchObject(INVALID);
  });
});
