import type { IncomingMessage } from 'node:http';

export type Received = { ok: true; bytes: Buffer } | { ok: false; why: 'too_large' | 'gone' };

/** The whole body of a request. What is too large is not read to its end. */
export function receive(request: IncomingMessage, maxBytes: number): Promise<Received> {
  if (Number(request.headers['content-length'] ?? 0) > maxBytes)
    return Promise.resolve({ ok: false, why: 'too_large' });
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= maxBytes) chunks.push(chunk);
      else {
        request.pause();
        chunks.length = 0;
        resolve({ ok: false, why: 'too_large' });
      }
    });
    request.on('end', () => {
      const [only] = chunks;
      resolve({ ok: true, bytes: chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks) });
    });
    // After `end` this changes nothing.
    request.on('close', () => resolve({ ok: false, why: 'gone' }));
    request.on('error', () => resolve({ ok: false, why: 'gone' }));
  });
}
