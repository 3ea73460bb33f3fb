import { once } from 'node:events';
import { waitFor } from '@boocontrol/testing';
import { afterEach, expect, it } from 'vitest';
import { CHAT, FRAMES, GOOD_STREAM, InferenceWorld, stream, type Answerer } from '../testing/inference.js';
import { RawClient } from '../testing/raw-client.js';

/** Clients that take their time, in both directions: they keep nobody waiting, and cost a bounded amount of memory. */
let world: InferenceWorld;
/** How long a failure takes. */
const PATIENT = { idleMs: 60_000 };
let clients: RawClient[] = [];
afterEach(async () => {
  for (const client of clients) client.end();
  clients = [];
  expect(world.errors).toEqual([]);
  await world.stop();
});

const good: Answerer = (response) => {
  stream(response, GOOD_STREAM);
  response.end();
};
function client(text: string | Buffer): RawClient {
  const made = new RawClient(world.url);
  made.write(text);
  clients.push(made);
  return made;
}
const head = (length: number): string =>
  `POST /v1/chat/completions HTTP/1.1\r\nhost: localhost\r\ncontent-length: ${length}\r\n\r\n`;
const heldBytes = (): number => {
  const { arrayBuffers, heapUsed } = process.memoryUsage();
  return arrayBuffers + heapUsed;
};

it('two hundred bodies that stop half way keep nobody waiting; in time they are sent away, and their room is free', async () => {
  world = await InferenceWorld.start(
    { maxHeldBytes: 12 * 1024 * 1024 },
    { requestTimeout: 3_000, headersTimeout: 3_000, connectionsCheckingInterval: 100 },
  );
  const host = await world.host('tower', good);
  const half = Buffer.concat([Buffer.from(head(100_000)), Buffer.alloc(50_000, ' ')]);
  const slow = Array.from({ length: 200 }, () => client(half));
  await waitFor(() => world.path.underWayCount === 200, { what: 'all of them to be under way' });
  expect((await world.post('/v1/chat/completions', CHAT)).status).toBe(200);
  await Promise.all(slow.map(({ closed }) => closed));
  expect(new Set(slow.flatMap(({ answers }) => answers.map(({ status }) => status)))).toEqual(new Set([408]));
  await waitFor(() => world.path.underWayCount === 0, { what: 'nothing to be under way' });
  // As much as there is room for goes through again.
  const large = { ...CHAT, padding: 'x'.repeat(7 * 1024 * 1024) };
  expect((await world.post('/v1/chat/completions', large)).status).toBe(200);
  expect(host.asked).toHaveLength(2);
});

it('three hundred heads that never end are sent away in time', async () => {
  world = await InferenceWorld.start(
    {},
    { requestTimeout: 1_000, headersTimeout: 1_000, connectionsCheckingInterval: 100 },
  );
  await world.host('tower', good);
  const slow = Array.from({ length: 300 }, () => client('POST /v1/chat/completions HTTP/1.1\r\nhost: l'));
  expect((await world.post('/v1/chat/completions', CHAT)).status).toBe(200);
  await Promise.all(slow.map(({ closed }) => closed));
  expect(await world.fact()).toMatchObject({ outcome: 'succeeded' });
});

it('streams that nobody reads hold their hosts back, and the memory with it; then each is whole', async () => {
  world = await InferenceWorld.start(PATIENT);
  world.decider.options = { firstByteMs: 60_000 };
  const frame = FRAMES.text('x'.repeat(60_000));
  const frames = 700;
  const streams = 32;
  let written = 0;
  await world.host(
    'tower',
    async (response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      for (let n = 0; n < frames; n++) {
        written += frame.length;
        if (!response.write(frame)) await once(response, 'drain');
      }
      response.end(FRAMES.done);
    },
    { slots: streams },
  );
  const before = heldBytes();
  const body = JSON.stringify(CHAT);
  const slow = Array.from({ length: streams }, () => {
    const made = client(head(body.length).replace('host', 'connection: close\r\nhost') + body);
    made.socket.pause();
    return made;
  });
  let last = -1;
  await waitFor(
    () => {
      const isStill = written > 0 && written === last;
      last = written;
      return isStill;
    },
    { what: 'all hosts to be held back', everyMs: 500 },
  );
  expect(written).toBeLessThan(streams * frames * frame.length);
  // The hosts' own buffers are in this process too.
  expect(heldBytes() - before).toBeLessThan(streams * 2 * 1024 * 1024);
  const [first, ...others] = slow;
  for (const other of others) other.end();
  await waitFor(() => world.facts.length === streams - 1, { what: 'the others to be over' });
  expect(new Set(world.facts.map(({ outcome }) => outcome))).toEqual(new Set(['client_left']));
  first?.socket.resume();
  await first?.closed;
  const [answer] = first?.answers ?? [];
  expect(answer?.body.length).toBe(frames * frame.length + FRAMES.done.length);
  await waitFor(() => world.facts.length === streams, { what: 'the last fact' });
  expect(world.facts.at(-1)).toMatchObject({ outcome: 'succeeded' });
  expect(world.traffic.load('tower')).toBe(0);
});

it('five hundred streams are open at once, each gets its own frames, and nothing is left of them', async () => {
  world = await InferenceWorld.start(PATIENT);
  world.decider.options = { firstByteMs: 60_000 };
  const streams = 500;
  const go: (() => void)[] = [];
  await world.host(
    'tower',
    async (response, { body }) => {
      const { n } = JSON.parse(body.toString()) as { n: number };
      stream(response, [FRAMES.role, FRAMES.text(`first of ${n}`)]);
      await new Promise<void>((resolve) => go.push(resolve));
      response.end(FRAMES.text(`last of ${n}`) + FRAMES.done);
    },
    { slots: streams },
  );
  const all = Array.from({ length: streams }, (_, n) => world.post('/v1/chat/completions', { ...CHAT, n }));
  await waitFor(() => go.length === streams, { what: 'all to be open' });
  expect(world.path.underWayCount).toBe(streams);
  expect(world.traffic.load('tower')).toBe(streams);
  for (const next of go) next();
  const replies = await Promise.all(all);
  for (const [n, { body }] of replies.entries())
    expect(body.toString()).toBe(
      FRAMES.role + FRAMES.text(`first of ${n}`) + FRAMES.text(`last of ${n}`) + FRAMES.done,
    );
  await waitFor(() => world.facts.length === streams, { what: 'a fact of each' });
  expect([world.path.underWayCount, world.traffic.load('tower')]).toEqual([0, 0]);
});
