import { JobFactSchema, type JobFact } from '@boocontrol/contracts';
import { describe, expect, it } from 'vitest';
import { JobList } from './job-list.js';

const at = (second: number): string => `2026-11-22T02:${String(second).padStart(2, '0')}:00.000000Z`;

/** The n-th fact of a run, a minute after the one before. */
function fact(n: number, event: JobFact['event'], over: Record<string, unknown> = {}): JobFact {
  return JobFactSchema.parse({ kind: 'bench', run: 'r1', n, event, at: at(n), body: {}, ...over });
}
const REASON = { code: 'lease_lost', message: 'Somebody took the host over.' };
const ALL = { limit: 100 };

/** A run from its beginning to an end. */
const LIFE = [
  fact(1, 'queued', { title: 'Quick look', providerId: 'tower' }),
  fact(2, 'running'),
  fact(3, 'progress', { body: { done: 1, total: 4 } }),
  fact(4, 'cell', { body: { index: 0, cell: 'pp512', state: 'measured' } }),
  fact(5, 'progress', { body: { done: 2, total: 4 } }),
  fact(6, 'failed', { body: { reason: REASON } }),
];
const AFTER_ALL = {
  kind: 'bench',
  run: 'r1',
  title: 'Quick look',
  providerId: 'tower',
  state: 'failed',
  at: at(6),
  done: 2,
  total: 4,
  reason: REASON,
};

function listOf(facts: readonly JobFact[]): JobList {
  const list = new JobList();
  for (const [index, one] of facts.entries()) list.add(one, index + 1);
  return list;
}

describe('the facts of a job', () => {
  it.each([
    ['queued', 1, { state: 'queued', done: null }],
    ['running', 2, { state: 'running', done: null }],
    ['at its first step', 3, { state: 'running', done: 1, total: 4 }],
    ['ended', 6, AFTER_ALL],
  ])('say that it is %s', (_words, count, expected) => {
    expect(listOf(LIFE.slice(0, count)).list(ALL)).toEqual([expect.objectContaining(expected)]);
  });

  it('come to the same in another order, twice, and with the last of each event alone', () => {
    const inReverse = [...LIFE].reverse();
    const lastOfEach = LIFE.filter(
      ({ event }, index) => !LIFE.slice(index + 1).some((one) => one.event === event),
    );
    for (const facts of [inReverse, [...LIFE, ...LIFE], [...inReverse, ...LIFE], lastOfEach])
      expect(listOf(facts).list(ALL)).toEqual([AFTER_ALL]);
  });

  it('without a number go by their place on the stream', () => {
    const list = new JobList();
    const bare = LIFE.map((one) => ({ ...one, n: undefined }));
    for (const [index, one] of bare.entries()) list.add(one, index + 1);
    for (const [index, one] of bare.entries()) list.add(one, index + 1);
    expect(list.list(ALL)).toEqual([AFTER_ALL]);
  });

  it('let it begin again, and forget why it ended before', () => {
    const again = [...LIFE, fact(7, 'running')];
    expect(listOf(again).list(ALL)).toEqual([expect.objectContaining({ state: 'running', reason: null })]);
  });

  it('tell of a job whose beginning is no longer on the stream', () => {
    const list = listOf([fact(900, 'progress', { at: at(9), body: { done: 7, total: null } })]);
    expect(list.list(ALL)).toEqual([expect.objectContaining({ state: 'running', done: 7, total: null })]);
  });
});

describe('the list of jobs', () => {
  const list = new JobList();
  list.add(fact(1, 'running', { run: 'old' }), 1);
  list.add(fact(2, 'succeeded', { run: 'mid', kind: 'eval' }), 2);
  list.add(fact(3, 'queued', { run: 'new' }), 3);
  const runs = (filter: object): string[] => list.list({ ...ALL, ...filter }).map(({ run }) => run);

  it.each<[object, string[]]>([
    [{}, ['new', 'mid', 'old']],
    [{ limit: 2 }, ['new', 'mid']],
    [{ kind: ['bench'] }, ['new', 'old']],
    [{ kind: ['eval', 'report'] }, ['mid']],
    [{ state: ['running', 'succeeded'] }, ['mid', 'old']],
    [{ kind: ['eval'], state: ['queued'] }, []],
  ])('with %j', (filter, expected) => expect(runs(filter)).toEqual(expected));

  it('forgets those that were not heard of for longest', () => {
    const long = new JobList();
    for (let n = 0; n < 1_010; n++)
      long.add(
        fact(1, 'running', { run: `r${n}`, at: `2026-11-22T02:00:00.${String(n).padStart(6, '0')}Z` }),
        n,
      );
    const left = long.list({ limit: 2_000 }).map(({ run }) => run);
    expect([left.length, left[0], left.at(-1)]).toEqual([1_000, 'r1009', 'r10']);
  });
});
