import { instantFromMs } from '@boocontrol/fleet-model';
import { describe, expect, it } from 'vitest';
import { shareText } from './columns';
import { consumersCsv } from './csv';
import { consumersOf, type Group } from './figures';
import { bucketS, measureOf, overTime } from './over-time';

const HOUR_MS = 3_600_000;
const NOON = Date.UTC(2026, 10, 22, 12);

const group = (source: string, more: Partial<Group> = {}): Group => ({
  bucket: null,
  providerId: null,
  model: null,
  source,
  requests: 10,
  errors: 0,
  inputTokens: 800,
  promptTokens: 1_000,
  cacheTokens: 200,
  outputTokens: 500,
  durationMs: 60_000,
  genTps: 40,
  promptTps: 900,
  ...more,
});
const at = (hour: number, source: string, more: Partial<Group> = {}): Group =>
  group(source, { bucket: instantFromMs(NOON + hour * HOUR_MS), ...more });

describe('the figures of consumers', () => {
  it('are shares of what all had, the largest first', () => {
    const all = [group('chat', { errors: 1 }), group('coder', { durationMs: 180_000 })];
    const [coder, chat] = consumersOf(all, all);
    expect(coder).toMatchObject({ source: 'coder', timeShare: 0.75, hitRate: 0.2, errorShare: 0 });
    expect(chat).toMatchObject({ source: 'chat', timeShare: 0.25, errorShare: 0.1 });
  });
  it('count only the time of own hosts as that of GPUs', () => {
    const onHosts = [group('chat', { durationMs: 30_000 })];
    const [chat, remote] = consumersOf([group('remote', { durationMs: 900_000 }), group('chat')], onHosts);
    expect([chat?.source, chat?.timeShare, remote?.timeShare]).toEqual(['chat', 1, 0]);
    expect(consumersOf([group('remote')], [])[0]?.timeShare).toBeNull();
  });
  it('say nothing where there is nothing to say', () => {
    const none = group('embed', { promptTokens: 0, cacheTokens: 0, durationMs: 0 });
    expect(consumersOf([none], [none])[0]).toMatchObject({ hitRate: null, timeShare: null });
    const { promptTokens: _unknown, ...old } = group('old');
    expect(consumersOf([old], [old])[0]).toMatchObject({ promptTokens: 800, hitRate: 0.25 });
  });
  it('are a file, in which a name is no formula', () => {
    const all = [group('=1+"x"', { durationMs: 0 })];
    expect(consumersCsv(consumersOf(all, [])).split('\r\n')).toEqual([
      'consumer,requests,failed,prompt_tokens,cached_prompt_tokens,cache_hit_rate,generated_tokens,generated_tokens_per_s,gpu_time_ms,gpu_time_share',
      `"'=1+""x""",10,0,1000,200,0.2,500,40,0,`,
      '',
    ]);
  });
  it('tell little from nothing', () => {
    expect([null, 0, 0.004, 0.5, 1].map(shareText)).toEqual(['–', '0%', '<1%', '50%', '100%']);
  });
});

describe('consumers over time', () => {
  const asked = { measure: 'tokens', stepMs: HOUR_MS, fromMs: NOON, toMs: NOON + 3 * HOUR_MS } as const;
  const ys = (view: ReturnType<typeof overTime>): Record<string, number[]> =>
    Object.fromEntries((view?.series ?? []).map(({ name, points }) => [name, points.map(({ y }) => y)]));

  it('have nothing where they had nothing, in the middle of each step', () => {
    const view = overTime([at(0, 'chat'), at(2, 'chat'), at(1, 'coder', { outputTokens: 9_000 })], asked);
    expect(ys(view)).toEqual({ coder: [0, 10, 0], chat: [1.5, 0, 1.5] });
    expect([view?.unit, view?.sayY(1.5)]).toEqual(['thousand', '1.5K']);
    expect(view?.series[0]?.points[0]?.x).toBe(NOON + HOUR_MS / 2);
  });
  it('have shares only where there is something to have a share of', () => {
    const groups = [at(0, 'chat'), at(2, 'chat'), at(2, 'coder', { durationMs: 20_000 })];
    expect(ys(overTime(groups, { ...asked, measure: 'time' }))).toEqual({
      chat: [100, 75],
      coder: [0, 25],
    });
    expect(ys(overTime(groups, { ...asked, measure: 'cache' }))).toEqual({ chat: [20, 20], coder: [20] });
  });
  it('are as many as can be told apart; the others are one line', () => {
    const many = (length: number): Group[] =>
      Array.from({ length }, (_, n) => at(0, `c${n}`, { requests: 100 - n }));
    const view = overTime(many(10), { ...asked, measure: 'requests' });
    expect(view?.from).toBe(NOON);
    expect(Object.keys(ys(view))).toEqual(['c0', 'c1', 'c2', 'c3', 'c4', 'c5', 'c6', '3 others']);
    expect([ys(view)['3 others'], view?.undrawn]).toEqual([[93 + 92 + 91, 0, 0], 0]);
    // So many that their line would make the others flat.
    const all = overTime(many(60), { ...asked, measure: 'requests' });
    expect([Object.keys(ys(all)).length, all?.undrawn]).toEqual([7, 53]);
  });
  it('go over the whole range, also where nobody did anything, and say what is not over yet', () => {
    const now = NOON + 2.5 * HOUR_MS;
    const view = overTime([at(1, 'chat')], { ...asked, measure: 'requests', toMs: now });
    expect([ys(view), view?.to]).toEqual([{ chat: [0, 10, 0] }, NOON + 3 * HOUR_MS]);
    expect(view?.xName).toBe('time, the last step not over yet');
  });
  it('are nothing where nobody had any', () => {
    expect(overTime([], asked)).toBeNull();
    expect(overTime([at(0, 'chat')], { ...asked, measure: 'errors' })).toBeNull();
  });
  it('are asked for in at most 30 steps', () => {
    expect([15 * 60_000, HOUR_MS, 24 * HOUR_MS, 30 * 24 * HOUR_MS, null].map(bucketS)).toEqual([
      60,
      300,
      3_600,
      86_400,
      7 * 86_400,
    ]);
    expect([measureOf('time'), measureOf('nonsense'), measureOf(null)]).toEqual(['time', 'tokens', 'tokens']);
  });
});
