import { connect, type Socket } from 'node:net';

/** One of the answers on a connection. */
export interface RawAnswer {
  status: number;
  head: string;
  body: string;
}

/** A client that writes what it is given, byte for byte, also what no HTTP library would. */
export class RawClient {
  private readonly chunks: Buffer[] = [];
  readonly closed: Promise<void>;
  readonly socket: Socket;

  /** @param url of the server; only its address counts */
  constructor(url: string) {
    const { hostname, port } = new URL(url);
    this.socket = connect(Number(port), hostname);
    this.socket.on('data', (chunk) => this.chunks.push(chunk));
    this.socket.on('error', () => undefined);
    this.closed = new Promise((resolve) => this.socket.once('close', () => resolve()));
  }

  write(bytes: string | Buffer): void {
    this.socket.write(bytes);
  }

  /** All that came, one character for each byte. */
  get text(): string {
    return Buffer.concat(this.chunks).toString('latin1');
  }

  /** The answers so far, by their lengths, chunks or the end of the connection. */
  get answers(): RawAnswer[] {
    const found: RawAnswer[] = [];
    for (let rest = this.text; rest !== '';) {
      const end = rest.indexOf('\r\n\r\n');
      if (end < 0) break;
      const head = rest.slice(0, end);
      const { body, used } = bodyOf(head, rest.slice(end + 4));
      found.push({ status: Number(/^HTTP\/1\.1 (\d+)/.exec(head)?.[1]), head, body });
      rest = rest.slice(end + 4 + used);
    }
    return found.filter(({ status }) => status >= 200);
  }

  end(): void {
    this.socket.destroy();
  }
}

function bodyOf(head: string, rest: string): { body: string; used: number } {
  if (head.startsWith('HTTP/1.1 1')) return { body: '', used: 0 };
  const length = /^content-length: *(\d+)/im.exec(head)?.[1];
  if (length !== undefined) return { body: rest.slice(0, Number(length)), used: Number(length) };
  if (!/^transfer-encoding: *chunked/im.test(head)) return { body: rest, used: rest.length };
  let body = '';
  let at = 0;
  for (;;) {
    const line = rest.indexOf('\r\n', at);
    const size = Number.parseInt(rest.slice(at, line), 16);
    if (line < 0 || Number.isNaN(size)) return { body, used: rest.length };
    body += rest.slice(line + 2, line + 2 + size);
    at = line + 2 + size + 2;
    if (size === 0) return { body, used: at };
  }
}

/** Sends these bytes on a connection of their own; resolves with its answers once it is closed. */
export async function rawAnswers(url: string, bytes: string | Buffer): Promise<RawAnswer[]> {
  const client = new RawClient(url);
  client.write(bytes);
  await client.closed;
  return client.answers;
}
