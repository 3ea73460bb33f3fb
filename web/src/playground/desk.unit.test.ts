import { waitFor } from '@boocontrol/testing';
import { describe, expect, it } from 'vitest';
import { CHAT_FRAMES, wholeAnswer } from '../../testing/v1';
import { Desk } from './desk';
import { ChatRequest } from './request';
import { newSheet } from './run';

/** A /v1 whose answers come when the test says so. */
class Upstream {
  readonly bodies: { model: string; messages: { role: string; content: string }[] }[] = [];
  readonly left: string[] = [];
  private readonly streams: ReadableStreamDefaultController<Uint8Array>[] = [];

  readonly make = (body: string): ChatRequest =>
    new ChatRequest(body, {
      now: () => 0,
      fetch: (_url, { signal }) => {
        const read = JSON.parse(body) as Upstream['bodies'][number];
        this.bodies.push(read);
        const stream = new ReadableStream<Uint8Array>({
          start: (controller) => {
            this.streams.push(controller);
            signal?.addEventListener('abort', () => {
              this.left.push(read.model);
              controller.error(new DOMException('', 'AbortError'));
            });
          },
        });
        const headers = { 'content-type': 'text/event-stream' };
        return Promise.resolve(new Response(stream, { headers }));
      },
    });

  say(n: number, ...frames: readonly string[]): void {
    for (const frame of frames) this.streams[n]?.enqueue(new TextEncoder().encode(frame));
  }
  answer(n: number, text: string): void {
    this.say(n, ...wholeAnswer(text));
    this.streams[n]?.close();
  }
}

function world(...models: string[]) {
  const upstream = new Upstream();
  const desk = new Desk(newSheet(undefined, models), {
    machineOf: (model) => model.split('/')[0] ?? null,
    makeRequest: upstream.make,
    soon: (draw) => draw(),
  });
  const paneId = (n: number): string => desk.get().sheet.panes[n]?.id ?? '';
  const texts = (n: number): string[] => (desk.get().sheet.panes[n]?.turns ?? []).map(({ text }) => text);
  const phase = (n: number): string | undefined => desk.get().runs[paneId(n)]?.phase;
  const asked = (count: number) =>
    waitFor(() => upstream.bodies.length === count, { what: `${count} requests` });
  const rest = () => waitFor(() => !desk.isBusy, { what: 'all to end' });
  return { upstream, desk, paneId, texts, phase, asked, rest };
}

describe('a prompt', () => {
  it('goes to panes of different machines together, and of one machine one after the other', async () => {
    const { upstream, desk, phase, texts, asked, rest } = world('tower/a', 'nas/b', 'tower/c');
    expect(desk.send('Hi', [])).toBe(true);
    await asked(2);
    expect(upstream.bodies.map(({ model }) => model)).toEqual(['tower/a', 'nas/b']);
    expect([phase(0), phase(1), phase(2)]).toEqual(['waiting', 'waiting', 'queued']);
    upstream.say(0, CHAT_FRAMES.text('He'));
    await waitFor(() => phase(0) === 'answering', { what: 'the first words' });
    upstream.answer(0, 'llo');
    await asked(3);
    upstream.answer(1, 'Yes');
    upstream.answer(2, 'No');
    await rest();
    expect([texts(0), texts(1), texts(2)]).toEqual([
      ['Hi', 'Hello'],
      ['Hi', 'Yes'],
      ['Hi', 'No'],
    ]);
  });

  it('is not sent while a parameter is wrong, and says which', () => {
    const { upstream, desk, texts } = world('tower/a');
    desk.change({ settings: { ...desk.get().sheet.settings, temperature: 'warm' } });
    expect(desk.send('Hi', [])).toBe(false);
    expect([texts(0), desk.get().problems, upstream.bodies]).toEqual([
      [],
      { temperature: 'Enter a number.' },
      [],
    ]);
    desk.change({ settings: { ...desk.get().sheet.settings, temperature: '1' } });
    expect(desk.get().problems).toEqual({});
  });
});

describe('stopping', () => {
  it('closes the connections, keeps what had come, and asks nobody who still waited', async () => {
    const { upstream, desk, texts, asked } = world('tower/a', 'tower/b');
    desk.send('Hi', []);
    await asked(1);
    upstream.say(0, CHAT_FRAMES.text('Hal'));
    await waitFor(() => desk.asLeft.panes[0]?.turns[1]?.text === 'Hal', { what: 'what has come so far' });
    desk.stop();
    expect([desk.isBusy, upstream.left, texts(0), texts(1)]).toEqual([
      false,
      ['tower/a'],
      ['Hi', 'Hal'],
      ['Hi'],
    ]);
    expect(desk.get().sheet.panes[0]?.turns[1]?.account?.outcome).toBe('stopped');
    desk.again(desk.get().sheet.panes[1]?.id ?? '', desk.get().sheet.panes[1]?.turns[0]?.id ?? '');
    await asked(2);
    expect(upstream.bodies[1]?.model).toBe('tower/b');
    desk.stop();
  });

  it('of one pane leaves the others alone; so does closing it', async () => {
    const { upstream, desk, paneId, asked, rest, texts } = world('tower/a', 'nas/b', 'mac/c');
    desk.send('Hi', []);
    await asked(3);
    desk.stop(paneId(0));
    desk.closePane(paneId(2));
    expect(upstream.left).toEqual(['tower/a', 'mac/c']);
    upstream.answer(1, 'Yes');
    await rest();
    expect(texts(1)).toEqual(['Hi', 'Yes']);
  });
});

describe('a message', () => {
  it('is edited and sent anew, and an answer asked for again', async () => {
    const { upstream, desk, paneId, texts, asked, rest } = world('tower/a');
    desk.send('One', []);
    await asked(1);
    upstream.answer(0, 'first');
    await rest();
    const [user, answer] = desk.get().sheet.panes[0]?.turns ?? [];
    desk.again(paneId(0), answer?.id ?? '');
    await asked(2);
    upstream.answer(1, 'second');
    await rest();
    desk.again(paneId(0), user?.id ?? '', 'Two');
    await asked(3);
    upstream.answer(2, 'third');
    await rest();
    expect(upstream.bodies.map(({ messages }) => messages.map(({ content }) => content))).toEqual([
      ['One'],
      ['One'],
      ['Two'],
    ]);
    expect(texts(0)).toEqual(['Two', 'third']);
  });

  it('cannot be changed while an answer is on its way', async () => {
    const { upstream, desk, paneId, texts, asked, rest } = world('tower/a');
    desk.send('One', []);
    await asked(1);
    const id = desk.get().sheet.panes[0]?.turns[0]?.id ?? '';
    desk.remove(paneId(0), id);
    desk.again(paneId(0), id, 'Two');
    expect([texts(0), desk.send('More', [])]).toEqual([['One'], false]);
    upstream.answer(0, 'x');
    await rest();
  });
});

it('another sheet stops what is under way, and gets none of it', async () => {
  const { upstream, desk, asked } = world('tower/a');
  desk.send('Hi', []);
  await asked(1);
  const next = newSheet(undefined, ['nas/b']);
  desk.open(next);
  expect([upstream.left, desk.get().sheet, desk.isBusy]).toEqual([['tower/a'], next, false]);
});
