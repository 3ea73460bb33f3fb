import { fits } from '@boocontrol/fleet-model';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { apiKey } from '../testing/routes.js';
import { grantOf } from './grant.js';

const isFrontier = (id: string): boolean => id === 'cloud';
const grant = (differs: Parameters<typeof apiKey>[1]) => grantOf(apiKey(1, differs), isFrontier);

describe('what a key may use', () => {
  it('is everything but frontier providers, unless it says otherwise', () => {
    expect(grant({}).allows('tower', 'm', null)).toBe(true);
    expect(grant({}).allows('tower', 'm', 'code')).toBe(true);
    expect(grant({}).allows('cloud', 'm', 'code')).toBe(false);
    expect(grant({ frontier: true }).allows('cloud', 'm', null)).toBe(true);
  });

  it.each([
    ['qwen*', 'tower', 'qwen3-30b', true],
    ['qwen*', 'tower', 'org/qwen3', false],
    ['tower/*', 'tower', 'anything/at/all', true],
    ['tower/*', 'nas', 'm', false],
    ['*/llama', 'tower', 'llama', true],
    ['llama', 'tower', 'llama-2', false],
  ])('models %s: %s/%s is allowed: %s', (glob, providerId, model, expected) => {
    expect(grant({ models: [glob] }).allows(providerId, model, null)).toBe(expected);
  });

  it('is what one of its policies decides; "direct" stands for none', () => {
    expect(grant({ policies: ['code'] }).allows('tower', 'm', 'code')).toBe(true);
    expect(grant({ policies: ['code'] }).allows('tower', 'm', 'fast')).toBe(false);
    expect(grant({ policies: ['code'] }).allows('tower', 'm', null)).toBe(false);
    expect(grant({ policies: ['direct'] }).allows('tower', 'm', null)).toBe(true);
    expect(grant({ policies: ['direct'] }).allows('tower', 'm', 'code')).toBe(false);
  });
});

describe('a glob', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'b', '/', '.', '*', '(', '\\'), maxLength: 12 });

  it('says what a regular expression says', () => {
    fc.assert(
      fc.property(text, text, (glob, given) => {
        const pattern = glob.split('*').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
        expect(fits(glob, given)).toBe(new RegExp(`^${pattern.join('[^]*')}$`, 'i').test(given));
      }),
      { numRuns: 500 },
    );
  });

  it('takes no time to speak of, whatever the glob', () => {
    const startedMs = performance.now();
    expect(fits('*a'.repeat(150), 'a'.repeat(256).replace(/.$/, 'b'))).toBe(false);
    expect(performance.now() - startedMs).toBeLessThan(200);
  });
});
