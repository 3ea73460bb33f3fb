import type { RouteBreaker, RoutingState } from '@boocontrol/contracts';
import { instantFromMs } from '@boocontrol/fleet-model';
import { describe, expect, it } from 'vitest';
import { dispatchesOf } from '../../testing/dispatches';
import { busyGateways, idleGateway, inflightRoute } from '../../testing/under-way';
import { apiQuery, hasFacets, matches, matchesUnderWay, readFilter } from './filters';
import { hostsNow, urgency } from './hosts-now';
import { cancelledBy, endedWords, requestRows, targetOf, underWay } from './rows';
import { stretchesOf } from '../dispatch/time-line';

const NOW = Date.UTC(2026, 10, 21, 12);
const filterOf = (query: string) => readFilter(new URLSearchParams(query));
const fact = dispatchesOf(1, NOW)[0]!;
const attempt = fact.attempts[0]!;

describe('the filter of the address', () => {
  it('leaves out what /api would refuse', () => {
    const long = 'x'.repeat(600);
    const read = filterOf(
      `policy=No%20Policy&host=constructor&consumer=A%20B&asked=${long}&outcome=odd&over=maybe`,
    );
    expect(hasFacets(read)).toBe(false);
    expect(apiQuery(read, NOW)).toEqual({ from: instantFromMs(NOW - 86_400_000).replace('000Z', 'Z') });
  });
  it('is asked as /api names it, and an end only where there is one', () => {
    const query = 'policy=code&host=tower&consumer=opencode&asked=auto:code&outcome=failed&over=yes';
    expect(apiQuery(filterOf(`${query}&range=all`), NOW)).toEqual({
      policy: 'code',
      providerId: 'tower',
      source: 'opencode',
      asked: 'auto:code',
      outcome: 'failed',
      failedOver: 'true',
      from: undefined,
      to: undefined,
    });
    const between = apiQuery(filterOf('from=2026-11-21T10:00:00Z&to=2026-11-21T11:00:00Z'), NOW);
    expect([between['from'], between['to']]).toEqual([
      '2026-11-21T10:00:00.000Z',
      '2026-11-21T11:00:00.000Z',
    ]);
  });
  it.each([
    ['', true],
    [`policy=${fact.policy?.name ?? 'direct'}`, true],
    ['policy=night', false],
    [`host=${attempt.providerId}`, true],
    ['host=nowhere', false],
    [`consumer=${fact.source}&asked=${encodeURIComponent(fact.asked)}&outcome=${fact.outcome}`, true],
    ['asked=something', false],
    ['over=yes', fact.attempts.length > 1],
    ['from=2026-11-20T10:00:00Z&to=2026-11-20T11:00:00Z', false],
  ])('%s lets a record through: %s', (query, wanted) => {
    expect(matches(fact, filterOf(query), NOW)).toBe(wanted);
  });
  it.each([
    ['', true],
    ['policy=code&consumer=opencode&host=tower', true],
    ['host=laptop', false],
    ['outcome=succeeded', false],
    ['over=yes', false],
    ['from=2026-11-20T10:00:00Z&to=2026-11-20T11:00:00Z', false],
  ])('%s lets through what is under way: %s', (query, wanted) => {
    expect(matchesUnderWay(inflightRoute(1, NOW), filterOf(query))).toBe(wanted);
  });
  it('a host that was tried before counts', () => {
    const request = inflightRoute(1, NOW, { attempts: [{ ...attempt, providerId: 'laptop' }] });
    expect(matchesUnderWay(request, filterOf('host=laptop&over=yes'))).toBe(true);
  });
});

describe('the rows', () => {
  it('have what is under way on top, newest first, and each request once', () => {
    const routing: RoutingState = { gateways: busyGateways(NOW) };
    const live = underWay(routing, filterOf(''));
    expect(live.map(({ at }) => at)).toEqual(
      live
        .map(({ at }) => at)
        .toSorted()
        .toReversed(),
    );
    const rows = requestRows(live, [{ ...fact, id: live[0]!.id }, fact]);
    expect(rows.map(({ kind }) => kind)).toEqual([...live.slice(1).map(() => 'live'), 'past', 'past']);
    expect(requestRows([], [fact])[0]).toBe(requestRows([], [fact])[0]);
  });
  it('know where a request went last', () => {
    const [past] = requestRows([], [{ ...fact, attempts: [attempt, { ...attempt, providerId: 'nas' }] }]);
    expect(targetOf(past!)).toMatchObject({ providerId: 'nas' });
    const [live] = requestRows([inflightRoute(1, NOW, { providerId: null, model: null })], []);
    expect(targetOf(live!)).toBeNull();
  });
  it('tell a request that was ended here, and by whom', () => {
    const error = { code: 'cancelled', message: 'x', details: { by: 'anna' } };
    expect(cancelledBy({ error })).toBe('anna');
    expect(cancelledBy({ error: { code: 'cancelled', message: 'x' } })).toBe('somebody');
    expect(endedWords({ outcome: 'incomplete', error })).toEqual({ tone: 'down', text: 'cancelled' });
    expect(endedWords({ outcome: 'incomplete', error: null }).text).toBe('cut off');
  });
});

describe('the hosts now', () => {
  const breaker = (state: RouteBreaker['state'], more: Partial<RouteBreaker> = {}): RouteBreaker => ({
    providerId: 'tower',
    model: 'm',
    state,
    retryAt: state === 'closed' ? null : instantFromMs(NOW),
    failuresInARow: 1,
    failures: 1,
    of: 1,
    lastFailure: { at: instantFromMs(NOW), message: 'x' },
    ...more,
  });
  it('add up what all gateways have of them, and keep those without anything', () => {
    const queue = { providerId: 'tower', running: 1, slots: 2 };
    const waiting = (source: string, requests: number, longestMs: number) => ({
      source,
      requests,
      longestMs,
    });
    const [tower, idle, removed] = hostsNow(
      {
        gateways: [
          { ...idleGateway('a', NOW), queues: [{ ...queue, waiting: [waiting('x', 1, 10)] }] },
          {
            ...idleGateway('b', NOW),
            queues: [{ ...queue, waiting: [waiting('y', 2, 30), waiting('x', 1, 20)] }],
            inflight: [inflightRoute(1, NOW, { providerId: 'removed' })],
          },
        ],
      },
      ['tower', 'idle'],
    );
    expect(tower).toMatchObject({
      running: 2,
      slots: 4,
      waiting: [waiting('y', 2, 30), waiting('x', 2, 20)],
    });
    expect([urgency(tower!), urgency(idle!), urgency(removed!)]).toEqual([2, 0, 1]);
  });
  it('tell of several gateways’ breakers of one model the worst, the open ones first', () => {
    const states = (...all: RouteBreaker[]) =>
      hostsNow({ gateways: all.map((each, i) => ({ ...idleGateway(`${i}`, NOW), breakers: [each] })) }, [])
        .flatMap(({ breakers }) => breakers)
        .map(({ model, state }) => `${model} ${state}`);
    expect(states(breaker('closed'), breaker('open'), breaker('half-open'))).toEqual(['m open']);
    expect(states(breaker('closed', { model: 'a' }), breaker('open', { model: 'z' }))).toEqual([
      'z open',
      'a closed',
    ]);
    expect(states(breaker('closed', { lastFailure: null }))).toEqual([]);
  });
});

describe('the line of its time', () => {
  const of = (more: Partial<typeof fact>) =>
    stretchesOf({ at: instantFromMs(NOW), attempts: [], queueMs: 0, durationMs: 1_000, ...more }).map(
      ({ kind, fromMs, toMs }) => `${kind} ${Math.round(fromMs)}-${Math.round(toMs)}`,
    );
  const tried = (startMs: number, durationMs: number, firstByteMs: number | null) => ({
    ...attempt,
    startedAt: instantFromMs(NOW + startMs),
    durationMs,
    firstByteMs,
  });
  it('has the wait, the attempts that failed, the silence and the answer, one after the other', () => {
    expect(of({ attempts: [tried(100, 50, null), tried(200, 800, 300)], queueMs: 140 })).toEqual([
      'queue 0-100',
      'failed 100-150',
      'queue 160-200',
      'silent 200-500',
      'answer 500-1000',
    ]);
  });
  it('is that of the host that answered from when it was asked, also beside another one', () => {
    const [first, second] = [tried(20, 80, null), tried(70, 930, 30)];
    expect(of({ attempts: [first, second], queueMs: 20 })).toEqual([
      'queue 0-20',
      'failed 20-70',
      'silent 70-100',
      'answer 100-1000',
    ]);
    expect(of({ attempts: [second, tried(20, 980, 80)], queueMs: 20 })).toEqual([
      'queue 0-20',
      'silent 20-100',
      'answer 100-1000',
    ]);
  });
  it('is only silence where nothing came, and nothing where nobody was asked', () => {
    expect(of({ attempts: [tried(0, 1_000, null)] })).toEqual(['silent 0-1000']);
    expect(of({})).toEqual([]);
  });
  it('never leaves the request, whatever the clocks said', () => {
    expect(of({ attempts: [tried(-50, 5_000, 20)] })).toEqual(['answer 0-1000']);
  });
});
