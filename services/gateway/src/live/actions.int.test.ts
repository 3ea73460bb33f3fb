import {
  calls,
  subjects,
  type Action,
  type ActionsPage,
  type ControlActions,
  type Lease,
} from '@boocontrol/contracts';
import { instantFromMs } from '@boocontrol/fleet-model';
import { waitFor } from '@boocontrol/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { action, idOf, lease, released, succeeded } from '../testing/actions.js';
import { TestBrowser } from '../testing/browser.js';
import type { TestGateway } from '../testing/gateway.js';
import { StandIns } from '../testing/stand-ins.js';
import { World } from '../testing/world.js';

let world: World;
let gateway: TestGateway;
let standIns: StandIns;
let browsers: TestBrowser[] = [];
/** The tables of the service that is stood in for. */
let actions: Action[];
let leases: Lease[];

beforeAll(async () => {
  world = await World.create();
  standIns = new StandIns(world.bus);
});
beforeEach(() => {
  [actions, leases, browsers] = [[], [], []];
});
afterEach(async () => {
  for (const browser of browsers) browser.close();
  standIns.stop();
  await gateway?.service.stop();
});
afterAll(() => world?.stop());

const isOpen = ({ endedAt }: Action | Lease): boolean => endedAt === null;
const page = (): ActionsPage => ({
  open: actions.filter(isOpen),
  ended: actions.filter((each) => !isOpen(each)),
  nextCursor: null,
});
/** The service is there from now on. Returns what it is asked. */
async function serve(): Promise<unknown[]> {
  await standIns.answering(calls.leases.subject, () => ({
    held: leases.filter(isOpen),
    ended: [],
    nextCursor: null,
  }));
  return standIns.answering(calls.actions.subject, page);
}
async function browse(): Promise<TestBrowser> {
  const browser = new TestBrowser(gateway.url);
  browsers.push(browser);
  await browser.join('fleet');
  return browser;
}
const shown = ({ actions: known }: TestBrowser): string[] =>
  [...known.values()].map(({ id, state }) => `${Number(id.slice(-6))} ${state}`).sort();
const shows = (browser: TestBrowser, ...expected: string[]): Promise<boolean> =>
  waitFor(() => shown(browser).join() === [...expected].sort().join(), {
    what: `actions ${expected.join()}`,
  });
const trouble = ({ actionFrames }: TestBrowser): string | null | undefined => actionFrames.at(-1)?.trouble;
const holds = (browser: TestBrowser, ...expected: string[]): Promise<boolean> =>
  waitFor(() => browser.leases?.leases.map(({ providerId }) => providerId).join() === expected.join(), {
    what: `leases of ${expected.join()}`,
  });

describe('actions in the browser', () => {
  it('are what the service has, then what it tells: late, twice and in any order', async () => {
    actions = [action(1, { state: 'started', version: 2 }), action(2)];
    await serve();
    gateway = await world.gateway();
    const browser = await browse();
    await shows(browser, '1 started', '2 queued');
    expect(browser.actionFrames[0]).toMatchObject({ type: 'all', trouble: null });

    const third = action(3);
    await world.bus.action('succeeded', succeeded({ ...third, version: 2 }));
    await world.bus.action('queued', third);
    await world.bus.action('started', { ...third, state: 'started', version: 2 });
    await world.bus.action('queued', action(1));
    for (const _time of ['once', 'twice'])
      await world.bus.action('started', { ...action(2), state: 'started', version: 2 });
    await shows(browser, '1 started', '2 started', '3 succeeded');
    expect(browser.actionFrames.slice(1).every(({ type }) => type === 'changed')).toBe(true);

    const late = await browse();
    await shows(late, '1 started', '2 started', '3 succeeded');
    expect(late.actionFrames.map(({ type }) => type)).toEqual(['all']);
  });

  it('that have ended are the last five of each host', async () => {
    const ended = (n: number, providerId: string): Action =>
      succeeded(action(n, { providerId }), Date.parse('2026-11-21T17:00:00Z') + n);
    actions = [1, 2, 3, 4, 5, 6, 7].map((n) => ended(n, 'tower')).concat(ended(8, 'nas'));
    await serve();
    gateway = await world.gateway();
    const browser = await browse();
    await shows(browser, ...[3, 4, 5, 6, 7, 8].map((n) => `${n} succeeded`));
    await world.bus.action('succeeded', ended(9, 'tower'));
    await waitFor(() => browser.actions.has(idOf(9)), { what: 'the next one' });
    await shows(await browse(), ...[4, 5, 6, 7, 8, 9].map((n) => `${n} succeeded`));
  });

  it('say that the service does not answer, and are followed when it does', async () => {
    gateway = await world.gateway();
    const browser = await browse();
    await waitFor(() => trouble(browser)?.includes('The actions service'), { what: 'the trouble' });
    expect(browser.leases).toMatchObject({ leases: [], trouble: trouble(browser) });
    await world.bus.action('queued', action(1));
    await shows(browser, '1 queued');
    expect(trouble(browser)).toContain('does not answer');
    actions = [action(1), action(2)];
    await serve();
    await shows(browser, '1 queued', '2 queued');
    await waitFor(() => trouble(browser) === null && browser.leases?.trouble === null, {
      what: 'the end of the trouble',
    });
  });

  it('outlive a restart of the bus: what happened meanwhile is asked for, and what is over goes', async () => {
    actions = [action(1), action(2)];
    leases = [lease(1)];
    await serve();
    gateway = await world.gateway();
    const browser = await browse();
    await shows(browser, '1 queued', '2 queued');
    await holds(browser, 'tower');
    await world.nats.kill9();
    actions = [
      { ...action(2), state: 'started', version: 2, startedAt: instantFromMs(Date.now()) },
      action(3),
    ];
    leases = [lease(2, { providerId: 'nas' })];
    await world.nats.restart();
    await shows(browser, '2 started', '3 queued');
    await holds(browser, 'nas');
    await waitFor(() => trouble(browser) === null, { what: 'no trouble' });
  });

  it('are followed on a stream that was made anew', async () => {
    actions = [action(1)];
    const asked = await serve();
    gateway = await world.gateway();
    const browser = await browse();
    await shows(browser, '1 queued');
    const before = asked.length;
    await world.bus.wipe();
    await world.bus.prepare();
    await waitFor(() => asked.length > before, { what: 'another question' });
    const isTold = ({ actions: told }: ControlActions): boolean => told.some(({ id }) => id === idOf(2));
    await waitFor(
      async () => {
        await world.bus.action('queued', action(2));
        return browser.actionFrames.some(isTold);
      },
      { what: 'a fact of the new stream' },
    );
  });

  it('are not disturbed by what is no fact', async () => {
    await serve();
    gateway = await world.gateway();
    const browser = await browse();
    await waitFor(() => browser.actionFrames.length > 0, { what: 'a first frame' });
    await world.bus.js.publish(subjects.action('tower', 'queued'), '{"event":"queued"}');
    await world.bus.js.publish(subjects.lease('tower', 'acquired'), 'not JSON');
    await world.bus.action('queued', action(1));
    await shows(browser, '1 queued');
  });
});

describe('leases in the browser', () => {
  it('are those that are held, whole each time', async () => {
    const [tower, nas] = [lease(1), lease(2, { providerId: 'nas' })];
    leases = [tower];
    await serve();
    gateway = await world.gateway();
    const browser = await browse();
    await holds(browser, 'tower');
    await world.bus.lease('acquired', nas);
    await holds(browser, 'nas', 'tower');
    await world.bus.lease('foreign', { ...tower, version: 2, foreignRequests: 3 });
    await waitFor(() => browser.leases?.leases[1]?.foreignRequests === 3, { what: 'foreign requests' });
    await world.bus.lease('released', released({ ...tower, version: 2 }));
    await holds(browser, 'nas');
    // A copy from before does not bring it back.
    await world.bus.lease('foreign', { ...tower, version: 2, foreignRequests: 3 });
    await world.bus.lease('acquired', lease(3, { providerId: 'attic' }));
    await holds(browser, 'attic', 'nas');
    await holds(await browse(), 'attic', 'nas');
  });
});
