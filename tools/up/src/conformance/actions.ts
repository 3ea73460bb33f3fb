import type { Action, ActionRequest, Generation } from '@boocontrol/contracts';
import { HostClient, HostCommands } from '@boocontrol/llama-swap';
import { startStack, waitFor, type Stack } from '@boocontrol/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openHands, type Hands } from '../proof/hands.js';
import {
  BRIEF_MODEL,
  BROKEN_MODEL,
  PROFILE,
  SLOW_MODEL,
  type HostUnderTest,
  type StartHost,
} from './host.js';

/** The whole system, for hosts of any number of suites. */
export interface ActionsUnderTest {
  stack: Stack;
  hands: Hands;
}

/** Starts it before the tests of a file, and stops it after them. */
export function withActions(): () => ActionsUnderTest {
  let running: ActionsUnderTest | undefined;
  beforeAll(async () => {
    const stack = await startStack();
    running = { stack, hands: await openHands(stack.nats) };
  });
  afterAll(async () => {
    await running?.hands.close();
    await running?.stack.stop();
  });
  return () => {
    if (running === undefined) throw new Error('the system is not running');
    return running;
  };
}

/** What came of an action is in the fleet a moment after its end, and a host may be out of sight for another. */
const soon = (what: string, assertion: () => Promise<void>): Promise<boolean> =>
  waitFor(() => assertion().then(() => true), { what });

/** A load may take as much more, or less, than those that were seen: they are few and short, and the machine is busy. */
const SLACK = { factor: 3, s: 1 };

/** What the actions service must make of a host, in order: each scenario goes on where the one before ended. */
export function describeActions(
  name: string,
  generation: Generation,
  start: StartHost,
  running: () => ActionsUnderTest,
): void {
  describe.sequential(`${name}, by the actions service`, () => {
    const providerId = `${name.replaceAll(/\W+/g, '-')}-${generation}`.toLowerCase();
    let host: HostUnderTest;
    let client: HostClient;
    let commands: HostCommands;
    const loaded = async (): Promise<string[]> => (await client.running()).map(({ model }) => model);
    const warm = (model: string): ActionRequest => ({ kind: 'warm', providerId, model });
    const act = async (request: ActionRequest): Promise<Action> => {
      const { hands } = running();
      const { action } = await hands.insist(request, ['unknown_provider', 'host_offline', 'unknown_model']);
      return hands.outcome(action.id, 60_000);
    };
    const told = (request: ActionRequest, expected: object): Promise<boolean> =>
      soon(`the dry run of ${request.kind}`, async () =>
        expect(await running().hands.preview(request)).toMatchObject(expected),
      );
    const refused = (request: ActionRequest, code: string): Promise<boolean> =>
      soon(`${request.kind} to be refused`, () =>
        expect(running().hands.submit(request)).rejects.toMatchObject({ code }),
      );
    const seconds = ({ startedAt, endedAt }: Action): number =>
      (Date.parse(endedAt ?? '') - Date.parse(startedAt ?? '')) / 1_000;
    const chat = (): Promise<Response> =>
      fetch(`${host.url}/v1/chat/completions`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          model: SLOW_MODEL.id,
          stream: true,
          // A small model is quick: as much as its context takes, and no end of its own.
          max_tokens: 2_000,
          ignore_eos: true,
          messages: [{ role: 'user', content: 'Say something.' }],
        }),
      });
    /** The id of the one request under way, as the fleet tells it. */
    const underWay = (): Promise<string> =>
      waitFor(
        async () =>
          (await running().stack.fleet()).hosts
            .find(({ provider }) => provider.id === providerId)
            ?.inflight?.requests.find(({ method }) => method === 'POST')?.id,
        { what: 'the request under way' },
      );

    beforeAll(async () => {
      host = await start({ generation, apiKeys: [], forCommands: true });
      client = new HostClient({ baseUrl: host.url });
      commands = new HostCommands({ baseUrl: host.url });
      await running().stack.addHost({ id: providerId, baseUrl: host.url });
    });
    afterAll(async () => {
      await commands?.close();
      await client?.close();
      await host?.stop();
    });

    test('warm makes a model ready and writes no row; a ready one is left alone', async () => {
      expect(await act(warm(SLOW_MODEL.id))).toMatchObject({ state: 'succeeded', reason: null });
      expect(await loaded()).toEqual([SLOW_MODEL.id]);
      const rows = generation === 'A' ? await client.metricsRing() : await client.activityPage(1, 10);
      expect(rows.rows).toEqual([]);
      expect(await act(warm(SLOW_MODEL.id))).toMatchObject({
        state: 'skipped',
        reason: { code: 'already_ready' },
      });
    });

    test('a model that is not there is refused, one that cannot start fails', async () => {
      await refused(warm('no/such'), 'unknown_model');
      expect(await act(warm(BROKEN_MODEL))).toMatchObject({
        state: 'failed',
        reason: { code: 'failed_to_start' },
      });
    });

    test('a dry run before anything of the kind was seen says so', async () => {
      await act(warm(SLOW_MODEL.id));
      await told(warm(BRIEF_MODEL.id), {
        refusal: null,
        load: null,
        evicts: [{ model: SLOW_MODEL.id, certainty: 'possible' }],
      });
    });

    test('a dry run says what then happens: what goes, and how long it takes', async () => {
      const { hands } = running();
      for (let round = 0; round < 2; round++)
        for (const model of [BRIEF_MODEL.id, SLOW_MODEL.id])
          expect(await act(warm(model))).toMatchObject({ state: 'succeeded' });
      const request = warm(BRIEF_MODEL.id);
      const evicts = [{ model: SLOW_MODEL.id, certainty: 'likely', seen: { times: 2, of: 2 } }];
      await told(request, { refusal: null, evicts, load: { samples: 2 } });
      const { load } = await hands.preview(request);
      const { minS = 0, maxS = 0, medianS = 0, samples = 0 } = load ?? {};
      expect(minS <= medianS && medianS <= maxS).toBe(true);

      const before = await loaded();
      const action = await act(request);
      const after = await loaded();
      expect(before.filter((model) => !after.includes(model))).toEqual([SLOW_MODEL.id]);
      // Of the action, the stop of what goes is a part; of the load, it is not.
      expect(seconds(action)).toBeGreaterThan(minS / SLACK.factor);
      expect(seconds(action)).toBeLessThan(maxS * SLACK.factor + SLACK.s);

      const then = await waitFor(
        async () => {
          const { load: now } = await hands.preview(request);
          return (now?.samples ?? 0) > samples && now;
        },
        { what: 'this load to be in the tables' },
      );
      expect(then.minS).toBeLessThanOrEqual(minS);
      expect(then.maxS).toBeGreaterThanOrEqual(maxS);
      expect(then.minS).toBeLessThanOrEqual(seconds(action));
    });

    test('unload stops one, unload-all what is there; what is not there is left alone', async () => {
      const unload: ActionRequest = { kind: 'unload', providerId, model: SLOW_MODEL.id };
      const all: ActionRequest = { kind: 'unload-all', providerId };
      await act(warm(SLOW_MODEL.id));
      expect(await act(unload)).toMatchObject({ state: 'succeeded', reason: null });
      expect(await loaded()).toEqual([]);
      expect(await act(unload)).toMatchObject({ state: 'skipped', reason: { code: 'already_stopped' } });
      await act(warm(SLOW_MODEL.id));
      await told(all, { evicts: [{ model: SLOW_MODEL.id, certainty: 'sure' }] });
      expect(await act(all)).toMatchObject({ state: 'succeeded', reason: null });
      expect(await loaded()).toEqual([]);
      expect(await act(all)).toMatchObject({ state: 'skipped', reason: { code: 'already_stopped' } });
    });

    test('cancel ends a request under way, where the host can', async () => {
      const { hands } = running();
      const cancel = (inflightId: string): ActionRequest => ({ kind: 'cancel', providerId, inflightId });
      if (generation === 'A') {
        await refused(cancel('1'), 'not_offered');
        return;
      }
      await refused(cancel('99999'), 'unknown_request');
      const stream = await chat();
      const id = await underWay();
      const unload: ActionRequest = { kind: 'unload', providerId, model: SLOW_MODEL.id };
      await told(unload, { inflight: [{ model: SLOW_MODEL.id, requests: 1 }] });
      const { action, ahead } = await hands.insist(cancel(id), ['host_offline']);
      expect(action).toMatchObject({ state: 'succeeded', turn: null });
      expect(ahead).toBeNull();
      expect(await stream.text()).not.toContain('[DONE]');
    });

    test('profile switches, where the host has profiles', async () => {
      const to = (profile: string | null): ActionRequest => ({ kind: 'profile', providerId, profile });
      if (generation !== 'C') {
        await refused(to(PROFILE.id), 'not_offered');
        return;
      }
      expect(await act(to(PROFILE.id))).toMatchObject({ state: 'succeeded', reason: null });
      expect(await commands.profiles()).toMatchObject({ active: PROFILE.id });
      expect(await act(to(null))).toMatchObject({ state: 'succeeded' });
      expect(await commands.profiles()).toMatchObject({ active: null });
      expect(await act(to('night'))).toMatchObject({ state: 'failed', reason: { code: 'unknown_profile' } });
    });
  });
}
