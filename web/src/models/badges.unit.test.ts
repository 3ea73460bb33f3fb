import type { RouteChoices, Score } from '@boocontrol/contracts';
import { describe, expect, it } from 'vitest';
import { homeFleet } from '../../testing/fleet';
import { badgesOf } from './badges';
import { scoreOf } from './quality';

const { providers, fleet } = homeFleet(Date.UTC(2026, 10, 21), 0);
const LOADED = { providerId: 'tower', model: 'qwen3-32b-Q4_K_M' };
const STOPPED = { providerId: 'tower', model: 'phi-4-Q8_0' };
const choice = { score: 0.6, terms: null };
const choices: RouteChoices = {
  policies: [
    { name: 'auto', choice: { ...LOADED, ...choice }, why: null },
    { name: 'code', choice: { ...LOADED, ...choice }, why: null },
    { name: 'fast', choice: null, why: 'Nobody can.' },
  ],
  speeds: [
    { ...LOADED, genTps: 87.5 },
    { ...STOPPED, genTps: 9 },
    { providerId: 'nas', model: 'phi-4-Q8_0', genTps: 20 },
  ],
};
const of = (places: Parameters<typeof badgesOf>[0], told: RouteChoices | null = choices) =>
  badgesOf(places, { hosts: fleet.hosts, providers, choices: told, scores: null });

describe('what speaks for a model', () => {
  it('is that it is loaded, that policies would choose it, and its speed, each with its reason', () => {
    expect(of([LOADED]).map(({ text, why }) => [text, why])).toEqual([
      ['loaded', 'Loaded now on Tower.'],
      ['best: auto, code', 'auto and auto:code would choose it for a plain chat now, on Tower.'],
      [
        'fastest loaded',
        '87.5 tokens a second on Tower, the median of its last days: the fastest of those that are loaded.',
      ],
    ]);
  });
  it('is of the fastest host where several have it', () => {
    expect(of([STOPPED]).map(({ text }) => text)).toEqual(['slow']);
    expect(of([STOPPED, { providerId: 'nas', model: 'phi-4-Q8_0' }]).map(({ text }) => text)).toEqual([
      'medium',
    ]);
  });
  it('is only what the fleet says while nothing else is told, and nothing of a model that nobody knows', () => {
    expect(of([LOADED], null).map(({ key }) => key)).toEqual(['loaded']);
    expect(of([{ providerId: 'tower', model: 'none' }])).toEqual([]);
  });
  const score = (model: string, low: number, more: Partial<Score> = {}): Score => ({
    model,
    category: 'agent-coding',
    mean: low + 0.05,
    low,
    high: low + 0.1,
    n: 40,
    measuredAt: '2026-11-21T12:00:00Z',
    by: 'a test',
    ...more,
  });
  const quality = (place: typeof LOADED, scores: Score[]) =>
    badgesOf([place], { hosts: fleet.hosts, providers, choices: null, scores })
      .filter(({ key }) => key === 'quality')
      .map(({ text, why }) => [text, why]);
  it('is that nothing that is there is better at something, or how good it is', () => {
    const scores = [
      score(LOADED.model, 0.7, { providerId: 'tower' }),
      score(STOPPED.model, 0.4),
      // Nobody has it now.
      score('a-model-of-yesterday', 0.9),
    ];
    expect(quality(LOADED, scores)).toEqual([
      [
        'best agent-coding now',
        'Passes 75 % (70 to 80 %) of 40 items of agent-coding, asked on Tower: the best of all models that are there now.',
      ],
    ]);
    expect(quality(STOPPED, scores)).toEqual([
      ['45 % agent-coding', 'Passes 45 % (40 to 50 %) of 40 items of agent-coding.'],
    ]);
    expect(quality({ providerId: 'tower', model: 'none' }, scores)).toEqual([]);
  });
  it('is how it does overall before all else, where that is of several categories', () => {
    const scores = [
      score(LOADED.model, 0.6, { category: null }),
      score(LOADED.model, 0.7),
      score(LOADED.model, 0.5, { category: 'tools' }),
      score(STOPPED.model, 0.3, { category: null }),
      score(STOPPED.model, 0.4),
      score(STOPPED.model, 0.2, { category: 'tools' }),
    ];
    const [[text, why] = []] = quality(LOADED, scores);
    expect(text).toBe('best overall, agent-coding, tools now');
    expect(why).toMatch(/^Passes 65 % \(60 to 70 %\) of 40 items of all categories together/);
    expect(quality(STOPPED, scores)[0]?.[0]).toBe('35 % overall');
    const one = scores.filter(({ category }) => category !== 'tools');
    expect(quality(LOADED, one)[0]?.[0]).toBe('best agent-coding now');
  });
  it('is found as the gateway finds it: of its own host, of none, of another one, then by patterns', () => {
    const place = { providerId: 'tower', model: 'phi-4-Q8_0' };
    const [own, none, other, pattern] = [
      score(place.model, 0.1, { providerId: 'tower' }),
      score(place.model, 0.2),
      score(place.model, 0.3, { providerId: 'nas' }),
      score('phi*', 0.4),
    ];
    const low = (...scores: Score[]) => scoreOf(scores, 'agent-coding', place)?.low ?? null;
    expect([
      low(other, none, own, pattern),
      low(other, none, pattern),
      low(pattern, other),
      low(pattern),
    ]).toEqual([0.1, 0.2, 0.3, 0.4]);
    expect([low(score('phi*', 0.4, { providerId: 'nas' })), scoreOf([own], null, place)]).toEqual([
      null,
      null,
    ]);
  });
});
