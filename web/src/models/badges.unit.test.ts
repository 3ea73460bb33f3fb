import type { RouteChoices } from '@boocontrol/contracts';
import { describe, expect, it } from 'vitest';
import { homeFleet } from '../../testing/fleet';
import { badgesOf } from './badges';

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
  badgesOf(places, { hosts: fleet.hosts, providers, choices: told });

describe('what speaks for a model', () => {
  it('is that it is loaded, that policies would choose it, and its speed, each with its reason', () => {
    expect(of([LOADED]).map(({ text, why }) => [text, why])).toEqual([
      ['loaded', 'Loaded now on Tower.'],
      ['best: auto, code', 'auto and auto:code would choose it for a plain chat now, on Tower.'],
      ['fast', '87.5 tokens a second on Tower, the median of its last days.'],
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
});
