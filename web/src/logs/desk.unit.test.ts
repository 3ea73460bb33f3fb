import type { ControlLog, LogSource } from '@boocontrol/contracts';
import { instantFromMs } from '@boocontrol/fleet-model';
import { waitFor } from '@boocontrol/testing';
import { describe, expect, it } from 'vitest';
import { provider } from '../../testing/hosts';
import { createLogDesk } from './desk';
import { passes, readFilter } from './filters';
import { Keeper, KEPT_LINES } from './keeper';
import { toLine, type Line } from './line';
import { patternMatcher } from './matcher';
import { followed, roomsOf } from './rooms';
import { rowsOf } from './rows';
import { Sieve } from './sieve';

const NOW = Date.UTC(2026, 10, 22, 9);
const NO_MARKS = { favorites: [], hidden: [] };

const told = (seq: number, line = `line ${seq}`): ControlLog['lines'][number] => ({
  seq,
  at: instantFromMs(NOW + seq * 1_000),
  line,
  cut: false,
});
const frame = (
  type: ControlLog['type'],
  providerId: string,
  lines: ControlLog['lines'],
  source: LogSource = 'proxy',
): ControlLog => ({ type, providerId, source, lines });
const many = (from: number, to: number): ControlLog['lines'] =>
  Array.from({ length: to - from + 1 }, (_, at) => told(from + at));
const seqs = (lines: readonly Line[]): number[] => lines.map(({ seq }) => seq);

describe('the lines that are kept', () => {
  it('are in the order in which they came, over all logs, each once', () => {
    const keeper = new Keeper();
    keeper.take([frame('tail', 'a', [told(1), told(4)]), frame('tail', 'b', [told(2), told(3)])]);
    keeper.take([frame('lines', 'b', [told(3), told(6)]), frame('lines', 'a', [told(5)])]);
    expect(seqs(keeper.all)).toEqual([1, 2, 3, 4, 5, 6]);
  });
  it('begin with the tail of their log', () => {
    const keeper = new Keeper();
    keeper.take([frame('lines', 'a', [told(7)])]);
    expect([keeper.all.length, keeper.hasTail('a', 'proxy')]).toEqual([0, false]);
    keeper.take([frame('tail', 'a', [])]);
    expect(keeper.hasTail('a', 'proxy')).toBe(true);
  });
  it('are replaced by another tail, and stay the same where it has them too', () => {
    const keeper = new Keeper();
    keeper.take([frame('tail', 'a', [told(1), told(2)]), frame('tail', 'b', [told(3)])]);
    const [, kept] = keeper.all;
    keeper.take([frame('tail', 'a', [told(2), told(4)])]);
    expect(seqs(keeper.all)).toEqual([2, 3, 4]);
    expect(keeper.all[0]).toBe(kept);
    // Another stream, whose sequences begin again.
    keeper.take([frame('tail', 'a', [told(2, 'another')]), frame('tail', 'b', [])]);
    expect(keeper.all.map(({ text }) => text)).toEqual(['another']);
  });
  it('are the newest 2,000 of each log; what left is counted', () => {
    const keeper = new Keeper();
    keeper.take([frame('tail', 'a', many(1, 2_000)), frame('tail', 'b', [])]);
    keeper.take([frame('lines', 'b', [told(2_001)]), frame('lines', 'a', many(2_002, 2_500))]);
    expect([keeper.all.length, keeper.dropped]).toEqual([KEPT_LINES + 1, 499]);
    expect(seqs(keeper.all).slice(0, 2)).toEqual([500, 501]);
  });
  it('take bounded memory, however long they are', () => {
    const keeper = new Keeper();
    const hosts = Array.from({ length: 20 }, (_, at) => `h${at}`);
    keeper.take(hosts.map((id) => frame('tail', id, [])));
    let seq = 0;
    const long = 'x'.repeat(8_192);
    for (const id of hosts)
      keeper.take([
        frame(
          'lines',
          id,
          Array.from({ length: 1_000 }, () => told(++seq, long)),
        ),
      ]);
    const chars = keeper.all.reduce((sum, { raw }) => sum + raw.length, 0);
    expect(chars).toBeLessThanOrEqual(32 * 1024 * 1024);
    expect(keeper.all.length + keeper.dropped).toBe(20_000);
  });
});

describe('the filter', () => {
  it('is what the address says; nonsense is left out', () => {
    expect(readFilter(new URLSearchParams('source=both&level=loud&re=2'))).toEqual({
      host: null,
      source: null,
      model: null,
      level: null,
      text: '',
      isPattern: false,
    });
  });
  it('goes by host, source, model and level', () => {
    const model = { id: 'm', by: 'probable' } as const;
    const line = toLine({ ...told(1, '[WARN] slow'), model }, 'a', 'proxy');
    const hit = (query: string): boolean => passes(line, readFilter(new URLSearchParams(query)));
    expect(['', 'host=a', 'source=proxy', 'model=m', 'level=warn'].map(hit)).toEqual(Array(5).fill(true));
    expect(['host=b', 'source=upstream', 'model=n', 'level=error'].map(hit)).toEqual(Array(4).fill(false));
  });
  it('finds patterns in any case, and says why one is none', async () => {
    const matches = await patternMatcher('err(or)?\\b', () => 0);
    expect([matches('an ERROR here'), matches('errand')]).toEqual([true, false]);
    await expect(patternMatcher('(a', () => 0)).rejects.toThrow('missing closing )');
    await expect(patternMatcher('(?:a{1,900}b{1,900}){1}'.repeat(9), () => 0)).rejects.toThrow(
      'repeats so much',
    );
    await expect(patternMatcher('a'.repeat(501), () => 0)).rejects.toThrow('longer than');
  });
  it('does not hang on what makes others hang', async () => {
    const matches = await patternMatcher('^(a+)+$', () => 0);
    expect(matches(`${'a'.repeat(8_000)}!`)).toBe(false);
  });
  it('gives a pattern up that takes too long for a line', async () => {
    let ms = 0;
    const matches = await patternMatcher('a', () => (ms += 300));
    expect(() => matches('b')).toThrow('takes too long');
  });
});

describe('the sieve', () => {
  const lines = Array.from({ length: 10 }, (_, at) => toLine(told(at + 1), 'a', 'proxy'));
  it('goes in steps, newest first, and tells the order in which they came', () => {
    let ms = 0;
    const sieve = new Sieve(({ seq }) => seq % 2 === 0, lines);
    sieve.step(3, () => ms++);
    expect([seqs(sieve.shown), sieve.remaining]).toEqual([[8, 10], 7]);
    sieve.add([toLine(told(12), 'a', 'proxy')]);
    while (sieve.remaining > 0) sieve.step(3, () => ms++);
    expect(seqs(sieve.shown)).toEqual([2, 4, 6, 8, 10, 12]);
  });
});

describe('the desk', () => {
  const desk = () => createLogDesk({ now: () => 0, later: (run) => run() });
  const texts = (made: ReturnType<typeof desk>): string[] =>
    made.get().rows.flatMap((row) => (row.kind === 'line' ? [row.text] : []));
  const filtered = (query: string) => readFilter(new URLSearchParams(query));

  it('shows what comes through the filter', () => {
    const made = desk();
    made.setFilter(filtered('text=LINE%202'));
    made.take([frame('tail', 'a', many(1, 3))]);
    made.take([frame('lines', 'a', [told(4), told(20)])]);
    expect(texts(made)).toEqual(['line 2', 'line 20']);
    expect(made.get()).toMatchObject({ kept: 5, shown: 2, remaining: 0 });
    made.setFilter(filtered(''));
    expect(texts(made)).toHaveLength(5);
  });
  it('holds still while it is paused, also for another filter, and counts what comes', () => {
    const made = desk();
    made.setFilter(filtered(''));
    made.take([frame('tail', 'a', many(1, 3))]);
    made.pause();
    made.take([frame('lines', 'a', many(4, 2_500))]);
    expect([texts(made), made.get().since]).toEqual([['line 1', 'line 2', 'line 3'], 2_497]);
    made.setFilter(filtered('text=line%203'));
    expect(texts(made)).toEqual(['line 3']);
    made.setFilter(filtered(''));
    made.follow();
    expect([texts(made).length, made.get().since, made.get().dropped]).toEqual([2_000, 0, 500]);
  });
  it('lets lines go that have left', () => {
    const made = desk();
    made.setFilter(filtered(''));
    made.take([frame('tail', 'a', many(1, 2_000))]);
    made.take([frame('lines', 'a', many(2_001, 2_100))]);
    expect(made.get()).toMatchObject({ shown: 2_000, kept: 2_000, dropped: 100 });
  });
  it('leaves nothing out by a pattern that is none, and says so', async () => {
    const made = desk();
    made.take([frame('tail', 'a', many(1, 3))]);
    made.setFilter(filtered('text=(2&re=1'));
    await waitFor(() => made.get().problem !== null, { what: 'what is wrong with the pattern' });
    expect(texts(made)).toHaveLength(3);
    made.setFilter(filtered('text=[23]$&re=1'));
    await waitFor(() => made.get().problem === null, { what: 'the pattern' });
    expect(texts(made)).toEqual(['line 2', 'line 3']);
  });
});

describe('the rows', () => {
  it('say when another minute begins and how long nothing came, and have the marks in their places', () => {
    const at = (seq: number, ms: number): Line => ({
      ...toLine(told(seq), 'a', 'proxy'),
      atMs: NOW + ms,
    });
    const rows = rowsOf(
      [at(1, 0), at(2, 500), at(3, 300_000)],
      [
        { seq: 2, atMs: NOW + 600 },
        { seq: 3, atMs: NOW + 300_001 },
      ],
    );
    expect(
      rows.map((row) => (row.kind === 'line' ? row.seq : row.kind === 'mark' ? 'mark' : row.silentMs)),
    ).toEqual([0, 1, 2, 'mark', 299_500, 3, 'mark']);
  });
});

describe('the rooms', () => {
  const hosts = Array.from({ length: 40 }, (_, at) => provider(`h${at}`, `Host ${at}`));
  it('are as many as the gateway takes, with the host that is asked for', () => {
    const { hosts: read, others } = followed(hosts, NO_MARKS, 'h39');
    expect([read.length, others, read[0]?.id]).toEqual([31, 9, 'h39']);
    expect(roomsOf(read.map(({ id }) => id)).length).toBeLessThanOrEqual(64);
  });
  it('leave out hosts that are disabled or hidden, unless they are asked for', () => {
    const off = provider('off', 'Off', { enabled: false });
    const hidden = {
      ...NO_MARKS,
      hidden: [{ providerId: 'h1', model: null, hiddenAt: instantFromMs(NOW) }],
    };
    const ids = (wanted: string | null): string[] =>
      followed([...hosts.slice(0, 2), off], hidden, wanted).hosts.map(({ id }) => id);
    expect([ids(null), ids('off'), ids('h1')]).toEqual([['h0'], ['h0', 'off'], ['h0', 'h1']]);
  });
});
