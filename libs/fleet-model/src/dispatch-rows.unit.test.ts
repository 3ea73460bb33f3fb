import { ActivityRowSchema, type RouteAttempt, type RouteFact } from '@boocontrol/contracts';
import { expect, it } from 'vitest';
import { rowsOfDispatch, sentAttempts } from './dispatch-rows.js';

const attempt = (over: Partial<RouteAttempt> = {}): RouteAttempt => ({
  providerId: 'deepseek',
  model: 'deepseek-chat',
  providerKind: 'openai',
  startedAt: '2026-11-21T12:00:00.123456Z',
  outcome: 'answered',
  status: 200,
  firstByteMs: 100,
  durationMs: 1_500.5,
  bytes: 1_000,
  message: null,
  ...over,
});
const fact = (attempts: RouteAttempt[]): RouteFact => ({
  id: '0199f7a1-6f0e-4c3a-9d2b-5b6f1e2d3c4b',
  at: '2026-11-21T12:00:00.000000Z',
  endpoint: '/chat/completions',
  asked: 'auto:cheap',
  policy: null,
  source: 'opencode',
  keyId: null,
  candidates: [],
  attempts,
  outcome: 'succeeded',
  status: 200,
  error: null,
  isStream: true,
  queueMs: 0,
  firstByteMs: 100,
  firstContentMs: 110,
  durationMs: 1_600,
  requestBytes: 10,
  responseBytes: 1_000,
  promptTokens: 40,
  cacheTokens: 30,
  outputTokens: 20,
});

it('an answer of a provider that tells of no requests is a row as a host would tell it', () => {
  const [row] = rowsOfDispatch(fact([attempt()]), 7);
  expect(ActivityRowSchema.parse(row)).toEqual(row);
  expect(row).toMatchObject({
    entryId: 7,
    ts: '2026-11-21T12:00:01.623500Z',
    model: 'deepseek-chat',
    source: 'opencode',
    reqPath: '/v1/chat/completions',
    statusCode: 200,
    promptTokens: 40,
    cacheTokens: 30,
    outputTokens: 20,
    dispatchId: '0199f7a1-6f0e-4c3a-9d2b-5b6f1e2d3c4b',
    dispatch: { joined: 'exact', attempt: 1, attempts: 1, outcome: 'answered' },
  });
});

it('each attempt that was sent has one; the tokens are the last one’s', () => {
  const attempts = [
    attempt({ outcome: 'refused', status: null }),
    attempt({ outcome: 'timeout', status: null, message: 'said nothing in time' }),
    attempt({ startedAt: '2026-11-21T12:00:09.000000Z', outcome: 'abandoned' }),
  ];
  expect(sentAttempts(fact(attempts)).map(({ place }) => place)).toEqual([2, 3]);
  const told = rowsOfDispatch(fact(attempts), 1).map(({ statusCode, outputTokens, errorMsg, dispatch }) => ({
    statusCode,
    outputTokens,
    errorMsg,
    place: dispatch?.attempt,
  }));
  expect(told).toEqual([
    { statusCode: 0, outputTokens: null, errorMsg: 'said nothing in time', place: 2 },
    { statusCode: 499, outputTokens: 20, errorMsg: null, place: 3 },
  ]);
});

it('hosts that tell of their requests themselves have none, and neither have facts that do not say what they are', () => {
  const { providerKind: _, ...unsaid } = attempt();
  expect(rowsOfDispatch(fact([attempt({ providerKind: 'llama-swap' }), unsaid]), 1)).toEqual([]);
});
