import type { IncomingMessage } from 'node:http';

export type Received = { ok: true; bytes: Buffer } | { ok: false; why: 'too_large' | 'no_room' | 'gone' };

/** How much of bodies is in memory at the same time, of all requests together. */
export class BodyRoom {
  private held = 0;

  constructor(private readonly maxBytes: number) {}

  /** false: there is no room for so much at the moment. */
  take(bytes: number): boolean {
    if (this.held + bytes > this.maxBytes) return false;
    this.held += bytes;
    return true;
  }

  give(bytes: number): void {
    this.held -= bytes;
  }
}

/**
 * The whole body of a request. What is too large, or has no room, is not read to its end.
 * @param room whoever gets the body gives its length back when it is not needed any more
 */
export function receive(request: IncomingMessage, maxBytes: number, room: BodyRoom): Promise<Received> {
  if (Number(request.headers['content-length'] ?? 0) > maxBytes)
    return Promise.resolve({ ok: false, why: 'too_large' });
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    let isOver = false;
    const giveUp = (why: 'too_large' | 'no_room' | 'gone'): void => {
      if (isOver) return;
      isOver = true;
      room.give(bytes);
      chunks.length = 0;
      request.pause();
      resolve({ ok: false, why });
    };
    request.on('data', (chunk: Buffer) => {
      if (isOver) return;
      if (bytes + chunk.length > maxBytes) return giveUp('too_large');
      if (!room.take(chunk.length)) return giveUp('no_room');
      bytes += chunk.length;
      chunks.push(chunk);
    });
    request.on('end', () => {
      if (isOver) return;
      isOver = true;
      const [only] = chunks;
      resolve({ ok: true, bytes: chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks) });
    });
    // After `end` this changes nothing.
    request.on('close', () => giveUp('gone'));
    request.on('error', () => giveUp('gone'));
  });
}
