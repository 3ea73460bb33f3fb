import { goJson } from '../core/go-json.js';
import type { FaultBoard } from '../faults.js';
import type { StreamWriter } from './stream-writer.js';

/** llama-swap drops messages to a reader that is so many behind, without telling it. */
const BUFFER_MESSAGES = 1_024;

/** One subscriber of `GET /api/events`. */
export class EventStream {
  #queue: string[] = [];
  #pumping = false;
  #garbled = 0;

  constructor(
    private readonly writer: StreamWriter,
    private readonly faults: FaultBoard,
  ) {}

  /** `data` becomes a JSON document in a string, as on the wire. */
  send(type: string, data: unknown): void {
    if (this.faults.muted || this.#queue.length >= BUFFER_MESSAGES) return;
    const envelope = goJson({ type, data: goJson(data) });
    this.#queue.push(eventFrame(this.faults.takeGarble() ? this.#garble(envelope) : envelope));
    if (!this.#pumping) void this.#pump();
  }

  async #pump(): Promise<void> {
    this.#pumping = true;
    for (
      let frame = this.#queue.shift();
      frame !== undefined && this.writer.open;
      frame = this.#queue.shift()
    ) {
      await this.writer.write(frame);
    }
    this.#pumping = false;
  }

  /** Three ways to be broken, in turn: cut off, no JSON at all, and a sound envelope around broken data. */
  #garble(envelope: string): string {
    this.#garbled += 1;
    switch (this.#garbled % 3) {
      case 1:
        return envelope.slice(0, Math.ceil(envelope.length * 0.6));
      case 2:
        return `\u0000<<garbled>>${envelope.slice(-20)}`;
      default:
        return goJson({ type: 'modelStatus', data: '[{"id":' });
    }
  }
}

/** No space follows the colons. */
export function eventFrame(envelope: string): string {
  return `event:message\ndata:${envelope}\n\n`;
}
