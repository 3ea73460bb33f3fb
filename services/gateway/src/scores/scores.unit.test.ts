import type { Score } from '@boocontrol/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Scores } from './scores.js';

const score = (model: string, over: Partial<Score> = {}): Score => ({
  model,
  category: null,
  mean: 0.5,
  low: 0.4,
  high: 0.6,
  n: 10,
  measuredAt: '2026-11-21T12:00:00Z',
  by: 'a run',
  ...over,
});

describe('the score of a model', () => {
  const own = score('qwen3-30b');
  const long = score('*qwen3-30b*');
  const short = score('*qwen*');
  const newer = score('*qwen*', { measuredAt: '2026-11-22T12:00:00+02:00' });
  const coding = score('qwen3-30b', { category: 'agent-coding' });

  it('is its own, then that of the longest pattern, then the newest', () => {
    const scores = new Scores([short, newer, long, own, coding]);
    expect(scores.find('qwen3-30b', null)).toBe(own);
    expect(scores.find('qwen3-30b-q4', null)).toBe(long);
    expect(scores.find('Qwen2', null)).toBe(newer);
    expect(scores.find('llama', null)).toBe(null);
  });

  it('is that of the same host, then that of no host, then that of another one; a pattern of another host fits nothing', () => {
    const [here, there] = [
      score('qwen3-30b', { providerId: 'tower' }),
      score('qwen3-30b', { providerId: 'rack', measuredAt: '2026-11-23T12:00:00Z' }),
    ];
    const scores = new Scores([there, own, here]);
    expect(scores.find('qwen3-30b', null, 'tower')).toBe(here);
    expect(scores.find('qwen3-30b', null, 'rack')).toBe(there);
    expect(scores.find('qwen3-30b', null, 'attic')).toBe(own);
    expect(new Scores([here, there]).find('qwen3-30b', null, 'attic')).toBe(there);
    const pattern = score('*qwen*', { providerId: 'rack' });
    expect(new Scores([pattern]).find('qwen3-30b', null, 'tower')).toBe(null);
    expect(new Scores([pattern]).find('qwen3-30b', null, 'rack')).toBe(pattern);
  });

  it('is that of the category alone', () => {
    const scores = new Scores([own, coding]);
    expect(scores.find('qwen3-30b', 'agent-coding')).toBe(coding);
    expect(scores.find('qwen3-30b', 'chat')).toBe(null);
    expect(new Scores([coding]).find('qwen3-30b', null)).toBe(null);
    expect(scores.of('qwen3-30b')).toEqual([own, coding]);
    expect(scores.list()).toEqual([own, coding]);
  });

  it('is the same in whatever order the entries came, also when asked again', () => {
    const some = fc.record({
      model: fc.constantFrom('a', 'a*', '*a', '*'),
      low: fc.constantFrom(0.1, 0.2),
      by: fc.constantFrom('x', 'y'),
      measuredAt: fc.constantFrom('2026-11-21T12:00:00Z', '2026-11-22T12:00:00Z'),
    });
    fc.assert(
      fc.property(fc.array(some, { maxLength: 6 }), (given) => {
        const all = given.map(({ model, ...over }) => score(model, over));
        const [one, other] = [new Scores(all), new Scores(all.toReversed())];
        for (const name of ['a', 'ab', 'ba', 'c', 'a'])
          expect(one.find(name, null)).toEqual(other.find(name, null));
      }),
    );
  });
});
