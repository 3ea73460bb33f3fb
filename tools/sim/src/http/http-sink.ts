import type { ServerResponse } from 'node:http';
import { headerMap } from '../engine/headers.js';
import type { ResponseSink } from '../llama/sink.js';
import type { StreamWriter } from './stream-writer.js';

export interface SinkObserver {
  onStart: (headers: Record<string, string>) => void;
  onBytes: (bytes: number) => void;
}

/** An HTTP answer that is kept as it passes, for metering and capture. */
export class HttpSink implements ResponseSink {
  #status = 200;
  #headers: Record<string, string> = {};
  readonly #kept: Buffer[] = [];

  constructor(
    private readonly res: ServerResponse,
    private readonly writer: StreamWriter,
    private readonly observer: SinkObserver,
  ) {}

  get started(): boolean {
    return this.res.headersSent;
  }

  get status(): number {
    return this.#status;
  }

  get headers(): Record<string, string> {
    return this.#headers;
  }

  body(): Buffer {
    return Buffer.concat(this.#kept);
  }

  /** Notes a status for a caller who is gone; nothing is sent. */
  markStatus(status: number): void {
    this.#status = status;
  }

  start(status: number, headers: Record<string, string>): void {
    this.#status = status;
    this.#headers = headerMap(headers);
    if (!this.res.destroyed) this.res.writeHead(status, headers);
    this.observer.onStart(this.#headers);
  }

  async write(data: string): Promise<void> {
    this.#keep(data);
    await this.writer.write(data);
  }

  async end(data = ''): Promise<void> {
    if (data !== '') await this.write(data);
    if (this.writer.open) this.res.end();
  }

  #keep(data: string): void {
    const bytes = Buffer.from(data, 'utf8');
    this.#kept.push(bytes);
    this.observer.onBytes(bytes.length);
  }
}
