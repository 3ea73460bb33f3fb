import { formatRfc3339 } from '../core/rfc3339.js';
import type { SimTime } from '../core/sim-time.js';
import type { Generation } from '../options.js';

/** Generation C tells of growing answers at most this often. */
const UPDATE_EVERY_MS = 250;

export interface InflightRequest {
  model: string;
  reqPath: string;
  method: string;
  reqHeaders: Record<string, string>;
  remoteIp: string;
  cancel: () => void;
}

interface Entry extends InflightRequest {
  id: string;
  startedNs: bigint;
  respHeaders: Record<string, string>;
  respBytes: number;
  toldAtMs: number;
}

/** Requests under way, and the `inflight` message each generation makes of a change. */
export class Inflight {
  readonly #entries = new Map<string, Entry>();
  #nextId = 1;

  constructor(
    private readonly generation: Generation,
    private readonly time: SimTime,
    private readonly utcOffsetMinutes: number,
    private readonly emit: (message: object) => void,
  ) {}

  get size(): number {
    return this.#entries.size;
  }

  add(request: InflightRequest): string {
    const id = String(this.#nextId);
    this.#nextId += 1;
    const startedNs = this.time.nowNs();
    const entry: Entry = {
      ...request,
      id,
      startedNs,
      respHeaders: {},
      respBytes: 0,
      toldAtMs: this.time.realMs(),
    };
    this.#entries.set(id, entry);
    this.#tell(
      this.generation === 'C' ? { operation: 'upsert', request: this.#wire(entry) } : this.current(),
    );
    return id;
  }

  started(id: string, respHeaders: Record<string, string>): void {
    const entry = this.#entries.get(id);
    if (!entry) return;
    entry.respHeaders = respHeaders;
    this.#upsert(entry);
  }

  sent(id: string, bytes: number): void {
    const entry = this.#entries.get(id);
    if (!entry) return;
    entry.respBytes += bytes;
    if (this.time.realMs() - entry.toldAtMs >= UPDATE_EVERY_MS) this.#upsert(entry);
  }

  remove(id: string): void {
    if (!this.#entries.delete(id)) return;
    this.#tell(this.generation === 'C' ? { operation: 'remove', id } : this.current());
  }

  /** False when no such request is under way. */
  cancel(id: string): boolean {
    const entry = this.#entries.get(id);
    entry?.cancel();
    return entry !== undefined;
  }

  cancelAll(): void {
    for (const entry of this.#entries.values()) entry.cancel();
  }

  /** What a new subscriber gets. Generation C leaves `requests` out altogether when there are none. */
  current(): object {
    const requests = [...this.#entries.values()].map((entry) => this.#wire(entry));
    switch (this.generation) {
      case 'A':
        return { total: requests.length };
      case 'B':
        return { requests };
      case 'C':
        return { operation: 'snapshot', ...(requests.length === 0 ? {} : { requests }) };
    }
  }

  #upsert(entry: Entry): void {
    if (this.generation !== 'C') return;
    entry.toldAtMs = this.time.realMs();
    this.#tell({ operation: 'upsert', request: this.#wire(entry) });
  }

  #tell(message: object): void {
    this.emit(message);
  }

  #wire(entry: Entry): object {
    const short = {
      id: entry.id,
      timestamp: formatRfc3339(entry.startedNs, this.utcOffsetMinutes),
      model: entry.model,
      req_path: entry.reqPath,
      method: entry.method,
    };
    if (this.generation !== 'C') return short;
    return {
      ...short,
      req_headers: entry.reqHeaders,
      remote_ip: entry.remoteIp,
      resp_headers: entry.respHeaders,
      resp_bytes: entry.respBytes,
      elapsed_ms: Number((this.time.nowNs() - entry.startedNs) / 1_000_000n),
    };
  }
}
