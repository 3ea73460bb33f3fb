import { Pool, type Dispatcher } from 'undici';
import type { RawHeaders } from './headers.js';

const CONNECT_TIMEOUT_MS = 5_000;
/** Shorter than any host's own, so that a connection is seldom closed under a request. */
const KEEP_ALIVE_MS = 4_000;
/** Pools that have nothing to do are closed beyond this. */
const MAX_POOLS = 512;

export interface HostRequest {
  /** Scheme, host and port. */
  origin: string;
  path: string;
  method: 'GET' | 'POST';
  headers: string[];
  body: Buffer | null;
  /** Until the first byte of the answer's body (or its end). */
  firstByteMs: number;
  /** Between two chunks, while the client reads. */
  idleMs: number;
}

/** refused: no connection came about; reset: it broke off; timeout: nothing came in time. */
export type CallFault = 'refused' | 'reset' | 'timeout';

/** What happens to a call, in this order: start, data…, then end or fail, once. */
export interface HostListener {
  /** The request is being written to its connection. */
  sent?(): void;
  start(status: number, headers: RawHeaders): void;
  data(chunk: Buffer): void;
  end(): void;
  fail(fault: CallFault, message: string): void;
}

const NO_CONNECTION = new Set([
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'UND_ERR_CONNECT_TIMEOUT',
  'EADDRNOTAVAIL',
]);

/** One request to a host. It can be held (backpressure) and left at any time. */
export class HostCall implements Dispatcher.DispatchHandler {
  private controller: Dispatcher.DispatchController | null = null;
  private readonly firstTimer: NodeJS.Timeout;
  /** null: nothing has come yet, or the answer is held. */
  private idleTimer: NodeJS.Timeout | null = null;
  private isOver = false;
  private hasStarted = false;

  constructor(
    private readonly request: HostRequest,
    private readonly listener: HostListener,
  ) {
    const { firstByteMs } = request;
    this.firstTimer = setTimeout(() => this.late(`sent nothing within ${firstByteMs} ms`), firstByteMs);
  }

  /** Reads no more of the answer until resume(). */
  pause(): void {
    this.controller?.pause();
    if (this.idleTimer !== null) clearTimeout(this.idleTimer);
    this.idleTimer = null;
  }

  resume(): void {
    if (this.isOver) return;
    this.controller?.resume();
    this.awaitNext();
  }

  /** Closes the connection; the listener hears nothing more. */
  leave(): void {
    if (this.isOver) return;
    this.finish();
    this.controller?.abort(new Error('left'));
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.controller = controller;
    if (this.isOver) controller.abort(new Error('left'));
    else this.listener.sent?.();
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number): void {
    if (status < 200 || this.isOver) return;
    this.hasStarted = true;
    const raw = (controller.rawHeaders ?? []) as (Buffer | string)[];
    this.listener.start(
      status,
      raw.map((part) => (typeof part === 'string' ? part : part.toString('latin1'))),
    );
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.isOver) return;
    clearTimeout(this.firstTimer);
    this.awaitNext();
    this.listener.data(chunk);
  }

  onResponseEnd(): void {
    if (this.isOver) return;
    this.finish();
    this.listener.end();
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    if (this.isOver) return;
    this.finish();
    const { code = '' } = error as { code?: string };
    const fault = !this.hasStarted && NO_CONNECTION.has(code) ? 'refused' : 'reset';
    const what = fault === 'refused' ? 'cannot be reached' : 'broke off the connection';
    this.listener.fail(fault, code === '' ? what : `${what} (${code})`);
  }

  private late(message: string): void {
    if (this.isOver) return;
    this.finish();
    this.controller?.abort(new Error('late'));
    this.listener.fail('timeout', message);
  }

  private awaitNext(): void {
    const { idleMs } = this.request;
    if (this.idleTimer !== null) this.idleTimer.refresh();
    else this.idleTimer = setTimeout(() => this.late(`sent nothing more for ${idleMs} ms`), idleMs);
  }

  private finish(): void {
    this.isOver = true;
    clearTimeout(this.firstTimer);
    if (this.idleTimer !== null) clearTimeout(this.idleTimer);
  }
}

/** Keep-alive connections, a pool for each host. */
export class HostPools {
  private readonly pools = new Map<string, Pool>();

  call(request: HostRequest, listener: HostListener): HostCall {
    const call = new HostCall(request, listener);
    const { path, method, headers, body } = request;
    this.pool(request.origin).dispatch({ path, method, headers, body }, call);
    return call;
  }

  async close(): Promise<void> {
    const pools = [...this.pools.values()];
    this.pools.clear();
    await Promise.all(pools.map((pool) => pool.destroy()));
  }

  private pool(origin: string): Pool {
    const known = this.pools.get(origin);
    if (known !== undefined) return known;
    if (this.pools.size >= MAX_POOLS)
      for (const [other, pool] of this.pools)
        if (pool.stats.running + pool.stats.pending === 0) {
          this.pools.delete(other);
          void pool.close();
        }
    const pool = new Pool(origin, {
      // As many as the queue lets through; one answer at a time on each, for a stream would block the next.
      connections: null,
      pipelining: 1,
      keepAliveTimeout: KEEP_ALIVE_MS,
      connect: { timeout: CONNECT_TIMEOUT_MS },
      // Timed here: the first byte may take a load of minutes, and a client that reads slowly is no silence.
      headersTimeout: 0,
      bodyTimeout: 0,
    });
    this.pools.set(origin, pool);
    return pool;
  }
}
