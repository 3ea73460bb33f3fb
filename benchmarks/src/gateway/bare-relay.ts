// The least that a relay can do: node bare-relay.js HOST…. The body whole, the hosts in turn, the answer as it comes. Prints its address.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Pool } from 'undici';

const pools = process.argv.slice(2).map((url) => new Pool(url, { connections: null, pipelining: 1 }));
let turn = 0;

const server = createServer((incoming, response) => {
  const parts: Buffer[] = [];
  incoming.on('data', (part: Buffer) => parts.push(part));
  incoming.on('end', () => {
    const body = Buffer.concat(parts);
    const headers = { 'content-type': 'application/json' };
    const request = { path: incoming.url ?? '/', method: 'POST', headers, body } as const;
    pools[turn++ % pools.length]?.dispatch(request, {
      onRequestStart: (controller) => {
        response.on('close', () => {
          if (!response.writableFinished) controller.abort(new Error('left'));
        });
      },
      onResponseStart: (_controller, status, told) => {
        const { 'content-type': type = '', 'content-length': length } = told;
        response.setHeader('content-type', type);
        // As the host said it: else each answer would be sent in chunks, which costs more.
        if (length !== undefined) response.setHeader('content-length', length);
        response.writeHead(status);
      },
      onResponseData: (controller, chunk) => {
        if (response.write(chunk)) return;
        controller.pause();
        response.once('drain', () => controller.resume());
      },
      onResponseEnd: () => void response.end(),
      onResponseError: () => void response.destroy(),
    });
  });
});
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', 2_048, resolve));
process.stdout.write(`${JSON.stringify([`http://127.0.0.1:${(server.address() as AddressInfo).port}`])}\n`);
process.stdin.on('close', () => process.exit(0)).resume();
