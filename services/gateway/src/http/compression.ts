import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import negotiator from '@fastify/accept-negotiator';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { hasOwnRules } from './area.js';

/** In bytes. Below it the headers outweigh what is saved. */
const WORTH_IT = 1024;
/** JSON, the metrics and the pages of the API. Never an event stream: it has to arrive line by line. */
const COMPRESSED_TYPES = /^(?:application\/(?:[\w.-]+\+)?json|text\/(?:html|plain))\b/i;
/** In the order of our preference when the client has none. */
const CODINGS = ['br', 'gzip'];

const brotli = promisify(brotliCompress);
const gzipped = promisify(gzip);

/** Off the event loop. Quality 4 of brotli is where it costs about what gzip costs and saves more. */
function compress(coding: string, bytes: Buffer): Promise<Buffer> {
  if (coding === 'gzip') return gzipped(bytes);
  return brotli(bytes, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: 4,
      [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
    },
  });
}

/**
 * Compresses the answers of the root, which are Nest's. Not those of an area: the web app's are compressed when it is built,
 * and a proxied answer belongs to its host. Streams and answers that were taken over (`reply.hijack()`) pass as they are.
 * Own code and not @fastify/compress, which unpacks request bodies as well and compresses small answers on the event loop.
 */
export function compressRoot(fastify: FastifyInstance): void {
  fastify.addHook('onSend', async function (request, reply, payload: unknown) {
    return hasOwnRules(this) ? payload : compressed(request, reply, payload);
  });
}

async function compressed(request: FastifyRequest, reply: FastifyReply, payload: unknown): Promise<unknown> {
  if (typeof payload !== 'string' && !Buffer.isBuffer(payload)) return payload;
  if (!COMPRESSED_TYPES.test(String(reply.getHeader('content-type') ?? ''))) return payload;
  if (reply.hasHeader('content-encoding') || reply.hasHeader('content-range')) return payload;
  // A cache has to know it of the small answer of the same address, too.
  reply.header('vary', 'Accept-Encoding');
  const bytes = Buffer.from(payload);
  const coding = negotiator.negotiate(request.headers['accept-encoding'] ?? '', CODINGS);
  if (bytes.length < WORTH_IT || coding === null) return payload;
  reply.header('content-encoding', coding).removeHeader('content-length');
  return compress(coding, bytes);
}
