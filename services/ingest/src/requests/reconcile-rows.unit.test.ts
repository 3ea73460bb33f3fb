import { instantFromMs } from '@boocontrol/fleet-model';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { reconcileRows, type RingRow } from './reconcile-rows.js';

const T0 = 1_760_000_000_000;
const ts = (n: number): string => instantFromMs(T0 + n * 1000);
const row = (entryId: number, second = entryId): RingRow => ({ entryId, ts: ts(second) });
const rows = (...ids: number[]): RingRow[] => ids.map((id) => row(id));
const whole = { complete: true, lostContactAt: null, now: ts(9999) };

describe('cases', () => {
  test('a host never seen: everything it has, nothing is missing', () => {
    expect(reconcileRows(null, rows(3, 1, 2), whole)).toEqual({
      rows: rows(1, 2, 3),
      gap: null,
      restarted: false,
      needOlder: false,
    });
  });
  test('a host never seen, one page read: ask for the rest first', () => {
    expect(reconcileRows(null, rows(3), { ...whole, complete: false })).toMatchObject({
      rows: [],
      needOlder: true,
    });
  });
  test('the watermark is in the ring: what has a higher id', () => {
    expect(reconcileRows(row(2), rows(1, 2, 3, 4, 4), whole)).toMatchObject({
      rows: rows(3, 4),
      gap: null,
      restarted: false,
    });
  });
  test('an answer that ends right above the watermark is enough', () => {
    expect(reconcileRows(row(2), rows(3, 4), { ...whole, complete: false })).toMatchObject({
      rows: rows(3, 4),
      gap: null,
      needOlder: false,
    });
  });
  test('the ring begins right above the watermark after an absence: perhaps a restart that counted as far', () => {
    expect(reconcileRows(row(2), [row(3, 30), row(4, 40)], { ...whole, lostContactAt: ts(5) })).toMatchObject(
      {
        rows: [row(3, 30), row(4, 40)],
        gap: { fromTs: ts(2), toTs: ts(30), missing: null },
      },
    );
  });
  test('an id is skipped live: older rows are asked for before anything is said', () => {
    expect(reconcileRows(row(2), rows(4), { ...whole, complete: false })).toMatchObject({
      rows: [],
      gap: null,
      needOlder: true,
    });
  });
  test('the ring overflowed while away: a gap that counts', () => {
    expect(reconcileRows(row(2), rows(6, 7), whole)).toEqual({
      rows: rows(6, 7),
      gap: { fromTs: ts(2), toTs: ts(6), reason: 'ring_overflow', missing: 3 },
      restarted: false,
      needOlder: false,
    });
  });
  test('ids begin again: a restart, all rows are new, what ended between is unknown', () => {
    const result = reconcileRows(row(50), [row(0, 60), row(1, 61)], {
      ...whole,
      lostContactAt: ts(55),
      now: ts(70),
    });
    expect(result).toEqual({
      rows: [row(0, 60), row(1, 61)],
      gap: { fromTs: ts(55), toTs: ts(70), reason: 'host_restarted', missing: null },
      restarted: true,
      needOlder: false,
    });
  });
  test('a restart that already counted past the watermark is told by the timestamp', () => {
    expect(
      reconcileRows(row(2), [row(1, 61), row(2, 62), row(3, 63)], { ...whole, lostContactAt: ts(55) }),
    ).toMatchObject({
      rows: [row(1, 61), row(2, 62), row(3, 63)],
      restarted: true,
      gap: { reason: 'host_restarted' },
    });
  });
  test('a host clock set back does not hide rows', () => {
    expect(reconcileRows(row(2, 500), [row(2, 500), row(3, 100)], whole)).toMatchObject({
      rows: [row(3, 100)],
      restarted: false,
      gap: null,
    });
  });
  test('an empty ring although rows were seen: restarted, told once', () => {
    expect(reconcileRows(row(2), [], { ...whole, lostContactAt: ts(5) })).toMatchObject({
      rows: [],
      restarted: true,
      gap: { reason: 'host_restarted' },
    });
    expect(reconcileRows(row(2), [], whole)).toMatchObject({ rows: [], restarted: false, gap: null });
  });
});

/** A host with a ring of `size` that serves requests, restarts, and is away from us now and then. */
test('property: every row is published once, or a gap covers its loss', () => {
  const step = fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({ do: fc.constant('serve' as const), n: fc.integer({ min: 1, max: 7 }) }),
    },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('drop' as const) }) },
    { weight: 3, arbitrary: fc.record({ do: fc.constant('connect' as const) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('restart' as const) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('forget' as const) }) },
  );
  fc.assert(
    fc.property(
      fc.array(step, { maxLength: 60 }),
      fc.integer({ min: 3, max: 12 }),
      fc.constantFrom(0, 1),
      (steps, size, firstId) => {
        let second = 0;
        let nextId = firstId;
        let ring: RingRow[] = [];
        const ledger: RingRow[] = [];
        const log: RingRow[] = [];
        const gaps: { fromTs: string; toTs: string }[] = [];
        let following = false;
        let lost: string | null = null;
        const reconcile = (lostContactAt: string | null): void => {
          const watermark = log.at(-1) ?? null;
          // The newest page first, as from the host; the whole ring when that does not reach back far enough.
          const page = ring.slice(-3);
          const options = { complete: page.length === ring.length, lostContactAt, now: ts(second) };
          let result = reconcileRows(watermark, page, options);
          if (result.needOlder) result = reconcileRows(watermark, ring, { ...options, complete: true });
          expect(result.needOlder).toBe(false);
          if (result.gap) gaps.push(result.gap);
          log.push(...result.rows);
        };
        for (const action of [...steps, { do: 'connect' as const }]) {
          second += 1;
          if (action.do === 'serve') {
            for (let i = 0; i < action.n; i++) {
              second += 1;
              const served = row(nextId++, second);
              ledger.push(served);
              ring = [...ring, served].slice(-size);
              if (following) reconcile(null);
            }
          } else if (action.do === 'drop' && following) {
            following = false;
            lost = ts(second);
          } else if (action.do === 'restart') {
            if (following) lost = ts(second);
            following = false;
            ring = [];
            nextId = firstId;
          } else if (action.do === 'forget') {
            // Our own process restarts: what it knows is the log and, for lack of better, its newest row's time.
            if (following) lost = log.at(-1)?.ts ?? ts(0);
            following = false;
          } else if (action.do === 'connect' && !following) {
            following = true;
            reconcile(lost ?? ts(0));
          }
        }
        const key = (r: RingRow): string => `${r.entryId} ${r.ts}`;
        expect(new Set(log.map(key)).size).toBe(log.length);
        const published = new Set(log.map(key));
        for (const known of log) expect(ledger.some((r) => key(r) === key(known))).toBe(true);
        const firstSeen = log[0];
        for (const missed of ledger.filter((r) => !published.has(key(r)))) {
          const beforeWeKnewTheHost = firstSeen === undefined || missed.ts < firstSeen.ts;
          const covered = gaps.some((gap) => gap.fromTs <= missed.ts && missed.ts <= gap.toTs);
          expect(beforeWeKnewTheHost || covered, `${key(missed)} is neither published nor covered`).toBe(
            true,
          );
        }
      },
    ),
    { numRuns: 500 },
  );
});
