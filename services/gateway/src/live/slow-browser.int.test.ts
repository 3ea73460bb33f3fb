import type { FleetResponse } from '@boocontrol/contracts';
import { waitFor } from '@boocontrol/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { TestBrowser } from '../testing/browser.js';
import type { TestBus } from '../testing/bus.js';
import { body } from '../testing/facts.js';
import type { TestGateway } from '../testing/gateway.js';
import { World } from '../testing/world.js';

let world: World;
let bus: TestBus;
let gateway: TestGateway;

beforeAll(async () => {
  world = await World.create();
  bus = world.bus;
  gateway = await world.gateway();
  await gateway.call('POST', '/api/providers', { id: 'tower', baseUrl: 'http://tower' });
});
afterAll(async () => {
  await world?.stop();
});

/** The TCP connection below a browser's WebSocket. */
function wire(browser: TestBrowser): { pause(): void; resume(): void } {
  const { transport } = browser.socket.io.engine as unknown as {
    transport: { ws: { _socket: { pause(): void; resume(): void } } };
  };
  return transport.ws._socket;
}

it('a browser that does not read is told nothing more, and gets a fresh snapshot once it reads again', async () => {
  const slow = new TestBrowser(gateway.url);
  const quick = new TestBrowser(gateway.url);
  try {
    await Promise.all([slow.join('fleet', 'activity'), quick.join('fleet', 'activity')]);
    const stopped = wire(slow);
    stopped.pause();
    // Each is about 250 kB on the wire: more than the connection holds, soon more than may wait for it.
    const filler = 'x'.repeat(250_000);
    let sent = 0;
    await waitFor(
      async () => {
        const request = body('request', 'tower', ++sent, Date.now());
        await bus.fact('request', { ...request, errorMsg: filler });
        return (await gateway.metric('boo_gateway_sockets_lagged_total')) > 0;
      },
      { what: 'the gateway to notice', everyMs: 1 },
    );
    const { body: before } = await gateway.get<FleetResponse>('/api/fleet');
    expect(before.hosts).toHaveLength(1);
    for (let n = 0; n < 20; n++)
      await bus.fact('request', { ...body('request', 'tower', ++sent, Date.now()), errorMsg: filler });
    const { seq } = await bus.nth('inflight', 'tower', 77);
    await waitFor(() => quick.fleet?.hosts['tower']?.seqs.inflight === seq, {
      what: 'the quick browser to have it all',
    });
    expect(quick.facts.filter(({ kind }) => kind === 'request')).toHaveLength(sent);
    expect(quick.snapshots).toBe(1);

    stopped.resume();
    await waitFor(() => slow.snapshots === 2, { what: 'a fresh snapshot' });
    expect(slow.facts.filter(({ kind }) => kind === 'request').length).toBeLessThan(sent);
    const { seq: last } = await bus.nth('liveness', 'tower', 78);
    await waitFor(() => slow.fleet?.hosts['tower']?.seqs.liveness === last, { what: 'it to follow again' });
    expect(slow.fleet?.hosts).toEqual(quick.fleet?.hosts);
  } finally {
    slow.close();
    quick.close();
  }
});
