// Hosts that answer as fast as they can: node hosts.js COUNT. Prints their addresses as one line of JSON.
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createSimHost } from '@boocontrol/sim';
import { CHUNKS, CHUNK_MS, MODEL, streamChunk, WHOLE_ANSWER } from './traffic.js';

/** What is no inference comes from a simulated host, so that BooControl knows the host. */
function passTo(url: string, incoming: IncomingMessage, response: ServerResponse): void {
  const { method, headers } = incoming;
  const asked = request(url + (incoming.url ?? ''), { method, headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  asked.on('error', () => response.destroy());
  response.on('close', () => asked.destroy());
  incoming.pipe(asked);
}

function answer(body: Buffer, response: ServerResponse): void {
  if (!body.includes('"stream":true')) {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': WHOLE_ANSWER.length });
    response.end(WHOLE_ANSWER);
    return;
  }
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const isPaced = body.includes('"paced":true');
  let sent = 0;
  const next = (): void => {
    while (sent < CHUNKS) {
      const isTaken = response.write(streamChunk(sent++));
      if (isPaced) return void setTimeout(next, CHUNK_MS);
      if (!isTaken) return void response.once('drain', next);
    }
    response.end('data: [DONE]\n\n');
  };
  next();
}

const urls: string[] = [];
for (let at = 0; at < Number(process.argv[2] ?? 1); at++) {
  const sim = await createSimHost({ id: `bench-${at}`, models: [{ id: MODEL, loadMs: 1 }], timeScale: 100 });
  await fetch(`${sim.url}/upstream/${MODEL}/health`);
  const server = createServer((incoming, response) => {
    if (incoming.url !== '/v1/chat/completions') return passTo(sim.url, incoming, response);
    const parts: Buffer[] = [];
    incoming.on('data', (part: Buffer) => parts.push(part));
    incoming.on('end', () => answer(Buffer.concat(parts), response));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  urls.push(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
}
process.stdout.write(`${JSON.stringify(urls)}\n`);
process.stdin.on('close', () => process.exit(0)).resume();
