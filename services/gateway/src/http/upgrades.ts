import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** Between two neighbours only, and of the protocol that is not spoken here. */
const OF_UPGRADES = new Set(['upgrade', 'http2-settings']);

/**
 * Answers requests that would rather have another protocol, as Java's own client does with each first one (h2c), in the one
 * that they came in: a server may do so (RFC 9110, 7.8). Node reads such a request no further and hands its connection over
 * as soon as anybody waits for upgrades, as WebSockets do; so it is given back as the plain request that it is.
 * @param path below which WebSockets are opened; those that are meant for elsewhere are refused
 */
export function answerUpgrades(server: Server, path: string): void {
  server.on('upgrade', (request: IncomingMessage, socket: Socket, rest: Buffer) => {
    if (request.url?.startsWith(path) === true) return;
    if (request.headers.upgrade?.toLowerCase() === 'websocket') {
      socket.on('error', () => undefined);
      socket.end('HTTP/1.1 404 Not Found\r\nconnection: close\r\ncontent-length: 0\r\n\r\n');
      return;
    }
    const plain = Buffer.concat([plainHead(request), rest]);
    whenAnswered(socket, () => {
      // Set for the pause between two requests, which is over.
      socket.setTimeout(0);
      socket.unshift(plain);
      server.emit('connection', socket);
    });
  });
}

/** Calls `then` once everything that was asked before on this connection has its answer; never, when it closes first. */
function whenAnswered(socket: Socket & { _httpMessage?: ServerResponse | null }, then: () => void): void {
  const { _httpMessage: answer } = socket;
  if (answer) answer.once('finish', () => whenAnswered(socket, then));
  else if (!socket.destroyed) then();
}

/** The head of a request without its wish, byte for byte as it came otherwise. */
function plainHead({ method, url, httpVersion, rawHeaders }: IncomingMessage): Buffer {
  const lines = [`${method} ${url} HTTP/${httpVersion}`];
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const [name = '', value = ''] = [rawHeaders[at], rawHeaders[at + 1]];
    const lower = name.toLowerCase();
    if (lower === 'connection') lines.push(`${name}: ${withoutUpgrades(value)}`);
    else if (!OF_UPGRADES.has(lower)) lines.push(`${name}: ${value}`);
  }
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');
}

function withoutUpgrades(connection: string): string {
  const kept = connection.split(',').filter((option) => !OF_UPGRADES.has(option.trim().toLowerCase()));
  return kept.join(',') || 'keep-alive';
}
