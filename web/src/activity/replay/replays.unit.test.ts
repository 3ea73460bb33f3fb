import { describe, expect, it } from 'vitest';
import { Draft } from '../../playground/draft';
import { V1Request } from '../../playground/request';
import { Replays } from './replays';

/** Replays whose requests are answered when the test says so. */
function setUp(machineOf: (model: string) => string | null = () => null) {
  const asked: {
    url: string;
    body: unknown;
    headers: Record<string, string>;
    answer: (text: string) => void;
  }[] = [];
  const fetch = (url: string, { body, headers, signal }: RequestInit): Promise<Response> =>
    new Promise((resolve, reject) => {
      signal?.addEventListener('abort', () => reject(new Error('aborted')));
      asked.push({
        url,
        body: JSON.parse(body as string) as unknown,
        headers: headers as Record<string, string>,
        answer: (text) => resolve(new Response(text, { headers: { 'content-type': 'text/event-stream' } })),
      });
    });
  const replays = new Replays(
    {
      ok: true,
      path: '/v1/chat/completions',
      bodyFor: (model) => JSON.stringify({ model }),
      isAnyKind: false,
    },
    {
      machineOf,
      soon: (draw) => draw(),
      makeRequest: (path, body) =>
        new V1Request({ path, body, source: 'replay', draft: new Draft() }, { fetch, now: () => 0 }),
    },
  );
  return { replays, asked, phases: () => replays.get().map(({ phase }) => phase) };
}
const DONE =
  'data: {"id":"c","choices":[{"index":0,"delta":{"content":"hi"},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n';

describe('replays', () => {
  it('go together to several machines, as the consumer "replay", each with its own model', async () => {
    const { replays, asked, phases } = setUp();
    replays.add('a/m');
    replays.add('b/m');
    expect(phases()).toEqual(['chosen', 'chosen']);
    replays.sendAll();
    expect(asked.map(({ body }) => body)).toEqual([{ model: 'a/m' }, { model: 'b/m' }]);
    expect(asked[0]).toMatchObject({ url: '/v1/chat/completions', headers: { 'x-boo-source': 'replay' } });
    for (const { answer } of asked) answer(DONE);
    await expect.poll(phases).toEqual(['over', 'over']);
    expect(replays.get()[0]?.account).toMatchObject({ outcome: 'done', finish: 'stop' });
  });

  it('wait for each other on one machine, and one that waits can be stopped', async () => {
    const { replays, asked, phases } = setUp(() => 'tower');
    for (const model of ['tower/a', 'tower/b', 'tower/c']) replays.add(model);
    replays.sendAll();
    expect(phases()).toEqual(['under way', 'queued', 'queued']);
    replays.stop(replays.get()[1]?.id);
    asked[0]?.answer(DONE);
    await expect.poll(phases).toEqual(['over', 'over', 'under way']);
    expect(asked.map(({ body }) => body)).toEqual([{ model: 'tower/a' }, { model: 'tower/c' }]);
    replays.stop();
    expect(replays.get().map(({ account }) => account?.outcome)).toEqual(['done', 'stopped', 'stopped']);
  });

  it('can be sent again and taken away, and are no more than four', async () => {
    const { replays, asked, phases } = setUp();
    for (let n = 0; n < 6; n++) replays.add('a/m');
    expect(phases()).toHaveLength(4);
    for (const { id } of replays.get().slice(1)) replays.remove(id);
    const id = replays.get()[0]?.id ?? '';
    replays.send(id);
    replays.send(id);
    asked[0]?.answer(DONE);
    await expect.poll(phases).toEqual(['over']);
    replays.send(id);
    expect(asked).toHaveLength(2);
    replays.remove(id);
    expect(replays.get()).toEqual([]);
  });
});
