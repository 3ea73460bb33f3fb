import type { IncomingMessage } from 'node:http';
import { MAX_INFLIGHT_TOLD, type InflightRoute } from '@boocontrol/contracts';
import { instantFromMs } from '@boocontrol/fleet-model';
import type { ClientAnswer } from './client-answer.js';
import { Cancelled, SHUTDOWN, type Halt } from './halt.js';
import type { RequestRecord } from './record.js';

export interface Under {
  request: IncomingMessage;
  record: RequestRecord;
  answer: ClientAnswer;
  halt: Halt;
  /** false: it is answered from memory, and nobody wants to see it. */
  isInference: boolean;
}

/** Requests that are under way, oldest first. They are only looked at when somebody asks. */
export class UnderWay {
  private readonly requests = new Map<string, Under>();

  get size(): number {
    return this.requests.size;
  }

  add(one: Under): void {
    this.requests.set(one.record.id, one);
  }

  remove(id: string): void {
    this.requests.delete(id);
  }

  has(id: string): boolean {
    return this.requests.has(id);
  }

  /** Those that were sent to a host at least once, with the attempts that have ended. */
  *routed(): Iterable<Pick<RequestRecord, 'id' | 'source' | 'endpoint' | 'attempts'>> {
    for (const { record } of this.requests.values()) if (record.attempts.length > 0) yield record;
  }

  /** How many there are, and the oldest of them. */
  describe(): { inflight: InflightRoute[]; inflightTotal: number } {
    const inflight: InflightRoute[] = [];
    let inflightTotal = 0;
    for (const one of this.requests.values()) {
      if (!one.isInference) continue;
      inflightTotal++;
      if (inflight.length < MAX_INFLIGHT_TOLD) inflight.push(inflightOf(one));
    }
    return { inflight, inflightTotal };
  }

  /**
   * Ends one: the host is left, the client is told.
   * @param by the source of whoever wants it
   * @returns false: there is none of that id
   */
  cancel(id: string, by: string): boolean {
    const one = this.requests.get(id);
    if (one === undefined) return false;
    one.halt.abort(new Cancelled(by));
    // Its body is still coming, and nobody wants it any more.
    if (!one.request.complete) one.request.destroy();
    return true;
  }

  endAll(): void {
    for (const { halt } of this.requests.values()) halt.abort(SHUTDOWN);
  }
}

function inflightOf({ record, answer }: Under): InflightRoute {
  const { target, policy } = record;
  return {
    id: record.id,
    at: instantFromMs(record.at.getTime()),
    endpoint: record.endpoint.slice(0, 64),
    asked: record.asked.slice(0, 512),
    policy: policy?.name ?? null,
    source: record.source,
    state: stateOf(record),
    providerId: target?.providerId ?? null,
    model: target?.model ?? null,
    attempts: record.attempts.slice(-3),
    bytes: answer.bytes,
  };
}

function stateOf({ target, sending }: RequestRecord): InflightRoute['state'] {
  if (target === null) return 'receiving';
  if (sending === null) return 'queued';
  if (sending.isChosen) return 'streaming';
  return target.isLoaded || sending.firstByteAtMs !== null ? 'waiting' : 'loading';
}
