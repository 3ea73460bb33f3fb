import {
  hostError,
  jsonOf,
  refusal,
  upstreamRefusal,
  type CommandResult,
  type Refusal,
} from './command-result.js';
import { HostError, statusError } from './errors.js';
import {
  HostHttp,
  type Answer,
  type AskOptions,
  type HttpOptions,
  type HttpRequest,
  type HttpTuning,
} from './http.js';
import { cleanText, isObject, isShallow } from './loose.js';
import { followLog, readLog, type LogChunks, type LogReading } from './model-log.js';
import type { HostLogLine } from './logs.js';
import { modelPath } from './model-path.js';
import { readRunning, type RunningModel } from './running.js';

/** Large models load for minutes, and wait behind others. The host's own limit is `healthCheckTimeout`. */
const LOAD_TIMEOUT_MS = 10 * 60_000;
/** The host waits for the process to end, `unloadTimeout` seconds (10 unless configured), then kills it. */
const UNLOAD_TIMEOUT_MS = 60_000;
const CONNECTIONS = 64;

export interface UpstreamCall extends Pick<HttpRequest, 'method' | 'headers' | 'body'> {
  /** As the model's own server knows it, with its query: `/props`, `/slots?model=…`. Begins with a slash, has no `..`. */
  path: string;
}
export interface Profile {
  id: string;
  description: string;
}

/**
 * Tells one llama-swap host what to do, all wire generations; facts of the wire are in docs/llama-swap.md. What is to be
 * expected is a result, anything else is thrown: HostError when the host does not answer, wants a key or answers as
 * llama-swap does not; the signal's reason when that fired. It has connections of its own, because a load holds one for
 * minutes and must not keep an unload waiting.
 */
export class HostCommands {
  private readonly http: HostHttp;

  constructor(options: HttpOptions, { userAgent = 'boocontrol' }: Pick<HttpTuning, 'userAgent'> = {}) {
    this.http = new HostHttp(options, { userAgent, connections: CONNECTIONS });
  }

  /**
   * Loads a model of any type, by the health call of its own server: no row in the activity follows. Resolves when the
   * model is ready. The load goes on at the host when this gives up (`timeoutMs`, default ten minutes, or the signal);
   * `unload` ends it. A model of a peer is not loaded by this: the peer itself answers the call.
   * @throws {HostError} when the host does not answer as llama-swap does
   */
  async load(model: string, options?: AskOptions): Promise<CommandResult> {
    const path = `/upstream/${modelPath(model)}/health`;
    const answer = await this.http.ask({ method: 'GET', path }, { timeoutMs: LOAD_TIMEOUT_MS, ...options });
    // Servers without a health call answer 404: they have been loaded to say so.
    return upstreamRefusal(answer, path, this.http.origin) ?? { ok: true };
  }

  /**
   * Stops a model's process, and ends a load of it. Resolves when it has stopped; ok too when it was not loaded. Streams
   * that it served end without a last chunk, in B and C with status 200.
   * @throws {HostError} when the host does not answer as llama-swap does
   */
  async unload(model: string, options?: AskOptions): Promise<CommandResult> {
    const path = `/api/models/unload/${modelPath(model)}`;
    const answer = await this.post(path, { timeoutMs: UNLOAD_TIMEOUT_MS, ...options });
    return this.plain(answer, path, 'unknown_model') ?? { ok: true };
  }

  /**
   * Stops every process of this host; models of peers are left alone.
   * @throws {HostError} when the host does not answer as llama-swap does
   */
  async unloadAll(options?: AskOptions): Promise<CommandResult> {
    const path = '/api/models/unload';
    const answer = await this.post(path, { timeoutMs: UNLOAD_TIMEOUT_MS, ...options });
    return this.plain(answer, path, 'not_offered') ?? { ok: true };
  }

  /**
   * Ends a request under way. Its client sees a stream that ends early, or a 502. `not_offered` in generation A.
   * @param id as the in-flight list names it
   * @throws {HostError} when the host does not answer as llama-swap does
   */
  async cancel(id: string, options?: AskOptions): Promise<CommandResult> {
    const path = `/api/inflight/${encodeURIComponent(id)}/cancel`;
    return this.plain(await this.post(path, options), path, 'unknown_request') ?? { ok: true };
  }

  /**
   * The host's profiles, and which is active. `not_offered` before generation C.
   * @throws {HostError} when the host does not answer as llama-swap does
   */
  async profiles(
    options?: AskOptions,
  ): Promise<CommandResult<{ active: string | null; profiles: Profile[] }>> {
    const path = '/api/profiles';
    const answer = await this.http.ask({ method: 'GET', path }, options);
    const refused = this.plain(answer, path, 'not_offered');
    if (refused) return refused;
    const said = jsonOf(answer.text);
    if (!isObject(said) || !Array.isArray(said['profiles'])) throw this.strange(path);
    const profiles = said['profiles'].filter(isObject).map(({ id, description }) => ({
      id: typeof id === 'string' ? cleanText(id, 256) : '',
      description: typeof description === 'string' ? cleanText(description, 1_024) : '',
    }));
    return { ok: true, active: nameOf(said['active']), profiles: profiles.filter(({ id }) => id !== '') };
  }

  /**
   * Makes a profile the active one; null = none. Models that are loaded stay so: a profile only renames what requests ask
   * for. `not_offered` before generation C.
   * @throws {HostError} when the host does not answer as llama-swap does
   */
  async switchProfile(
    name: string | null,
    options?: AskOptions,
  ): Promise<CommandResult<{ active: string | null }>> {
    const path = '/api/profiles/active';
    const answer = await this.http.ask({ method: 'PUT', path, ...json({ name }) }, options);
    const refused = this.plain(answer, path, 'unknown_profile');
    if (refused) return refused;
    const said = jsonOf(answer.text);
    if (!isObject(said)) throw this.strange(path);
    return { ok: true, active: nameOf(said['active']) };
  }

  /**
   * What runs, by ids and never by aliases; what does not run is not in it.
   * @throws {HostError} when the host does not answer as llama-swap does
   */
  async running(options?: AskOptions): Promise<RunningModel[]> {
    const models = readRunning(await this.http.getJson('/running', options));
    if (models === null) throw this.strange('/running');
    return models;
  }

  /**
   * Any request to the model's own server, which is LOADED for it where it is not: ask `running` first where that is not
   * wanted. Inference by POST makes a row like any other. `answer` is what that server said, its errors too.
   * @throws {RangeError} when the path does not begin with a slash or has `.` or `..` in it
   * @throws {HostError} when the host does not answer as llama-swap does, or the answer is longer than `maxBytes`
   */
  async upstream(
    model: string,
    { method, path, headers, body }: UpstreamCall,
    options?: AskOptions,
  ): Promise<CommandResult<{ answer: Answer }>> {
    if (!path.startsWith('/') || /(^|\/)\.{1,2}(\/|$)/.test(path.replace(/\?.*/s, '')))
      throw new RangeError(`${path} is not a path of a model server`);
    const whole = `/upstream/${modelPath(model)}${path}`;
    const answer = await this.http.ask(
      { method, path: whole, ...(headers ? { headers } : {}), ...(body === undefined ? {} : { body }) },
      { timeoutMs: LOAD_TIMEOUT_MS, ...options },
    );
    return upstreamRefusal(answer, whole, this.http.origin) ?? { ok: true, answer };
  }

  /**
   * llama.cpp's `/props` of a model that is ready, by its id (not an alias); of any other `not_ready`, because the question
   * would load it and unload others. It starts the model's idle time again. `not_offered` where its server has none.
   * @throws {HostError} when the host does not answer as llama-swap does
   */
  async props(
    model: string,
    options?: AskOptions,
  ): Promise<CommandResult<{ props: Record<string, unknown> }>> {
    const maxBytes = 8 * 1024 * 1024;
    const said = await this.ofReady(model, { method: 'GET', path: '/props' }, { maxBytes, ...options });
    if (!said.ok) return said;
    if (!isObject(said.value) || !isShallow(said.value)) throw this.strange('/props');
    return { ok: true, props: said.value };
  }

  /**
   * A text as the tokens of a model that is ready, by its id; otherwise as `props`.
   * @throws {HostError} when the host does not answer as llama-swap does
   */
  async tokenize(
    model: string,
    text: string,
    options?: AskOptions,
  ): Promise<CommandResult<{ tokens: number[] }>> {
    const maxBytes = 32 * 1024 * 1024;
    const call = { method: 'POST', path: '/tokenize', ...json({ content: text }) } as const;
    const said = await this.ofReady(model, call, { maxBytes, ...options });
    if (!said.ok) return said;
    const tokens = isObject(said.value) ? said.value['tokens'] : undefined;
    if (!Array.isArray(tokens) || !tokens.every((token) => Number.isSafeInteger(token)))
      throw this.strange('/tokenize');
    return { ok: true, tokens: tokens as number[] };
  }

  /** See followLog. @throws {HostError} when the host cannot be reached or wants a key */
  followLog(
    model: string,
    { signal, history = true, bytesPerS = Infinity }: { signal: AbortSignal } & Partial<LogReading>,
  ): Promise<CommandResult<{ chunks: LogChunks }>> {
    return followLog(this.http, model, signal, { history, bytesPerS });
  }

  /**
   * What the host still has of a model's output, oldest first (the last 100 kB or so; it stays when the model is unloaded).
   * The host does not say where it ends: reading stops when nothing has come for `quietMs`, default 300.
   * @throws {HostError} when the host cannot be reached or wants a key
   */
  readLog(
    model: string,
    { signal, quietMs = 300 }: { signal?: AbortSignal; quietMs?: number } = {},
  ): Promise<CommandResult<{ lines: HostLogLine[] }>> {
    return readLog(this.http, model, signal, quietMs);
  }

  close(): Promise<void> {
    return this.http.close();
  }

  /** Between the question and the call the model may be unloaded, and is then loaded again: there is no better way. */
  private async ofReady(
    model: string,
    call: UpstreamCall,
    options: AskOptions,
  ): Promise<CommandResult<{ value: unknown }>> {
    const running = await this.running(options);
    if (!running.some((entry) => entry.model === model && entry.state === 'ready'))
      return refusal('not_ready');
    const result = await this.upstream(model, call, { timeoutMs: 15_000, ...options });
    if (!result.ok) return result;
    const { status, text } = result.answer;
    if (status === 404 || status === 405 || status === 501) return refusal('not_offered');
    if (status !== 200) throw statusError(status, `${call.path} of ${model}`, this.http.origin);
    return { ok: true, value: jsonOf(text) };
  }

  private post(path: string, options?: AskOptions): Promise<Answer> {
    return this.http.ask({ method: 'POST', path }, options);
  }

  /** A 404 of the host's own making is `missing`; one of its router means that the build has no such call. */
  private plain({ status, text }: Answer, path: string, missing: Refusal['reason']): Refusal | null {
    if (status === 200) return null;
    const said = hostError(text);
    if (status === 404 && said !== null) return refusal(missing, said);
    if (status === 404 || status === 405) return refusal('not_offered');
    throw statusError(status, path, this.http.origin);
  }

  private strange(path: string): HostError {
    return new HostError(
      'bad_answer',
      `${this.http.origin} answers ${path} with something else than expected. Check the address.`,
      200,
    );
  }
}

function json(value: unknown): { headers: Record<string, string>; body: string } {
  return { headers: { 'content-type': 'application/json' }, body: JSON.stringify(value) };
}

function nameOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? cleanText(value, 256) : null;
}
