import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { z } from 'zod';

const CaptureSchema = z.object({
  id: z.int(),
  req_path: z.string(),
  req_headers: z.record(z.string(), z.string()).nullable(),
  /** Base64; null where the route leaves it out. */
  req_body: z.string().nullable(),
  resp_headers: z.record(z.string(), z.string()).nullable(),
  resp_body: z.string().nullable(),
});
export type Capture = z.infer<typeof CaptureSchema>;

export interface CaptureParts {
  reqPath: string;
  reqHeaders: Record<string, string>;
  reqBody: Buffer;
  respHeaders: Record<string, string>;
  /** Undefined = keep the request only. */
  respBody: Buffer | undefined;
}

/** Routes with large binary bodies keep less: [request body, response body]. */
const KEPT: Record<string, readonly [boolean, boolean]> = {
  '/v1/audio/speech': [true, false],
  '/v1/audio/voices': [false, true],
  '/v1/audio/transcriptions': [false, true],
  '/v1/images/generations': [true, false],
  '/v1/images/edits': [false, false],
  '/sdapi/v1/txt2img': [true, false],
  '/sdapi/v1/img2img': [false, false],
};

/** Compressed captures in a buffer of so many bytes; the oldest leave first. */
export class Captures {
  readonly #stored = new Map<number, Buffer>();
  #bytes = 0;

  constructor(private readonly maxBytes: number) {}

  /** False when captures are off or this one is larger than the whole buffer. */
  add(id: number, parts: CaptureParts): boolean {
    if (this.maxBytes <= 0) return false;
    const [keepRequest, keepResponse] = KEPT[parts.reqPath] ?? [true, true];
    const capture: Capture = {
      id,
      req_path: parts.reqPath,
      req_headers: parts.reqHeaders,
      req_body: keepRequest ? parts.reqBody.toString('base64') : null,
      resp_headers: parts.respHeaders,
      resp_body: keepResponse && parts.respBody !== undefined ? parts.respBody.toString('base64') : null,
    };
    const packed = deflateRawSync(JSON.stringify(capture), { level: 1 });
    if (packed.length > this.maxBytes) return false;
    for (const [oldest, blob] of this.#stored) {
      if (this.#bytes + packed.length <= this.maxBytes) break;
      this.#stored.delete(oldest);
      this.#bytes -= blob.length;
    }
    this.#stored.set(id, packed);
    this.#bytes += packed.length;
    return true;
  }

  has(id: number): boolean {
    return this.#stored.has(id);
  }

  get(id: number): Capture | undefined {
    const packed = this.#stored.get(id);
    return packed && CaptureSchema.parse(JSON.parse(inflateRawSync(packed).toString('utf8')));
  }
}
