import type { Generation } from '@boocontrol/contracts';
import { HostClient, HostCommands, type InflightNow } from '@boocontrol/llama-swap';
import { waitFor } from '@boocontrol/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  BRIEF_MODEL,
  BROKEN_MODEL,
  PROFILE,
  SLOW_MODEL,
  type HostUnderTest,
  type StartHost,
} from './host.js';

/** What a host must make of commands, in order: each scenario goes on where the one before ended. */
export function describeCommands(name: string, generation: Generation, start: StartHost): void {
  describe.sequential(`${name}, commanded`, () => {
    let host: HostUnderTest;
    let client: HostClient;
    let commands: HostCommands;
    const running = async (): Promise<string[]> =>
      (await client.running()).map(({ model, state }) => `${model} ${state}`);
    const rows = async (): Promise<number> =>
      (generation === 'A' ? await client.metricsRing() : await client.activityPage(1, 100)).rows.length;
    const chat = (model: string): Promise<Response> =>
      fetch(`${host.url}/v1/chat/completions`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          model,
          stream: true,
          max_tokens: 400,
          messages: [{ role: 'user', content: 'Say something.' }],
        }),
      });

    beforeAll(async () => {
      host = await start({ generation, apiKeys: [], forCommands: true });
      client = new HostClient({ baseUrl: host.url });
      commands = new HostCommands({ baseUrl: host.url });
    });
    afterAll(async () => {
      await commands?.close();
      await client?.close();
      await host?.stop();
    });

    test('what is asked only of ready models loads none', async () => {
      expect(await commands.props(SLOW_MODEL.id)).toMatchObject({ ok: false, reason: 'not_ready' });
      expect(await commands.tokenize(SLOW_MODEL.id, 'x')).toMatchObject({ ok: false, reason: 'not_ready' });
      expect(await running()).toEqual([]);
    });

    test('a load makes a model ready, swaps, and writes no row', async () => {
      expect(await commands.load(SLOW_MODEL.id)).toEqual({ ok: true });
      expect(await running()).toEqual([`${SLOW_MODEL.id} ready`]);
      expect(await commands.load(BRIEF_MODEL.id)).toEqual({ ok: true });
      expect(await running()).toEqual([`${BRIEF_MODEL.id} ready`]);
      expect(await rows()).toBe(0);
    });

    test('a model that is not there, and one that cannot start', async () => {
      expect(await commands.load('no/such')).toMatchObject({ ok: false, reason: 'unknown_model' });
      expect(await commands.unload('no/such')).toMatchObject({ ok: false, reason: 'unknown_model' });
      const broken = await commands.load(BROKEN_MODEL);
      expect(broken).toMatchObject({ ok: false, reason: 'failed_to_start' });
    });

    test('a ready model’s own server: /props, /tokenize, anything', async () => {
      await commands.load(SLOW_MODEL.id);
      const props = await commands.props(SLOW_MODEL.id);
      expect(props.ok && props.props['total_slots']).toBeGreaterThan(0);
      const tokens = await commands.tokenize(SLOW_MODEL.id, 'The quick brown fox');
      expect(tokens.ok && tokens.tokens.length).toBeGreaterThan(1);
      const slots = await commands.upstream(SLOW_MODEL.id, { method: 'GET', path: '/slots' });
      expect(slots.ok && slots.answer.status).toBe(200);
      const none = await commands.upstream(SLOW_MODEL.id, { method: 'GET', path: '/no/such' });
      expect(none.ok && none.answer.status).toBe(404);
      expect(await rows()).toBe(0);
    });

    test('the log of one model: what was, and what comes', async () => {
      const was = await commands.readLog(SLOW_MODEL.id);
      expect(was.ok && was.lines.some(({ line }) => line.includes('loaded'))).toBe(true);
      expect(await commands.readLog('no/such')).toMatchObject({ ok: false, reason: 'unknown_model' });
      const leave = new AbortController();
      const followed = await commands.followLog(BRIEF_MODEL.id, { signal: leave.signal, history: false });
      if (!followed.ok) throw new Error(followed.reason);
      const first = followed.chunks[Symbol.asyncIterator]().next();
      await commands.load(BRIEF_MODEL.id);
      expect(((await first).value as unknown[]).length).toBeGreaterThan(0);
      leave.abort(new Error('seen'));
    });

    test('unload ends one, all, and a load under way', async () => {
      await commands.load(SLOW_MODEL.id);
      expect(await commands.unload(SLOW_MODEL.id)).toEqual({ ok: true });
      expect(await running()).toEqual([]);
      const loading = commands.load(SLOW_MODEL.id);
      await waitFor(async () => (await running())[0] === `${SLOW_MODEL.id} starting`, { what: 'a load' });
      expect(await commands.unload(SLOW_MODEL.id)).toEqual({ ok: true });
      expect(await loading).toMatchObject({ ok: false, reason: 'unloaded' });
      await commands.load(BRIEF_MODEL.id);
      expect(await commands.unloadAll()).toEqual({ ok: true });
      expect(await running()).toEqual([]);
    });

    test('a request under way is cancelled, where the host can', async () => {
      if (generation === 'A') {
        expect(await commands.cancel('1')).toMatchObject({ ok: false, reason: 'not_offered' });
        return;
      }
      expect(await commands.cancel('99999')).toMatchObject({ ok: false, reason: 'unknown_request' });
      const leave = new AbortController();
      let now: InflightNow | null = null;
      const events = await client.events(leave.signal);
      const listen = async (): Promise<void> => {
        for await (const event of events) if (event.type === 'inflight') now = event.now;
      };
      const listening = listen().catch(() => undefined);
      const stream = await chat(SLOW_MODEL.id);
      const id = await waitFor(() => now?.requests[0]?.id, { what: 'the request in flight' });
      expect(await commands.cancel(id)).toEqual({ ok: true });
      expect(await stream.text()).not.toContain('[DONE]');
      leave.abort(new Error('seen'));
      await listening;
    });

    test('profiles, where the host has them', async () => {
      const listed = await commands.profiles();
      if (generation !== 'C') {
        expect(listed).toMatchObject({ ok: false, reason: 'not_offered' });
        expect(await commands.switchProfile('day')).toMatchObject({ ok: false, reason: 'not_offered' });
        return;
      }
      const { id, description } = PROFILE;
      expect(listed).toEqual({ ok: true, active: null, profiles: [{ id, description }] });
      expect(await commands.switchProfile('night')).toMatchObject({ reason: 'unknown_profile' });
      expect((await chat('chat')).status).toBe(404);
      expect(await commands.switchProfile(id)).toEqual({ ok: true, active: id });
      const answer = await chat('chat');
      expect(answer.status).toBe(200);
      await answer.body?.cancel();
      expect(await commands.switchProfile(null)).toEqual({ ok: true, active: null });
    });
  });
}
