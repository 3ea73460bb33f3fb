import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aModel } from '../testing/routing-world.js';
import { abilitiesOf } from './ability.js';
import { Affinity } from './affinity.js';
import { bestOf } from './best.js';
import { guessQuality, PRIOR_MAX } from './prior.js';

describe('what a model can do', () => {
  it.each([
    ['nomic-embed-text', [], ['embeddings'], ['chat', 'tools', 'rerank']],
    ['BAAI/bge-m3-F16', [], ['embeddings'], ['chat', 'rerank']],
    ['chatgte-7b', [], ['chat'], []],
    ['bge-reranker-v2', [], ['rerank'], ['chat', 'embeddings']],
    ['qwen3-30b', [], ['chat', 'completion'], []],
    ['qwen3-30b', ['tools', 'vision'], ['chat', 'tools', 'vision'], []],
    ['qwen2.5-vl-7b', [], ['chat', 'vision'], []],
    ['whisper-large', [], ['audio'], []],
  ] as const)('%s, told as %j', (id, capabilities, yes, no) => {
    const abilities = abilitiesOf(aModel(id, { capabilities: [...capabilities] }));
    for (const need of yes) expect([need, abilities[need]]).toEqual([need, 'yes']);
    for (const need of no) expect([need, abilities[need]]).toEqual([need, 'no']);
  });

  it('is not known where nobody tells', () => {
    expect(abilitiesOf(aModel('qwen3-30b')).tools).toBe('unknown');
    expect(abilitiesOf(aModel('whisper-large')).chat).toBe('unknown');
  });
});

describe('a guess at quality', () => {
  it('rises with parameters, falls with few bits, and stays below what is measured as good', () => {
    const rising = ['q-0.6b', 'q-8b-q2_k', 'q-8b-q4_k_m', 'q-8b-q8_0', 'q-32b-q8_0', 'q-235b-a22b', 'q-405b'];
    const guesses = rising.map(guessQuality);
    expect(guesses).toEqual([...guesses].sort((a, b) => a - b));
    expect(new Set(guesses).size).toBe(rising.length);
    fc.assert(
      fc.property(fc.string(), (id) => {
        expect(guessQuality(id)).toBeGreaterThanOrEqual(0);
        expect(guessQuality(id)).toBeLessThanOrEqual(PRIOR_MAX);
      }),
    );
  });
});

describe('the best of a list', () => {
  it('are the first of it sorted', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(20)), fc.integer({ min: 1, max: 8 }), (items, max) => {
        const sorted = [...items].sort((a, b) => a - b).slice(0, max);
        expect(bestOf(items, max, (a, b) => a - b)).toEqual(sorted);
      }),
    );
  });
});

describe('where a session was', () => {
  it('is remembered of those that were there last', () => {
    const affinity = new Affinity(2);
    for (const session of ['a', 'b', 'a', 'c'])
      affinity.served(session, { providerId: 'tower', model: session });
    expect(affinity.lastOf('b')).toBe(null);
    expect(affinity.lastOf('a')).toEqual({ providerId: 'tower', model: 'a' });
    expect(affinity.lastOf('c')).toEqual({ providerId: 'tower', model: 'c' });
    for (const begin of ['prefix 1', 'prefix 2', 'prefix 3'])
      affinity.served(begin, { providerId: 'nas', model: 'm' });
    expect([affinity.lastOf('prefix 1'), affinity.lastOf('prefix 3')?.providerId]).toEqual([null, 'nas']);
    expect(affinity.lastOf('a')?.providerId).toBe('tower');
  });
});
