import type { ActivityRow, ModelEvent, RouteFact } from '@boocontrol/contracts';
import { instantFromMs } from '@boocontrol/fleet-model';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadSeen } from './load-seen';
import { hostSpan, ownSpan } from './span';
import { timeSpent, type Phase, type TimeSpent } from './time-spent';

const END_MS = Date.parse('2026-11-21T12:00:40Z');

const row = (over: Partial<ActivityRow> = {}): ActivityRow =>
  ({
    providerId: 'tower',
    key: 'k',
    entryId: 1,
    ts: instantFromMs(END_MS),
    model: 'qwen3',
    source: 'boochat',
    reqPath: '/v1/chat/completions',
    respContentType: 'text/event-stream',
    statusCode: 200,
    durationMs: 40_000,
    cacheTokens: 1_000,
    inputTokens: 4_000,
    promptTokens: 5_000,
    promptCounts: 'known',
    outputTokens: 101,
    draftTokens: null,
    draftAcceptedTokens: null,
    promptTps: 2_000,
    genTps: 20,
    hasCapture: true,
    errorMsg: null,
    ...over,
  }) satisfies ActivityRow;

const event = (state: string, beforeEndMs: number, observed = 'live'): ModelEvent => ({
  providerId: 'tower',
  model: 'qwen3',
  state,
  ts: instantFromMs(END_MS - beforeEndMs),
  detail: { observed },
});
const partsOf = ({ parts }: TimeSpent): Record<string, number> =>
  Object.fromEntries(parts.map(({ phase, ms }) => [phase, Math.round(ms)]));

describe('where the time of a request went', () => {
  it('is the load that was seen, the prompt and the answer by the host’s figures, and the rest', () => {
    const spent = timeSpent(row(), null, { kind: 'loaded', ms: 30_000 });
    expect(partsOf(spent)).toEqual({ load: 30_000, prompt: 2_000, generation: 5_000, rest: 3_000 });
    expect(spent.totalMs).toBe(40_000);
    expect(spent.unknown).toEqual(['Whether it waited at the host for a place is not told.']);
  });

  it('leaves out what is not known, and says so: never as nothing', () => {
    const spent = timeSpent(row({ promptTps: null, genTps: null }), null, { kind: 'unknown', why: 'x' });
    expect(partsOf(spent)).toEqual({ rest: 40_000 });
    expect(spent.unknown).toHaveLength(3);
    const failed = row({
      statusCode: 500,
      inputTokens: 0,
      promptTokens: 0,
      outputTokens: 0,
      promptTps: 0,
      genTps: 0,
    });
    expect(partsOf(timeSpent(failed, null, null))).toEqual({ rest: 40_000 });
  });

  it('through /v1 begins with the client: its wait for a place, and attempts that came to nothing', () => {
    const attempt = (
      providerId: string,
      startMs: number,
      durationMs: number,
    ): RouteFact['attempts'][number] => ({
      ...{ providerId, model: 'qwen3', outcome: 'answered', status: 200, bytes: 1, message: null },
      startedAt: instantFromMs(END_MS - 50_000 + startMs),
      firstByteMs: 10,
      durationMs,
    });
    const dispatch = {
      at: instantFromMs(END_MS - 50_000),
      attempts: [attempt('nas', 4_000, 5_500), attempt('tower', 9_900, 40_050)],
      queueMs: 4_000,
      durationMs: 50_000,
    } as RouteFact;
    const joined = { joined: 'exact', attempts: 2, outcome: 'answered' } as const;
    const last = timeSpent(row({ dispatch: { ...joined, attempt: 2 } }), dispatch, { kind: 'ready' });
    expect(partsOf(last)).toMatchObject({ queue: 4_000, before: 5_500, prompt: 2_000, generation: 5_000 });
    expect([last.totalMs, last.unknown]).toEqual([50_000, []]);
    const first = timeSpent(row({ dispatch: { ...joined, attempt: 1 } }), dispatch, { kind: 'ready' });
    expect([first.totalMs, Object.keys(partsOf(first))]).toEqual([40_000, ['prompt', 'generation', 'rest']]);
  });

  it('has parts that are all there, in order, and add up to the whole where they fit into it', () => {
    const order: Phase[] = ['queue', 'before', 'load', 'prompt', 'generation', 'rest'];
    const figure = fc.option(fc.nat(5_000), { nil: null });
    const rows = fc.record({
      durationMs: fc.nat(100_000),
      cacheTokens: figure,
      promptTokens: figure,
      outputTokens: figure,
      promptTps: fc.option(fc.double({ min: 0, max: 5_000, noNaN: true }), { nil: null }),
      genTps: fc.option(fc.double({ min: 0, max: 500, noNaN: true }), { nil: null }),
    });
    fc.assert(
      fc.property(rows, fc.nat(50_000), (over, loadMs) => {
        const { parts, totalMs } = timeSpent(row(over), null, { kind: 'loaded', ms: loadMs });
        expect(parts.map(({ phase }) => order.indexOf(phase))).toEqual(
          parts.map(({ phase }) => order.indexOf(phase)).toSorted((a, b) => a - b),
        );
        for (const { ms } of parts) expect(ms).toBeGreaterThanOrEqual(1);
        const sum = parts.reduce((all, { ms }) => all + ms, 0);
        if (parts.some(({ phase }) => phase === 'rest')) expect(sum).toBeCloseTo(totalMs, 3);
        else expect(sum).toBeGreaterThan(totalMs - 1);
      }),
    );
  });
});

describe('whether the model had to load', () => {
  const span = { beginMs: END_MS - 40_000, endMs: END_MS };

  it('is told by what was seen of it while the request waited', () => {
    const seen = [event('ready', 9_000), event('starting', 39_000), event('stopped', 90_000)];
    expect(loadSeen(seen, span, true)).toEqual({ kind: 'loaded', ms: 30_000 });
    const begunBefore = [event('ready', 30_000), event('starting', 60_000)];
    expect(loadSeen(begunBefore, span, true)).toEqual({ kind: 'loaded', ms: 10_000 });
    const failed = [event('stopped', 35_000), event('starting', 39_000)];
    expect(loadSeen(failed, span, true)).toEqual({ kind: 'loaded', ms: 4_000 });
    expect(loadSeen([event('starting', 5_000)], span, true)).toEqual({ kind: 'loaded', ms: 5_000 });
  });

  it('is known not to have where it was ready before, also when it was unloaded later', () => {
    expect(loadSeen([event('ready', 90_000)], span, true)).toEqual({ kind: 'ready' });
    expect(loadSeen([event('stopped', -5_000), event('ready', 90_000)], span, true)).toEqual({
      kind: 'ready',
    });
  });

  it('is not known where nothing was seen, or nobody looked', () => {
    for (const [events, isFollowed] of [
      [[], true],
      [[event('stopped', 90_000)], true],
      [[event('ready', 90_000)], false],
      [[event('ready', 5_000, 'after_gap'), event('stopped', 90_000)], true],
    ] as const)
      expect(loadSeen(events, span, isFollowed).kind).toBe('unknown');
  });
});

it('the span is by our clock where that is known, and by the host’s for what the host tells', () => {
  const ahead = row({ ts: instantFromMs(END_MS + 90_000) });
  expect(hostSpan(ahead).endMs).toBe(END_MS + 90_000);
  expect(ownSpan({ row: ahead, endedAt: instantFromMs(END_MS) })).toEqual({
    beginMs: END_MS - 40_000,
    endMs: END_MS,
  });
  expect(ownSpan({ row: ahead }).endMs).toBe(END_MS + 90_000);
});
