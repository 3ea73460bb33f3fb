import { createSimHost, type SimHost } from '@boocontrol/sim';
import { startStack, waitFor, type RunningService, type Stack } from '@boocontrol/testing';
import { afterAll, beforeAll, expect, onTestFailed, test } from 'vitest';
import { planOf, type Ask, type PlannedHost } from './actions-plan.js';
import { flaws } from './actions-verdict.js';
import { openHands, type Hands } from './hands.js';
import { randomFrom } from './random.js';

/** What may speak against it for a while: places come free, and hosts are heard of soon after the start. */
const FOR_A_WHILE = ['queue_full', 'unknown_provider', 'host_offline', 'unknown_model'];
const DEPTH = 4;

const seed = Number(process.env['PROOF_SEED'] ?? Date.now() % 1_000_000);
const random = randomFrom(seed);
const plan = planOf(random, { hosts: 10, submitters: 50, each: 4 });
/**
 * Which of both replicas (0, 1) or the bus is killed, and after how many accepted actions. Early: what a dead process was at
 * is looked after half a minute later, and these times shall overlap.
 */
const strikes = (['bus', 0, 1] as const)
  .map((what) => ({ what, at: 10 + random.below(60) }))
  .sort((a, b) => a.at - b.at);

const hosts: SimHost[] = [];
const replicas: RunningService[] = [];
const everyReplica: RunningService[] = [];
let stack: Stack;
let hands: Hands;

async function startHost({ input, loaded, faults }: PlannedHost): Promise<void> {
  const host = await createSimHost(input);
  hosts.push(host);
  const load = async (model: string): Promise<string> =>
    (await fetch(`${host.url}/upstream/${model}/health`)).text();
  await Promise.all(loaded.map(load));
  await host.faults.set(faults);
  await stack.addHost({ id: host.id, baseUrl: host.url });
}

beforeAll(async () => {
  process.stdout.write(`the actions are proved with PROOF_SEED=${seed}\n`);
  stack = await startStack();
  replicas.push(stack.service('actions'), await stack.start('actions'));
  everyReplica.push(...replicas);
  await Promise.all(plan.hosts.map(startHost));
  hands = await openHands(stack.nats);
});
afterAll(async () => {
  await hands?.close();
  await stack?.stop();
  await Promise.all(hosts.map((host) => host.close()));
});

test('fifty submitters, ten hosts, two replicas, and now and then one of them or the bus is killed', async () => {
  onTestFailed(async () => {
    process.stdout.write(`accepted ${accepted.length}, struck ${struck.join(', ')}\n`);
    process.stdout.write(`not ended: ${JSON.stringify(await hands.open())}\n`);
    process.stdout.write(`queues: ${JSON.stringify([...(await hands.queues())])}\n`);
    for (const replica of everyReplica) process.stdout.write(`${replica.output().slice(-8_000)}\n`);
  });
  const accepted: string[] = [];
  const struck: string[] = [];
  const preparations = new Map(hosts.map((host) => [host.id, host.commands().length]));
  /** A full host keeps nobody from asking another one. */
  const submit = async (asks: readonly Ask[], submitter: number): Promise<void> => {
    const pending = new Map(asks.entries());
    const isDone = async (): Promise<boolean> => {
      for (const [n, { request, isTakenBack }] of pending) {
        const idempotencyKey = `${submitter}-${n}`;
        const submitted = await hands.attempt(request, { idempotencyKey }, FOR_A_WHILE);
        if (submitted === null) continue;
        pending.delete(n);
        accepted.push(submitted.action.id);
        // Nobody may answer: then it simply runs.
        if (isTakenBack) await hands.takeBack(submitted.action.id).catch(() => null);
      }
      return pending.size === 0;
    };
    await waitFor(isDone, { what: `all of submitter ${submitter}`, timeoutMs: 200_000, everyMs: 500 });
  };
  const strike = async (): Promise<void> => {
    for (const { what, at } of strikes) {
      await waitFor(() => accepted.length >= at, { what: `${at} actions`, timeoutMs: 180_000, everyMs: 5 });
      struck.push(`${what} at ${accepted.length}`);
      if (what === 'bus') {
        await stack.nats.kill9();
        await stack.nats.restart();
      } else {
        await replicas[what]?.kill9();
        replicas[what] = await stack.start('actions');
        everyReplica.push(replicas[what]);
      }
    }
  };
  let isOver = false;
  let deepest = 0;
  /** The bus is away at times; it is asked again. */
  const watchDepth = (): Promise<unknown> =>
    waitFor(
      async () => {
        deepest = Math.max(deepest, ...(await hands.queues()).values());
        return isOver;
      },
      { what: 'the end of it all', timeoutMs: 290_000, everyMs: 20 },
    );
  const work = async (): Promise<void> => {
    await Promise.all([strike(), ...plan.submitters.map(submit)]);
    await waitFor(async () => (await hands.open()).length === 0, {
      what: 'the last action',
      timeoutMs: 180_000,
    });
    isOver = true;
  };
  await Promise.all([watchDepth(), work()]);

  const ledgers = new Map(
    hosts.map((host) => [host.id, host.commands().slice(preparations.get(host.id))] as const),
  );
  const actions = await hands.ended();
  await waitFor(
    async () => new Set((await hands.facts()).map(({ action }) => action.id)).size >= actions.length,
    {
      what: 'the last facts',
    },
  );
  const found = flaws({ accepted, actions, facts: await hands.facts(), ledgers });
  if (found.length > 0) process.stdout.write(`${JSON.stringify({ actions, ledgers: [...ledgers] })}\n`);
  expect(found).toEqual([]);
  expect(accepted).toHaveLength(plan.submitters.flat().length);
  expect(actions).toHaveLength(accepted.length);
  expect(deepest).toBe(DEPTH);
  const ends = new Map<string, number>();
  for (const { state } of actions) ends.set(state, (ends.get(state) ?? 0) + 1);
  const told = [...ends].map(([state, count]) => `${count} ${state}`);
  const cut = actions.filter(({ reason }) => reason?.message.includes('interrupted') === true);
  process.stdout.write(`${actions.length} actions: ${told.join(', ')}; ${cut.length} lost their process\n`);
  for (const state of ['succeeded', 'failed', 'skipped', 'cancelled'])
    expect(ends.get(state), state).toBeGreaterThan(0);
}, 300_000);
