import { get, type IncomingMessage } from 'node:http';
import { z } from 'zod';
import { until } from './until.js';

const EnvelopeSchema = z.strictObject({ type: z.string(), data: z.string() });

export interface Message {
  type: string;
  data: unknown;
}

/** A subscriber of `/api/events` that takes the stream apart strictly, frame by frame. */
export class EventReader {
  readonly messages: Message[] = [];
  /** Frames whose JSON is broken. */
  readonly broken: string[] = [];
  readonly chunkSizes: number[] = [];
  raw = '';
  ended = false;
  error: string | undefined;
  #taken = 0;

  private constructor(private readonly res: IncomingMessage) {
    const decoder = new TextDecoder();
    res.on('data', (chunk: Buffer) => {
      this.chunkSizes.push(chunk.length);
      this.raw += decoder.decode(chunk, { stream: true });
      this.#parse();
    });
    res.on('end', () => (this.ended = true));
    res.on('error', (error: NodeJS.ErrnoException) => {
      this.error = error.code ?? error.message;
      this.ended = true;
    });
  }

  static open(url: string): Promise<EventReader> {
    return new Promise((resolve, reject) => {
      get(`${url}/api/events`, { agent: false }, (res) => resolve(new EventReader(res))).on('error', reject);
    });
  }

  of(type: string): unknown[] {
    return this.messages.filter((message) => message.type === type).map((message) => message.data);
  }

  types(): string[] {
    return this.messages.map((message) => message.type);
  }

  /** Waits for a message for which `matches` holds. */
  async waitFor(type: string, matches: (data: unknown) => boolean = () => true): Promise<void> {
    await until(() => this.of(type).some(matches), `${type} message`);
  }

  close(): void {
    this.res.destroy();
  }

  #parse(): void {
    for (
      let end = this.raw.indexOf('\n\n', this.#taken);
      end >= 0;
      end = this.raw.indexOf('\n\n', this.#taken)
    ) {
      const frame = this.raw.slice(this.#taken, end);
      this.#taken = end + 2;
      const match = /^event:message\ndata:(.*)$/.exec(frame);
      try {
        const envelope = EnvelopeSchema.parse(JSON.parse(match?.[1] ?? ''));
        this.messages.push({ type: envelope.type, data: JSON.parse(envelope.data) as unknown });
      } catch {
        this.broken.push(frame);
      }
    }
  }
}
