import { hashText, Rng } from '../core/rng.js';
import { generate } from './generate.js';
import type { Piece } from './pieces.js';
import { parseChat, parseCompletion, parseEmbedding, type GenerationRequest } from './requests.js';
import type { ModelRuntime } from './runtime.js';
import { AnswerShape } from './shapes.js';
import { sendJson, sendLlamaError, type ResponseSink } from './sink.js';
import { tokenize } from './tokens.js';
import { monotonicMs } from './writes.js';

const EMBEDDING_DIMENSIONS = 768;

export interface LlamaRequest {
  method: string;
  /** Path without query. */
  path: string;
  body: Buffer;
}

/** Answers one request as llama.cpp's server does. Returns when the answer is out or the signal fired. */
export async function serveLlama(
  runtime: ModelRuntime,
  request: LlamaRequest,
  sink: ResponseSink,
  signal: AbortSignal,
): Promise<void> {
  const { spec } = runtime;
  switch (`${request.method} ${request.path}`) {
    case 'GET /health':
    case 'GET /v1/health':
      return sendJson(sink, 200, { status: 'ok' });
    case 'GET /v1/models':
    case 'GET /models':
      return sendJson(sink, 200, modelList(runtime));
    case 'GET /props':
      return sendJson(sink, 200, props(runtime));
    case 'POST /tokenize':
      return sendJson(sink, 200, { tokens: tokensOf(json(request.body)) });
    case 'GET /slots':
      return sendJson(
        sink,
        200,
        runtime.slots.snapshot().map((slot) => ({ n_ctx: spec.ctx, speculative: false, ...slot })),
      );
    case 'POST /v1/chat/completions':
    case 'POST /chat/completions':
      return complete(runtime, parseChat(json(request.body)), sink, signal);
    case 'POST /v1/completions':
    case 'POST /completions':
    case 'POST /completion':
      return complete(runtime, parseCompletion(json(request.body)), sink, signal);
    case 'POST /v1/embeddings':
    case 'POST /embeddings':
      return embed(runtime, json(request.body), sink, signal);
    default:
      return sendLlamaError(sink, 404, 'not_found_error', `File Not Found (${spec.id})`);
  }
}

async function complete(
  runtime: ModelRuntime,
  parsed: ReturnType<typeof parseChat>,
  sink: ResponseSink,
  signal: AbortSignal,
): Promise<void> {
  const { spec } = runtime;
  if (spec.embedding) return unsupported(sink, 'completions');
  if (!parsed.ok) return sendLlamaError(sink, 400, 'invalid_request_error', parsed.message);
  const prompt = parsed.value.promptTokens.length;
  if (prompt >= spec.ctx) {
    return sendLlamaError(
      sink,
      400,
      'exceed_context_size_error',
      `the request exceeds the available context size (${spec.ctx} tokens), try increasing it`,
      { n_prompt_tokens: prompt, n_ctx: spec.ctx },
    );
  }
  const id = hashText(`${runtime.nextTask()}`, runtime.seed).toString(16).padStart(8, '0').repeat(3);
  const createdS = Number(runtime.time.nowNs() / 1_000_000_000n);
  const shape = new AnswerShape(parsed.value.kind, spec.id, id, createdS);
  return parsed.value.stream
    ? stream(runtime, parsed.value, shape, sink, signal)
    : whole(runtime, parsed.value, shape, sink, signal);
}

async function stream(
  runtime: ModelRuntime,
  request: GenerationRequest,
  shape: AnswerShape,
  sink: ResponseSink,
  signal: AbortSignal,
): Promise<void> {
  // llama.cpp sends its headers with the first token, not before.
  const open = (): string => {
    if (sink.started) return '';
    sink.start(200, { 'Content-Type': 'text/event-stream', Server: 'llama.cpp' });
    return frames(shape.opening());
  };
  const written = runtime.writes.begin(shape.id);
  const result = await generate(
    runtime,
    request,
    (pieces) => {
      const text = open() + frames(chunksOf(runtime, pieces).map((piece) => shape.piece(piece)));
      written.chunks.push({ atMs: monotonicMs(), tokens: pieces.length });
      return sink.write(text);
    },
    signal,
  );
  if (!result) return;
  await sink.end(`${open()}${frames(shape.closing(result, request.includeUsage))}data: [DONE]\n\n`);
}

/** With a pace, tokens that come together come in one chunk, as far as they are of one kind; else each has its own. */
function chunksOf({ spec }: ModelRuntime, pieces: readonly Piece[]): Piece[] {
  if (!spec.pace) return [...pieces];
  const chunks: Piece[] = [];
  for (const piece of pieces) {
    const last = chunks.at(-1);
    if (last?.reasoning === piece.reasoning && last.call?.index === piece.call?.index)
      last.text += piece.text;
    else chunks.push({ ...piece });
  }
  return chunks;
}

async function whole(
  runtime: ModelRuntime,
  request: GenerationRequest,
  shape: AnswerShape,
  sink: ResponseSink,
  signal: AbortSignal,
): Promise<void> {
  const all: Piece[] = [];
  const result = await generate(runtime, request, (pieces) => void all.push(...pieces), signal);
  if (result) await sendJson(sink, 200, shape.whole(all, result));
}

async function embed(
  runtime: ModelRuntime,
  body: unknown,
  sink: ResponseSink,
  signal: AbortSignal,
): Promise<void> {
  const { spec, time } = runtime;
  if (!spec.embedding) return unsupported(sink, 'embeddings');
  const parsed = parseEmbedding(body);
  if (!parsed.ok) return sendLlamaError(sink, 400, 'invalid_request_error', parsed.message);
  const tokens = parsed.value.reduce((sum, text) => sum + tokenize(text).length, 0);
  runtime.load.begin();
  try {
    await time.sleep(5 + (tokens / spec.promptTps) * 1000, signal);
  } finally {
    runtime.load.end();
  }
  if (signal.aborted) return;
  await sendJson(sink, 200, {
    model: spec.id,
    object: 'list',
    usage: { prompt_tokens: tokens, total_tokens: tokens },
    data: parsed.value.map((text, index) => ({
      embedding: vector(text, runtime.seed),
      index,
      object: 'embedding',
    })),
  });
}

/** llama.cpp takes a body without `content` for an empty text. */
function tokensOf(body: unknown): number[] {
  const content = typeof body === 'object' && body !== null && 'content' in body ? body.content : '';
  return typeof content === 'string' ? tokenize(content) : [];
}

function unsupported(sink: ResponseSink, what: string): Promise<void> {
  return sendLlamaError(sink, 501, 'not_supported_error', `This server does not support ${what}.`);
}

function vector(text: string, seed: number): number[] {
  const rng = new Rng(hashText(text, seed));
  return Array.from({ length: EMBEDDING_DIMENSIONS }, () => Math.round((rng.next() - 0.5) * 1e5) / 1e6);
}

function props({ spec }: ModelRuntime) {
  return {
    default_generation_settings: {
      id: 0,
      n_ctx: spec.ctx,
      params: { temperature: 0.8, top_k: 40, top_p: 0.95 },
    },
    total_slots: spec.parallel,
    model_alias: spec.id,
    model_path: `/models/${spec.id}.gguf`,
    modalities: { vision: false, audio: false },
    build_info: 'b7112-4a0b2f9',
  };
}

function modelList({ spec, time }: ModelRuntime) {
  const meta = { n_ctx_train: spec.ctx, n_ctx: spec.ctx, size: Math.round(spec.sizeMb * 1024 * 1024) };
  const created = Number(time.nowNs() / 1_000_000_000n);
  return { object: 'list', data: [{ id: spec.id, object: 'model', created, owned_by: 'llamacpp', meta }] };
}

function frames(chunks: object[]): string {
  return chunks.map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`).join('');
}

/** A body that is no JSON becomes undefined, which the schemas then refuse with a clear message. */
function json(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}
