// Hosts that answer as fast as they can: node hosts.js COUNT. Prints their addresses as one line of JSON.
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { createSimHost } from '@boocontrol/sim';
import { CHUNKS, CHUNK_MS, MODEL, streamChunk, WHOLE_ANSWER } from './traffic.js';

// Bare sockets and answers made beforehand: on a machine with two cores a host that takes long would be what is measured.
const STREAM_HEAD = Buffer.from(
  'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n',
);
const ANSWER = Buffer.concat([
  Buffer.from(
    `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${WHOLE_ANSWER.length}\r\n\r\n`,
  ),
  WHOLE_ANSWER,
]);
const httpChunk = (text: string): Buffer =>
  Buffer.from(`${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`);
const FRAMES = Array.from({ length: CHUNKS }, (_, at) => httpChunk(streamChunk(at)));
const END = Buffer.concat([httpChunk('data: [DONE]\n\n'), Buffer.from('0\r\n\r\n')]);
const WHOLE = Buffer.concat([STREAM_HEAD, ...FRAMES, END]);
/** A frame that is the last but for [DONE]: what a held stream sends when it is let go. */
const REST = Buffer.concat([...FRAMES.slice(1), END]);

/** Paced streams: each in the slot of its millisecond, so that their frames do not come all at once. */
const slots: Set<{ socket: Socket; sent: number }>[] = Array.from({ length: CHUNK_MS }, () => new Set());
let slot = 0;
let newest = 0;
setInterval(() => {
  // Timers may come late: what was missed is made up for.
  const now = Math.floor(performance.now());
  for (; newest < now; newest++) {
    slot = newest % CHUNK_MS;
    for (const stream of slots[slot] ?? []) {
      stream.socket.write(FRAMES[stream.sent++] ?? END);
      if (stream.sent > CHUNKS || stream.socket.destroyed) slots[slot]?.delete(stream);
    }
  }
}, 1);
newest = Math.floor(performance.now());
let nextSlot = 0;

const held = new Set<Socket>();

function answer(body: Buffer, socket: Socket): void {
  if (body.includes('"release":true')) {
    for (const one of held) one.write(REST);
    held.clear();
    socket.write(ANSWER);
  } else if (!body.includes('"stream":true')) {
    socket.write(ANSWER);
  } else if (body.includes('"held":true')) {
    socket.write(Buffer.concat([STREAM_HEAD, FRAMES[0] ?? END]));
    held.add(socket);
  } else if (body.includes('"paced":true')) {
    socket.write(STREAM_HEAD);
    slots[nextSlot++ % CHUNK_MS]?.add({ socket, sent: 0 });
  } else {
    socket.write(WHOLE);
  }
}

/** What is no inference is answered by a simulated host, so that BooControl knows the host. */
function serve(socket: Socket, simPort: number): void {
  let pending = Buffer.alloc(0);
  socket.setNoDelay(true);
  socket.on('error', () => socket.destroy());
  socket.on('data', (part) => {
    pending = pending.length === 0 ? part : Buffer.concat([pending, part]);
    if (!/^POST \S*\/chat\/completions /.test(pending.toString('latin1', 0, 200))) {
      socket.removeAllListeners('data');
      const upstream = connect(simPort, '127.0.0.1', () => upstream.write(pending));
      upstream.on('error', () => socket.destroy()).on('close', () => socket.destroy());
      socket.on('close', () => upstream.destroy());
      upstream.pipe(socket).pipe(upstream);
      return;
    }
    const headEnd = pending.indexOf('\r\n\r\n') + 4;
    if (headEnd < 4) return;
    const length = Number(/content-length: *(\d+)/i.exec(pending.toString('latin1', 0, headEnd))?.[1] ?? 0);
    if (pending.length < headEnd + length) return;
    const body = pending.subarray(headEnd, headEnd + length);
    pending = pending.subarray(headEnd + length);
    answer(body, socket);
  });
}

const COUNT = Number(process.argv[2] ?? 1);
/** Many hosts share their simulated ones. */
const MOST_SIMS = 8;
const simPorts: number[] = [];
for (let at = 0; at < Math.min(COUNT, MOST_SIMS); at++) {
  const sim = await createSimHost({ id: `bench-${at}`, models: [{ id: MODEL, loadMs: 1 }], timeScale: 100 });
  await fetch(`${sim.url}/upstream/${MODEL}/health`);
  simPorts.push(Number(new URL(sim.url).port));
}
const urls: string[] = [];
for (let at = 0; at < COUNT; at++) {
  const simPort = simPorts[at % MOST_SIMS] ?? 0;
  const server = createServer((socket) => serve(socket, simPort));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', 2_048, resolve));
  urls.push(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
}
process.stdout.write(`${JSON.stringify(urls)}\n`);
process.stdin.on('close', () => process.exit(0)).resume();
