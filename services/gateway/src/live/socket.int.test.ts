import { subjects, type Fact, type FactKind, type FleetResponse } from '@boocontrol/contracts';
import { waitFor } from '@boocontrol/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { TestBrowser } from '../testing/browser.js';
import type { TestBus } from '../testing/bus.js';
import { ALL_KINDS } from '../testing/facts.js';
import type { TestGateway } from '../testing/gateway.js';
import { World } from '../testing/world.js';

let world: World;
let bus: TestBus;
let gateway: TestGateway;
const browsers: TestBrowser[] = [];

function browser(options?: ConstructorParameters<typeof TestBrowser>[1]): TestBrowser {
  const opened = new TestBrowser(gateway.url, options);
  browsers.push(opened);
  return opened;
}

beforeAll(async () => {
  world = await World.create();
  bus = world.bus;
  gateway = await world.gateway();
  for (const id of ['tower', 'nas'])
    await gateway.call('POST', '/api/providers', { id, baseUrl: `http://${id}` });
});
afterEach(() => {
  for (const opened of browsers.splice(0)) opened.close();
});
afterAll(async () => {
  await world?.stop();
});

/** The server's own fold, without what REST adds to it. */
async function serverHosts(): Promise<Record<string, unknown>> {
  const { body } = await gateway.get<FleetResponse>('/api/fleet');
  return Object.fromEntries(body.hosts.map(({ provider: _provider, ...host }) => [host.providerId, host]));
}
const NOW_MS = Date.now();

describe('the fleet on the socket', () => {
  it('is the same at every browser as at the server, whenever it joins', async () => {
    const early = browser();
    await early.join('fleet', 'perf', 'activity');
    const late: TestBrowser[] = [];
    let last: Fact | null = null;
    for (let n = 0; n < 400; n++) {
      const kind: FactKind = ALL_KINDS[(n * 7 + (n % 3)) % ALL_KINDS.length] ?? 'request';
      last = await bus.nth(kind, n % 3 === 0 ? 'nas' : 'tower', n, NOW_MS - 5_000 + n);
      if (n % 50 === 25) {
        const joining = browser();
        late.push(joining);
        void joining.join('fleet', 'perf', 'activity');
      }
    }
    const final = await bus.nth('request', 'tower', 1_000, NOW_MS);
    for (const one of [early, ...late]) {
      await waitFor(() => one.fleet?.hosts['tower']?.seqs.requests === final.seq, { what: 'the last fact' });
      expect(one.fleet?.hosts).toEqual(await serverHosts());
    }
    expect(last).not.toBeNull();
    expect(early.snapshots).toBe(1);
  });

  it('comes as whole requests, each once and in order, to those who look at the activity', async () => {
    const one = browser();
    await one.join('activity');
    const published: number[] = [];
    for (let n = 2_000; n < 2_060; n++)
      published.push((await bus.nth('request', 'tower', n, NOW_MS + n)).seq);
    await bus.nth('liveness', 'tower', 1);
    await waitFor(() => one.facts.length >= published.length, { what: 'every request' });
    expect(one.facts.map(({ kind, seq }) => [kind, seq])).toEqual(published.map((seq) => ['request', seq]));
  });

  it('sends only what was joined, and the new set after another join', async () => {
    const one = browser();
    await one.join('perf');
    const other = browser();
    await other.join('fleet');
    await bus.nth('perf', 'tower', 1);
    await bus.nth('liveness', 'tower', 2);
    await waitFor(() => one.facts.length === 1 && other.facts.length === 1, { what: 'one fact each' });
    expect([one.facts[0]?.kind, other.facts[0]?.kind]).toEqual(['perf', 'liveness']);
    expect(await one.ask({ rooms: ['fleet'] })).toEqual({ ok: true });
    await waitFor(() => one.snapshots === 2, { what: 'a snapshot after the second join' });
    await bus.nth('perf', 'tower', 3);
    const { seq } = await bus.nth('inflight', 'tower', 4);
    await waitFor(() => one.facts.at(-1)?.seq === seq, { what: 'the fact of the new room' });
    expect(one.facts.map(({ kind }) => kind)).toEqual(['perf', 'inflight']);
  });

  it('ignores what is no fact, and goes on', async () => {
    const one = browser();
    await one.join('fleet');
    const before = await gateway.metric('boo_fleet_bad_facts_total');
    await bus.js.publish(subjects.fact('tower', 'liveness'), 'not JSON');
    await bus.js.publish(subjects.fact('tower', 'models'), '{"providerId":"tower"}');
    await bus.js.publish(
      subjects.fact('tower', 'inflight'),
      JSON.stringify({ ...(await bus.nth('inflight', 'nas', 1)).body }),
    );
    const { seq } = await bus.nth('inflight', 'tower', 5);
    await waitFor(() => one.facts.at(-1)?.seq === seq, { what: 'the fact behind the bad ones' });
    expect(await gateway.metric('boo_fleet_bad_facts_total')).toBe(before + 3);
  });
});

describe('the registry on the socket', () => {
  it('follows every change', async () => {
    const one = browser();
    await one.join('fleet');
    const labels = (): string[] => one.providers.map(({ label }) => label);
    expect(labels()).toEqual(['nas', 'tower']);
    await gateway.call('POST', '/api/providers', { id: 'attic', baseUrl: 'http://attic' });
    await waitFor(() => labels().includes('attic'), { what: 'the new host' });
    await gateway.call('PATCH', '/api/providers/attic', { label: 'Zoo' });
    await waitFor(() => labels().at(-1) === 'Zoo', { what: 'its new name, in its new place' });
    await gateway.call('DELETE', '/api/providers/attic');
    await waitFor(() => labels().length === 2, { what: 'its removal' });
  });
});

describe('logs', () => {
  it('come as a tail, then line by line, none missing and none twice, whenever somebody joins', async () => {
    const texts = Array.from({ length: 2_600 }, (_, n) => `line ${n}`);
    for (const text of texts.slice(0, 2_300)) void bus.line('tower', 'proxy', text);
    await bus.nc.flush();
    const early = browser();
    await early.join('log:tower:proxy');
    const late: TestBrowser[] = [];
    for (const [index, text] of texts.slice(2_300).entries()) {
      await bus.line('tower', 'proxy', text);
      if (index % 60 === 30) {
        const joining = browser();
        late.push(joining);
        void joining.join('log:tower:proxy', 'fleet');
      }
    }
    for (const one of [early, ...late]) {
      const lines = (): { line: string; seq: number }[] => one.logs.get('tower:proxy') ?? [];
      await waitFor(() => lines().at(-1)?.line === 'line 2599', { what: 'the last line' });
      const shown = lines().map(({ line }) => line);
      expect(shown).toEqual(texts.slice(-shown.length));
      expect(shown.length).toBeGreaterThanOrEqual(2_000);
      expect(one.tails).toBe(1);
    }
  });

  it('are read only while somebody is there', async () => {
    const consumers = async (): Promise<number> => (await bus.jsm.streams.info('LOGS')).state.consumer_count;
    await waitFor(async () => (await consumers()) === 0, { what: 'no reader' });
    const one = browser();
    await one.join('log:nas:upstream');
    await waitFor(async () => (await consumers()) === 1, { what: 'one reader' });
    await waitFor(() => one.tails === 1, { what: 'the last lines' });
    await one.ask({ rooms: ['fleet'] });
    await waitFor(async () => (await consumers()) === 0, { what: 'no reader again' });
  });

  it('start over when the stream was made anew', async () => {
    const one = browser();
    await one.join('log:nas:proxy');
    await bus.line('nas', 'proxy', 'old');
    await waitFor(() => one.logs.get('nas:proxy')?.length === 1, { what: 'the old line' });
    await bus.jsm.streams.delete('LOGS');
    await bus.prepare();
    await bus.line('nas', 'proxy', 'new');
    await waitFor(
      () =>
        one.logs
          .get('nas:proxy')
          ?.map(({ line }) => line)
          .join() === 'new',
      { what: 'only the new line' },
    );
  });
});

describe('jobs', () => {
  it('are passed on', async () => {
    const one = browser();
    await one.join('jobs');
    const fact = {
      kind: 'bench',
      run: 'r1',
      event: 'running',
      at: '2026-11-20T16:00:00.000000Z',
      body: { n: 1 },
    };
    await bus.js.publish(subjects.job('bench', 'r1', 'running'), JSON.stringify(fact));
    await waitFor(() => one.jobs.length === 1, { what: 'the job' });
    expect(one.jobs[0]).toMatchObject(fact);
  });
});

describe('a join', () => {
  it.each([
    [undefined],
    [null],
    ['fleet'],
    [{}],
    [{ rooms: 'fleet' }],
    [{ rooms: ['everybody'] }],
    [{ rooms: ['log:*:proxy'] }],
    [{ rooms: ['log:tower:secret'] }],
    [{ rooms: [], more: 1 }],
    [{ rooms: Array.from({ length: 65 }, () => 'fleet') }],
  ])('with %j is refused in words', async (request) => {
    const one = browser();
    await one.connected();
    const reply = await one.ask(request);
    expect(reply.error?.code).toBe('validation');
    expect(reply.error?.message).not.toBe('');
    expect(one.snapshots).toBe(0);
  });

  it('may not be repeated without end', async () => {
    const one = browser();
    await one.connected();
    const replies = await Promise.all(Array.from({ length: 25 }, () => one.ask({ rooms: ['fleet'] })));
    expect(replies.filter(({ ok }) => ok).length).toBe(20);
    expect(replies.at(-1)?.error?.code).toBe('rate_limited');
  });

  it('that is too large ends the connection', async () => {
    const one = browser();
    await one.connected();
    one.socket.io.reconnection(false);
    one.socket.emit('join', { rooms: ['x'.repeat(100_000)] });
    await waitFor(() => !one.socket.connected, { what: 'the end of the connection' });
  });

  it('works by polling, too', async () => {
    const one = browser({ transports: ['polling'] });
    await one.join('fleet');
    const { seq } = await bus.nth('inflight', 'tower', 9);
    await waitFor(() => one.facts.at(-1)?.seq === seq, { what: 'the fact' });
  });
});
