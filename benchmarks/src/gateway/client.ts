import { connect, type Socket } from 'node:net';

export interface Answer {
  status: number;
  /** As it was before it was cut into chunks. */
  body: Buffer;
  ms: number;
  /** Until the first byte of the body. */
  firstMs: number;
}

const HEAD_END = '\r\n\r\n';
const LAST_CHUNK = '\r\n0\r\n\r\n';

/**
 * One kept-alive connection that asks one thing at a time, on a bare socket: a load that costs as much as what it
 * measures would measure itself.
 */
export class Client {
  private parts: Buffer[] = [];
  private bytes = 0;
  private headBytes = 0;
  /** null: it comes in chunks. */
  private length: number | null = null;
  private status = 0;
  private beganMs = 0;
  private firstMs = 0;
  private settle: ((answer: Answer) => void) | null = null;
  private fail: (error: Error) => void = () => undefined;

  private constructor(private readonly socket: Socket) {
    socket.setNoDelay(true);
    socket.on('data', (part) => this.take(part));
    socket.on('error', (error) => this.fail(error));
    socket.on('close', () => this.fail(new Error('the connection was closed')));
  }

  static open(url: string): Promise<Client> {
    const { hostname, port } = new URL(url);
    return new Promise((resolve, reject) => {
      const socket = connect(Number(port), hostname, () => resolve(new Client(socket)));
      socket.once('error', reject);
    });
  }

  /** @param request the whole of it, head and body. @throws what breaks the connection */
  ask(request: Buffer): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.settle = resolve;
      this.fail = reject;
      this.parts = [];
      this.bytes = this.headBytes = this.firstMs = 0;
      this.beganMs = performance.now();
      this.socket.write(request);
    });
  }

  /** Bytes of the answer's body so far, as they came. */
  get bodyBytes(): number {
    return this.headBytes === 0 ? 0 : this.bytes - this.headBytes;
  }

  close(): void {
    this.socket.destroy();
  }

  private take(part: Buffer): void {
    this.parts.push(part);
    this.bytes += part.length;
    if (this.headBytes === 0) this.readHead();
    if (this.headBytes === 0) return;
    if (this.firstMs === 0 && this.bytes > this.headBytes) this.firstMs = performance.now() - this.beganMs;
    if (!this.isWhole(part)) return;
    const ms = performance.now() - this.beganMs;
    const raw = Buffer.concat(this.parts).subarray(this.headBytes);
    const body = this.length === null ? unchunked(raw) : raw;
    this.settle?.({ status: this.status, body, ms, firstMs: this.firstMs });
    this.settle = null;
  }

  private readHead(): void {
    const all = Buffer.concat(this.parts);
    this.parts = [all];
    const end = all.indexOf(HEAD_END);
    if (end < 0) return;
    const head = all.toString('latin1', 0, end);
    this.headBytes = end + HEAD_END.length;
    this.status = Number(head.slice(9, 12));
    const length = /^content-length: *(\d+)/im.exec(head)?.[1];
    this.length = length === undefined ? null : Number(length);
  }

  private isWhole(part: Buffer): boolean {
    if (this.length !== null) return this.bytes >= this.headBytes + this.length;
    const tail = part.length >= LAST_CHUNK.length ? part : Buffer.concat(this.parts.slice(-8));
    return tail.toString('latin1', Math.max(0, tail.length - LAST_CHUNK.length)) === LAST_CHUNK;
  }
}

/** The body of chunks (RFC 9112, 7.1), without extensions and trailers. */
function unchunked(raw: Buffer): Buffer {
  const parts: Buffer[] = [];
  for (let at = 0; ;) {
    const end = raw.indexOf('\r\n', at);
    const size = parseInt(raw.toString('latin1', at, end), 16);
    if (!(size > 0)) return Buffer.concat(parts);
    parts.push(raw.subarray(end + 2, end + 2 + size));
    at = end + 2 + size + 2;
  }
}

/** A POST as bytes. */
export function post(url: string, path: string, body: Buffer, headers: Record<string, string> = {}): Buffer {
  const lines = Object.entries({
    host: new URL(url).host,
    'content-type': 'application/json',
    'content-length': String(body.length),
    ...headers,
  }).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.concat([Buffer.from(`POST ${path} HTTP/1.1\r\n${lines.join('')}\r\n`), body]);
}
