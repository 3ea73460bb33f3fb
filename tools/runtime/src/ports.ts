import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';
import { RuntimeError } from './errors.js';

/** Below the range that the kernel takes outgoing connections from, so that a server can come back on its port. */
const LOWEST = 20_000;
const HIGHEST = 32_000;

export function isPortFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1' }, () => server.close(() => resolve(true)));
  });
}

/** A TCP port on loopback that nobody listens on now. Throws RuntimeError `port_taken` after 100 tries. */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const port = randomInt(LOWEST, HIGHEST);
    if (await isPortFree(port)) return port;
  }
  throw new RuntimeError(
    'port_taken',
    `No free port found between ${LOWEST} and ${HIGHEST}.`,
    'Stop some servers, or check whether this process may listen at all.',
  );
}

/** `preferred` when it is free, else any free port; 0 means any. */
export async function pickPort(preferred: number): Promise<number> {
  return preferred !== 0 && (await isPortFree(preferred)) ? preferred : freePort();
}
