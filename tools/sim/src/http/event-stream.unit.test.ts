import { expect, test } from 'vitest';
import { goJson } from '../core/go-json.js';
import { FaultBoard } from '../faults.js';
import { EventStream, eventFrame } from './event-stream.js';
import type { StreamWriter } from './stream-writer.js';

function collector() {
  const frames: string[] = [];
  const writer = {
    open: true,
    write: async (frame: string) => void frames.push(frame),
  } as unknown as StreamWriter;
  return { frames, writer };
}

test('a frame has no space after its colons, and its data is JSON in a string', () => {
  const { frames, writer } = collector();
  new EventStream(writer, new FaultBoard()).send('inflight', { total: 1 });
  expect(frames).toEqual(['event:message\ndata:{"type":"inflight","data":"{\\"total\\":1}"}\n\n']);
  expect(eventFrame('{}')).toBe('event:message\ndata:{}\n\n');
});

test('JSON is escaped as Go escapes it', () => {
  expect(goJson({ a: '<b>&' })).toBe('{"a":"\\u003cb\\u003e\\u0026"}');
  expect(JSON.parse(goJson({ a: '<b>&\u2028' }))).toEqual({ a: '<b>&\u2028' });
});

test('a reader that stalls loses what comes after 1,024 waiting messages, and gets the rest later', async () => {
  const frames: string[] = [];
  let free: () => void = () => {};
  const stalled = new Promise<void>((resolve) => (free = resolve));
  const writer = {
    open: true,
    write: async (frame: string) => {
      frames.push(frame);
      await stalled;
    },
  } as unknown as StreamWriter;
  const stream = new EventStream(writer, new FaultBoard());
  for (let id = 0; id < 2_000; id += 1) stream.send('activity', { id });
  free();
  await stalled;
  await new Promise((resolve) => setImmediate(resolve));
  expect(frames).toHaveLength(1_025);
  expect(frames.at(-1)).toContain('1024');
});

test('garbled frames are broken in different ways, and only as many as asked for', async () => {
  const { frames, writer } = collector();
  const board = new FaultBoard();
  board.apply({ garbleFrame: { count: 3 } });
  const stream = new EventStream(writer, board);
  for (let id = 0; id < 5; id += 1) stream.send('activity', { id });
  await new Promise((resolve) => setImmediate(resolve));
  const sound = frames.map((frame) => {
    try {
      const envelope = JSON.parse(frame.split('data:')[1] ?? '') as { data: string };
      JSON.parse(envelope.data);
      return true;
    } catch {
      return false;
    }
  });
  expect(sound).toEqual([false, false, false, true, true]);
  expect(board.current).toEqual({});
});
