import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An HTTP server that can be closed and opened again on the port it got first. */
export class Listener {
  readonly #server: Server;
  #port: number;

  constructor(
    port: number,
    private readonly host: string,
    handler: RequestListener,
  ) {
    this.#port = port;
    this.#server = createServer({ requestTimeout: 0, keepAliveTimeout: 60_000, noDelay: true }, handler);
  }

  get port(): number {
    return this.#port;
  }

  get listening(): boolean {
    return this.#server.listening;
  }

  /** Throws what listen() reports, such as a port in use. */
  async open(): Promise<void> {
    if (this.#server.listening) return;
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(this.#port, this.host, () => {
        this.#server.off('error', reject);
        resolve();
      });
    });
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  /** Stops listening and breaks every connection. */
  async close(): Promise<void> {
    if (!this.#server.listening) return;
    await new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }

  dropConnections(): void {
    this.#server.closeAllConnections();
  }
}
