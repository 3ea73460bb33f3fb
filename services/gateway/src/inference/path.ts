import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { promptParts, sessionNameOf, sourceOf } from '@boocontrol/llama-swap';
import type { RouteFact } from '@boocontrol/contracts';
import type { BodyReading } from './ask-body.js';
import { ClientAnswer, type OwnError } from './client-answer.js';
import { endpointOf, type Endpoint } from './dialect.js';
import { Exchange } from './exchange.js';
import type { ExchangeParts } from './exchange-parts.js';
import { Halt, haltError, problemOfHalt } from './halt.js';
import { boundaryOf, readMultipartBody } from './multipart.js';
import type {
  Ask,
  Capability,
  Doorkeeper,
  Entry,
  Grant,
  ModelCatalog,
  PromptWatch,
  Recorder,
  Refusal,
} from './parts.js';
import { prefixOf } from './prefix.js';
import { answerProps } from './props.js';
import { RequestRecord } from './record.js';
import { BodyRoom, receive } from './request-body.js';
import { readJsonBody } from './rewrite.js';
import { RequestTrace, type Tracer } from './trace-context.js';
import { UnderWay } from './under-way.js';

export interface PathParts extends ExchangeParts {
  doorkeeper: Doorkeeper;
  recorder: Recorder;
  prompts: PromptWatch;
  catalog: ModelCatalog;
  /** Absent: nobody wants spans. */
  tracer?: Tracer | undefined;
  maxBodyBytes: number;
  /** Of all bodies that are in memory together. */
  maxHeldBytes: number;
  /** An error that nobody expected. */
  onError: (error: unknown) => void;
}

/** Gateways that one request may go through. */
const MAX_HOPS = 3;

interface Incoming {
  request: IncomingMessage;
  answer: ClientAnswer;
  record: RequestRecord;
  grant: Grant | null;
  halt: Halt;
  query: string;
  nowMs: number;
  /** It needs no key; one that it sends counts all the same. */
  isOwnPage: boolean;
  /** Gives the key's place back. */
  release?: (() => void) | undefined;
}

/** Everything below /v1, from socket to socket. */
export class InferencePath {
  readonly underWay = new UnderWay();
  private isDraining = false;
  private onIdle: () => void = () => undefined;

  private readonly room: BodyRoom;

  constructor(private readonly parts: PathParts) {
    this.room = new BodyRoom(parts.maxHeldBytes);
  }

  /** Requests that have no end yet. */
  get underWayCount(): number {
    return this.underWay.size;
  }

  /**
   * Answers in any case, and never throws.
   * @param isOwnPage a page of ours asks, in a browser that has logged in
   */
  async handle(request: IncomingMessage, response: ServerResponse, isOwnPage = false): Promise<void> {
    const [path = '', ...rest] = (request.url ?? '').split('?');
    const query = rest.length === 0 ? '' : `?${rest.join('?')}`;
    const below = path.replace(/^\/v1/, '');
    const endpoint = endpointOf(below);
    const record = new RequestRecord(randomUUID(), below, this.traceOf(request));
    const answer = new ClientAnswer(response, record.id, endpoint?.dialect ?? 'other');
    const halt = new Halt();
    response.on('error', () => undefined);
    response.on('close', () => {
      if (!response.writableFinished) halt.abort('client');
      answer.stopNotices();
    });
    this.underWay.add({ request, record, answer, halt, isInference: endpoint !== undefined });
    const nowMs = Date.now();
    const incoming: Incoming = { request, answer, record, grant: null, halt, query, nowMs, isOwnPage };
    try {
      await this.admit(incoming, endpoint, below);
    } catch (error) {
      this.parts.onError(error);
      if (!response.writableEnded)
        answer.fail({
          status: 500,
          code: 'internal',
          message: 'Something went wrong here; the log of the gateway has it.',
          retryAfterS: null,
        });
      if (endpoint !== undefined) this.keep(record, 'failed', answer);
    } finally {
      incoming.release?.();
      this.underWay.remove(record.id);
      if (this.underWay.size === 0) this.onIdle();
    }
  }

  /** Takes nothing new; what is under way may end until the signal fires, then it is ended with an error. */
  async drain(deadline: AbortSignal): Promise<void> {
    this.isDraining = true;
    const idle = new Promise<void>((resolve) => {
      this.onIdle = resolve;
      if (this.underWay.size === 0) resolve();
    });
    const end = (): void => this.underWay.endAll();
    if (deadline.aborted) end();
    deadline.addEventListener('abort', end, { once: true });
    await idle;
    deadline.removeEventListener('abort', end);
    await this.parts.pools.close();
  }

  private traceOf({ headers }: IncomingMessage): RequestTrace | null {
    return RequestTrace.of(headers, this.parts.tracer !== undefined);
  }

  private keep(record: RequestRecord, outcome: RouteFact['outcome'], answer: ClientAnswer): void {
    const told = record.fact(outcome, answer);
    const prefix = record.watched?.end(told, record.target, record.tokens.promptMs);
    const fact = prefix === undefined ? told : { ...told, prefix };
    this.parts.recorder.record(fact);
    if (record.trace !== null) this.parts.tracer?.ended(record.trace, fact);
  }

  private async admit(incoming: Incoming, endpoint: Endpoint | undefined, below: string): Promise<void> {
    const { request, answer, record, nowMs, isOwnPage } = incoming;
    if (this.isDraining)
      return answer.fail({
        status: 503,
        code: 'internal',
        message: 'The gateway is shutting down.',
        retryAfterS: 2,
      });
    const { headers } = request;
    const apiKey = headers['x-api-key'];
    const authorization =
      headers.authorization ?? (typeof apiKey === 'string' ? `Bearer ${apiKey}` : undefined);
    const entry: Entry =
      isOwnPage && authorization === undefined
        ? { ok: true, grant: null }
        : this.parts.doorkeeper.admit(authorization, nowMs);
    const grant = entry.ok ? entry.grant : null;
    record.source = sourceFor(request, grant);
    record.keyId = grant?.keyId ?? null;
    if (!entry.ok) {
      const { status, code, message, retryAfterS } = entry;
      this.refuse(incoming, endpoint, { status, code, message, retryAfterS });
      return;
    }
    incoming.grant = grant;
    incoming.release = entry.release;
    if (endpoint === undefined) return this.other(incoming, below);
    if (request.method !== 'POST') return answer.fail(badRequest(405, `${endpoint.path} takes POST.`));
    const outcome = await this.infer(incoming, endpoint);
    if (outcome === null) return;
    const { prompt, output } = record.tokens;
    if (grant !== null) this.parts.doorkeeper.spent(grant, (prompt ?? 0) + (output ?? 0), Date.now());
    this.keep(record, outcome, answer);
  }

  /** The outcome; null: it is recorded already. */
  private async infer(incoming: Incoming, endpoint: Endpoint): Promise<RouteFact['outcome'] | null> {
    const { request, answer } = incoming;
    const { maxBodyBytes } = this.parts;
    const received = await receive(request, maxBodyBytes, this.room);
    if (!received.ok && received.why === 'gone') return this.gone(incoming);
    if (!received.ok) {
      // What is still to come of it is not read.
      answer.tell({ connection: 'close' });
      return this.refuse(incoming, endpoint, received.why === 'no_room' ? NO_ROOM : tooLarge(maxBodyBytes));
    }
    try {
      return await this.send(incoming, endpoint, received.bytes);
    } finally {
      this.room.give(received.bytes.length);
    }
  }

  private async send(
    incoming: Incoming,
    endpoint: Endpoint,
    bytes: Buffer,
  ): Promise<RouteFact['outcome'] | null> {
    const { request, answer, record, grant, halt, nowMs, query } = incoming;
    record.requestBytes = bytes.length;
    const reading = readBody(request, bytes);
    if (!reading.ok) return this.refuse(incoming, endpoint, badRequest(400, reading.message));
    const { body } = reading;
    record.asked = body.model;
    record.isStream = body.isStream;
    const hops = hopsOf(request) + 1;
    if (hops > MAX_HOPS)
      return this.refuse(incoming, endpoint, {
        status: 508,
        code: 'no_candidate',
        message: `The request went through ${MAX_HOPS} gateways without finding a host: do they point at each other?`,
        retryAfterS: null,
      });
    const ask = askOf(request, endpoint, body, bytes, grant);
    const decision = this.parts.decider.decide(ask, nowMs);
    if (!decision.ok) return this.refuse(incoming, endpoint, this.refused(record, decision.refusal));
    const { choice } = decision;
    record.policy = choice.policy;
    record.candidates = choice.candidates;
    record.watched = this.parts.prompts.watch({
      source: record.source,
      session: ask.session,
      inputs: request.headers['x-boo-prefix-inputs'],
      bytes,
      parts: promptParts(endpoint.path, body.opening),
    });
    const ready = { request, endpoint, choice, body, bytes, session: ask.session, query, hops };
    return new Exchange(this.parts, ready, answer, record, halt).run();
  }

  /** Its body never came: the client left, or somebody ended it here. */
  private gone({ record, halt }: Incoming): RouteFact['outcome'] {
    const error = haltError(halt);
    if (error === null) return 'client_left';
    record.error = problemOfHalt(error, halt);
    return 'failed';
  }

  private refused(record: RequestRecord, refusal: Refusal): OwnError {
    record.policy = refusal.policy;
    record.candidates = refusal.candidates;
    const { status, code, message, retryAfterS } = refusal;
    return { status, code, message, retryAfterS };
  }

  private refuse(
    { answer, record, request }: Incoming,
    endpoint: Endpoint | undefined,
    error: OwnError,
  ): null {
    record.error = { code: error.code, message: error.message };
    answer.tell({ 'x-boo-attempts': '0' });
    answer.fail(error);
    // What was not read is not kept for later.
    request.resume();
    // Whoever has no key must not be able to fill the log.
    if (endpoint !== undefined && error.code !== 'key_invalid') this.keep(record, 'refused', answer);
    return null;
  }

  /** What is no inference: it is answered from memory, and not recorded. */
  private other(incoming: Incoming, below: string): Promise<void> | void {
    const { request, answer, grant, nowMs } = incoming;
    const { catalog } = this.parts;
    const [, model] = /^\/models\/(.+)$/.exec(below) ?? [];
    const [, upstream] = /^\/upstream\/(.+)\/props$/.exec(below) ?? [];
    if (below !== '/models' && model === undefined && upstream === undefined)
      return answer.fail(badRequest(404, `/v1 has no ${below === '' ? '/' : below}.`));
    if (request.method !== 'GET') return answer.fail(badRequest(405, `/v1${below} takes GET.`));
    if (below === '/models') return answer.json(catalog.list(grant, nowMs, hopsOf(incoming.request) > 0));
    const name = decoded(model ?? upstream ?? '');
    if (name === null) return answer.fail(badRequest(400, 'The path has a % that encodes nothing.'));
    if (upstream !== undefined) return answerProps(this.parts, incoming, name);
    const found = catalog.find(name, grant, nowMs);
    if (found !== null) return answer.json(found);
    return answer.fail({
      status: 404,
      code: 'model_not_found',
      message: `There is no model ${name}.`,
      retryAfterS: null,
    });
  }
}

const tooLarge = (maxBytes: number): OwnError => ({
  status: 413,
  code: 'body_too_large',
  message: `The body is larger than ${maxBytes} bytes.`,
  retryAfterS: null,
});

const NO_ROOM: OwnError = {
  status: 429,
  code: 'rate_limited',
  message: 'The gateway has as many large requests in memory as it may. Try again in a moment.',
  retryAfterS: 2,
};

function badRequest(status: number, message: string): OwnError {
  return { status, code: 'bad_request', message, retryAfterS: null };
}

function readBody(request: IncomingMessage, bytes: Buffer): BodyReading {
  const type = request.headers['content-type'] ?? '';
  if (!/^multipart\/form-data/i.test(type)) return readJsonBody(bytes);
  const boundary = boundaryOf(type);
  return boundary === null
    ? { ok: false, message: 'The multipart content type names no boundary.' }
    : readMultipartBody(bytes, boundary);
}

function askOf(
  { headers }: IncomingMessage,
  { needs }: Endpoint,
  { model, maxTokens, hasTools, hasImages, user, opening }: Extract<BodyReading, { ok: true }>['body'],
  bytes: Buffer,
  grant: Grant | null,
): Ask {
  const all = new Set<Capability>(needs);
  if (hasTools) all.add('tools');
  if (hasImages) all.add('vision');
  const { 'x-boo-session': session, 'x-boo-lease': lease } = headers;
  const said = sessionNameOf(session, user);
  // Where nobody names a session, how it begins stands for it: the host that has read that need not read it again.
  const begin = said === null && needs.includes('chat') ? prefixOf(bytes, opening) : null;
  return {
    model,
    needs: all,
    requestBytes: bytes.length,
    maxTokens,
    session: said ?? begin,
    leaseToken: typeof lease === 'string' ? lease : null,
    grant,
  };
}

/** Programs say the same of themselves each time. */
const sources = new Map<string, string>();
const MAX_SOURCES = 1_000;
const MAX_SOURCE_KEY_CHARS = 256;

/** What the client says of itself, else the label of its key, else its user agent. */
function sourceFor({ headers }: IncomingMessage, grant: Grant | null): string {
  const { 'x-boo-source': said, 'user-agent': agent } = headers;
  const key = `${typeof said === 'string' ? said : ''}\n${grant?.label ?? ''}\n${agent ?? ''}`;
  const known = sources.get(key);
  if (known !== undefined) return known;
  const source = readSource(said, grant, agent);
  if (sources.size >= MAX_SOURCES) sources.clear();
  if (key.length <= MAX_SOURCE_KEY_CHARS) sources.set(key, source);
  return source;
}

function readSource(
  said: string | string[] | undefined,
  grant: Grant | null,
  agent: string | undefined,
): string {
  const candidates = [typeof said === 'string' ? said : '', grant?.label ?? ''];
  for (const candidate of candidates) {
    const source = candidate === '' ? '' : sourceOf({ headers: { 'x-boo-source': candidate } });
    if (source !== '' && source !== sourceOf({ headers: {} })) return source;
  }
  return sourceOf({ headers: agent === undefined ? {} : { 'user-agent': agent } });
}

function hopsOf({ headers }: IncomingMessage): number {
  const said = Number(headers['x-boo-hops'] ?? 0);
  return Number.isInteger(said) && said >= 0 ? said : MAX_HOPS;
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}
