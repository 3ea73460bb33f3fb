import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { systemClock } from '../clock.js';
import { Http } from './http.js';

test('a host that says nothing is told of as one that did not answer in time', async () => {
  const server = createServer(() => undefined).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const http = new Http({ url, apiKey: undefined, clock: systemClock, runId: 'r' });
  try {
    await expect(http.ask('GET', '/props', { timeoutMs: 50 })).rejects.toThrow(
      `Nothing answers at ${url}: no answer within 0.05 s.`,
    );
  } finally {
    await http.close();
    server.closeAllConnections();
    server.close();
  }
});
