import type { Generation, LogLine } from '@boocontrol/contracts';
import { HostCommands, type HostLogLine } from '@boocontrol/llama-swap';
import { waitFor } from '@boocontrol/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startFollower, type Follower } from './follow.js';
import { RIVAL_MODEL, SLOW_MODEL, type HostOptions, type HostUnderTest, type StartHost } from './host.js';

const MODELS = [SLOW_MODEL.id, RIVAL_MODEL];
const REQUESTS = 12;

/** The logs of single models, and what the connector makes of them while two models write at once. */
export function describeLogs(
  name: string,
  generation: Generation,
  start: StartHost,
  llama?: HostOptions['llama'],
): void {
  describe.sequential(`${name}, two models at once`, () => {
    const id = 'host';
    let host: HostUnderTest;
    let commands: HostCommands;
    let follower: Follower;
    const running = async (): Promise<string[]> =>
      (await commands.running()).map(({ model }) => model).toSorted();
    const ask = async (model: string, content: string): Promise<void> => {
      const answer = await fetch(`${host.url}/v1/chat/completions`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', connection: 'close' },
        body: JSON.stringify({ model, max_tokens: 8, messages: [{ role: 'user', content }] }),
      });
      expect(answer.status, await answer.text()).toBe(200);
    };

    beforeAll(async () => {
      follower = await startFollower({});
      host = await start({
        generation,
        apiKeys: [],
        sideBySide: true,
        ...(llama && { llama: { ...llama, threads: 1 } }),
      });
      commands = new HostCommands({ baseUrl: host.url });
    });
    afterAll(async () => {
      await commands?.close();
      await host?.stop();
      await follower?.stop();
    });

    test('following a log loads no model, and goes on when the model is loaded, unloaded and loaded again', async () => {
      const [model = ''] = MODELS;
      const leave = new AbortController();
      const followed = await commands.followLog(model, { signal: leave.signal, history: false });
      if (!followed.ok) throw new Error(followed.reason);
      expect(await running()).toEqual([]);
      const heard: HostLogLine[] = [];
      const read = async (): Promise<void> => {
        for await (const lines of followed.chunks) heard.push(...lines);
      };
      const reading = read().catch((error: unknown) => {
        if (!leave.signal.aborted) throw error;
      });
      for (let load = 0; load < 2; load++) {
        const before = heard.length;
        expect(await commands.load(model)).toEqual({ ok: true });
        await waitFor(() => heard.length > before, { what: `lines of load ${load}` });
        expect(await commands.unload(model)).toEqual({ ok: true });
      }
      leave.abort(new Error('seen'));
      await reading;
      expect(await running()).toEqual([]);
    });

    test('each line is its model’s, or not certain', async () => {
      await follower.follow(id, host.url);
      await follower.until(id, 'liveness', 'connected', ({ state }) => state === 'connected');
      await Promise.all(MODELS.map((model) => commands.load(model)));
      expect(await running()).toEqual(MODELS.toSorted());
      for (let n = 0; n < REQUESTS; n++)
        await Promise.all(
          MODELS.map((model, at) => ask(model, 'words '.repeat(1 + ((n * 7 + at * 3) % 40)))),
        );

      const upstream = (): LogLine[] => follower.lines(id).filter(({ source }) => source === 'upstream');
      const certain = (model: string): LogLine[] =>
        upstream().filter((line) => line.model?.by === 'matched' && line.model.id === model);
      for (const model of MODELS)
        await waitFor(() => certain(model).length > 0, { what: `lines of ${model}` });
      // The host keeps what each wrote, all of it: so few lines fit.
      const written = new Map<string, Set<string>>();
      for (const model of MODELS) {
        const was = await commands.readLog(model);
        if (!was.ok) throw new Error(was.reason);
        written.set(model, new Set(was.lines.map(({ line }) => line)));
      }
      for (const model of MODELS)
        for (const { line } of certain(model)) expect(written.get(model), line).toContain(line);
      for (const { line, model } of upstream()) {
        const writers = MODELS.filter((writer) => written.get(writer)?.has(line));
        if (writers.length === 1 && model) expect(model.id, line).toBe(writers[0]);
      }
      const told = follower.lines(id).filter(({ model }) => model?.by === 'told');
      expect(new Set(told.map(({ model }) => model?.id))).toEqual(new Set(MODELS));
      expect(told.every(({ source }) => source === 'proxy')).toBe(true);
    });
  });
}
