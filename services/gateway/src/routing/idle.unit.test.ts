import { expect, it } from 'vitest';
import { aTarget } from '../testing/target.js';
import { aModel, aWorld, NOW_MS, type WorldGiven } from '../testing/routing-world.js';
import { isIdle } from './idle.js';

const LEASE = { holder: 'anna', purpose: 'bench: speed', fencingToken: '1.7' };
type Host = WorldGiven['hosts'][string];

it.each<[isSo: boolean, what: string, host: Host, more?: Partial<WorldGiven>]>([
  [true, 'has it loaded and nothing to do', { models: ['m', aModel('n', { state: 'stopped' })] }],
  [false, 'has a request of ours', { models: ['m'] }, { load: { a: 1 } }],
  [false, 'has a request of somebody else', { models: ['m'], inFlight: 1 }],
  [false, 'has it not loaded', { models: [aModel('m', { state: 'stopped' })] }],
  [false, 'loads it', { models: [aModel('m', { state: 'starting' })] }],
  [false, 'has others only', { models: ['n'] }],
  [false, 'is leased', { models: ['m'], lease: LEASE }],
  [false, 'is away', { models: ['m'], liveness: { state: 'reconnecting', attempt: 1 } }],
])('%s: a host that %s', (isSo, _what, host, more = {}) => {
  expect(isIdle(aWorld({ ...more, hosts: { a: host } }), aTarget('a', { model: 'm' }), NOW_MS)).toBe(isSo);
});

it.each(['openai', 'boocontrol-gateway'] as const)('nobody knows it of a provider of kind %s', (kind) => {
  const world = aWorld({ hosts: { a: { models: ['m'], provider: { kind } } } });
  expect(isIdle(world, aTarget('a', { model: 'm', kind }), NOW_MS)).toBe(false);
});

it('nobody knows it of a host that is not there any more', () => {
  expect(isIdle(aWorld({ hosts: {} }), aTarget('a', { model: 'm' }), NOW_MS)).toBe(false);
});
