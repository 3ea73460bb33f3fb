import { ActivityRowSchema, type ActivityRow } from '@boocontrol/contracts';
import { describe, expect, test } from 'vitest';
import { arrivalOf, replaySuite, type Arrival } from './replay-suite.js';

const row = (over: Partial<ActivityRow> = {}): ActivityRow =>
  ActivityRowSchema.parse({
    key: 'k',
    providerId: 'tower',
    entryId: 1,
    ts: '2026-11-20T16:00:10.000000Z',
    model: 'm',
    source: 'opencode',
    reqPath: '/v1/chat/completions',
    respContentType: 'text/event-stream',
    statusCode: 200,
    durationMs: 4_000,
    cacheTokens: 800,
    inputTokens: 200,
    outputTokens: 50,
    draftTokens: null,
    draftAcceptedTokens: null,
    promptTps: 900,
    genTps: 60,
    hasCapture: false,
    errorMsg: null,
    ...over,
  });

describe('a row', () => {
  test('came so long before it ended, and its prompt is the whole one', () => {
    expect(arrivalOf(row())).toEqual({
      arrivedMs: Date.parse('2026-11-20T16:00:06Z'),
      promptTokens: 1_000,
      outputTokens: 50,
      dispatchId: null,
      isChat: true,
    });
  });

  test('whose host counts cached tokens among the others is not counted twice', () => {
    const counted = { inputTokens: 1_000, promptTps: null, genTps: null };
    expect(arrivalOf(row(counted))?.promptTokens).toBe(1_000);
    expect(arrivalOf(row({ promptTokens: 1_200, promptCounts: 'known' }))?.promptTokens).toBe(1_200);
  });

  test.each([
    ['of a failure', { statusCode: 503, inputTokens: null, outputTokens: null }],
    ['of an embedding', { outputTokens: null }],
    ['that was cut', { outputTokens: 0 }],
  ])('%s cannot be sent again', (_what, over) => {
    expect(arrivalOf(row(over))).toBeNull();
  });

  test('of /completions is no chat', () => {
    expect(arrivalOf(row({ reqPath: '/v1/completions' }))?.isChat).toBe(false);
    expect(arrivalOf(row({ reqPath: '/v1/messages' }))?.isChat).toBe(true);
  });
});

describe('a suite of it', () => {
  const of = { source: 'opencode', model: null, from: 'then', to: 'now' };
  const arrival = (arrivedMs: number, over: Partial<Arrival> = {}): Arrival => ({
    arrivedMs,
    promptTokens: 10 + arrivedMs,
    outputTokens: 5,
    dispatchId: null,
    isChat: true,
    ...over,
  });

  test('has the times and lengths, in the order of coming', () => {
    const made = replaySuite(
      [arrival(1_500.25, { promptTokens: 77 }), arrival(1_000), arrival(1_250, { outputTokens: 90 })],
      of,
    );
    expect(made?.suite).toMatchObject({
      endpoint: 'chat',
      repetitions: 1,
      load: {
        kind: 'replay',
        speed: 1,
        requests: [
          { atMs: 0, promptTokens: 1_010, outputTokens: 5 },
          { atMs: 250, promptTokens: 1_260, outputTokens: 90 },
          { atMs: 500.25, promptTokens: 77, outputTokens: 5 },
        ],
      },
    });
  });

  test('has each request once, however often it was tried', () => {
    const dispatchId = '3f0c6a52-98a1-4b6e-9d55-0a7f1b0c9e01';
    const made = replaySuite([arrival(7, { dispatchId }), arrival(3, { dispatchId }), arrival(5)], of);
    expect(made?.suite.load).toMatchObject({ requests: [{ promptTokens: 13 }, { promptTokens: 15 }] });
    expect(made?.beyond).toBe(0);
  });

  test('has no more than 5,000, and says how many there are beyond', () => {
    const made = replaySuite(
      Array.from({ length: 5_007 }, (_, at) => arrival(at)),
      of,
    );
    expect(made?.suite.load).toMatchObject({ requests: { length: 5_000 } });
    expect(made?.beyond).toBe(7);
  });

  test('of nothing is none', () => {
    expect(replaySuite([], of)).toBeNull();
  });
});
