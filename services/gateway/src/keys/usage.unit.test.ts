import { expect, it } from 'vitest';
import { idOf } from '../testing/actions.js';
import { refusedFact, routeFact } from '../testing/routes.js';
import { usageOf } from './usage.js';

it('adds up what requests took, by key and month', () => {
  const keyId = idOf(7);
  const december = '2026-12-01T00:00:00.000000Z';
  const facts = [
    routeFact(2, { keyId }),
    routeFact(1, { keyId }),
    routeFact(3, { keyId, at: december, promptTokens: 5, outputTokens: null }),
    routeFact(4),
    routeFact(5, { keyId: 'no id of ours' }),
    refusedFact(6, { keyId: idOf(8) }),
  ];
  expect(usageOf(facts)).toEqual([
    { keyId, month: '2026-11', tokens: 240, lastAt: routeFact(2).at },
    { keyId, month: '2026-12', tokens: 5, lastAt: december },
    { keyId: idOf(8), month: '2026-11', tokens: 0, lastAt: routeFact(6).at },
  ]);
});
