import { z } from 'zod';
import type { Clock } from '../clock.js';
import { MeasureError } from '../errors.js';
import { saidIn } from './answer.js';
import type { Http } from './http.js';

export type HostKind = 'llama-swap' | 'llama.cpp' | 'openai';

/** What is known of a host and a model when measuring begins. */
export interface ModelFacts {
  /** Tokens of one slot; null: not told. */
  contextTokens: number | null;
  slots: number | null;
  engineBuild: string | null;
  file: string | null;
  /** Command line without its secrets; llama-swap only. */
  command: string | null;
  /** Other models in memory while this one is measured. */
  otherModels: string[];
}

const ModelsSchema = z.object({ data: z.array(z.looseObject({ id: z.string() })) });
const RunningSchema = z.object({
  running: z.array(z.looseObject({ model: z.string(), state: z.string(), cmd: z.string().optional() })),
});
const VersionSchema = z.looseObject({ version: z.string() });
const PropsSchema = z.looseObject({
  default_generation_settings: z.looseObject({ n_ctx: z.int().positive().optional() }),
  total_slots: z.int().positive().optional(),
  model_path: z.string().optional(),
  build_info: z.string().optional(),
});
const TokensSchema = z.object({ tokens: z.array(z.unknown()) });

/** A load of a large model from a slow disk. */
const LOAD_TIMEOUT_MS = 15 * 60_000;
const ASK_AGAIN_MS = 50;

/** The host that is measured, seen as one of three kinds; which one is decided by what it answers. */
export class Host {
  private constructor(
    readonly http: Http,
    readonly kind: HostKind,
    /** llama-swap's version; null: it has none. */
    readonly version: string | null,
    private readonly clock: Clock,
    private readonly signal: AbortSignal | undefined,
  ) {}

  /** @throws {MeasureError} `host_away`, `key_needed`, `not_a_model_host` */
  static async find(http: Http, clock: Clock, signal?: AbortSignal): Promise<Host> {
    const running = await http.ask('GET', '/running', { signal });
    if (RunningSchema.safeParse(running.json).success) {
      const version = VersionSchema.safeParse((await http.ask('GET', '/api/version', { signal })).json);
      return new Host(http, 'llama-swap', version.data?.version ?? null, clock, signal);
    }
    // Loading, it answers 503 to everything: the models tell what it is.
    const health = await http.ask('GET', '/health', { signal });
    const props = await http.ask('GET', '/props', { signal });
    const isLoading = health.status === 503 && saidIn(health.json)?.includes('Loading') === true;
    if (isLoading || PropsSchema.safeParse(props.json).success)
      return new Host(http, 'llama.cpp', null, clock, signal);
    const models = await http.ask('GET', '/v1/models', { signal });
    if (ModelsSchema.safeParse(models.json).success) return new Host(http, 'openai', null, clock, signal);
    throw new MeasureError(
      'not_a_model_host',
      `${http.base} answers, and is neither llama-swap nor llama.cpp nor a service with /v1/models (that answered ${models.status}).`,
    );
  }

  /**
   * The model that is meant: the one that was named, or the only one that there is.
   * @throws {MeasureError} `model_unknown`, `model_needed`
   */
  async model(asked: string | undefined): Promise<string> {
    const { json } = await this.http.ask('GET', '/v1/models', { signal: this.signal });
    const listed = ModelsSchema.safeParse(json).data?.data ?? [];
    const ids = listed.map(({ id }) => id);
    if (asked === undefined) {
      const [only, ...others] = ids;
      if (only !== undefined && others.length === 0) return only;
      throw new MeasureError(
        'model_needed',
        `Which model? ${this.http.base} has ${list(ids)}. Name one: --model`,
      );
    }
    // By its own name: that is what it is called where it runs.
    const known = listed.find(
      ({ id, aliases }) => id === asked || (Array.isArray(aliases) && aliases.includes(asked)),
    );
    if (known) return known.id;
    // llama-swap has models that it does not list; llama.cpp answers to any name at all.
    if (this.kind !== 'llama.cpp') return asked;
    throw unknownModel(this.http.base, asked, ids);
  }

  /**
   * llama.cpp loads its model when it starts, and answers 503 meanwhile. Waits for that; the time it took from now in
   * milliseconds, null where there was nothing to wait for.
   * @throws {MeasureError} `model_failed`
   */
  async settle(): Promise<number | null> {
    if (this.kind !== 'llama.cpp') return null;
    const startedMs = this.clock.nowMs();
    for (let asked = 0; ; asked += 1) {
      const { status, json } = await this.http.ask('GET', '/health', { signal: this.signal });
      if (status === 200) return asked === 0 ? null : this.clock.nowMs() - startedMs;
      if (status !== 503 || this.clock.nowMs() - startedMs > LOAD_TIMEOUT_MS) {
        const why = saidIn(json) ?? 'no reason given';
        throw new MeasureError('model_failed', `The server is not well: ${status}, ${why}`);
      }
      await this.clock.until(this.clock.nowMs() + ASK_AGAIN_MS, this.signal);
    }
  }

  /**
   * Has llama-swap load the model; the time it took in milliseconds, null where it was loaded already or nobody can tell.
   * @throws {MeasureError} `model_unknown`, `model_failed`
   */
  async load(model: string): Promise<number | null> {
    if (this.kind !== 'llama-swap' || (await this.#isReady(model))) return null;
    const startedMs = this.clock.nowMs();
    const { status, json } = await this.http.ask('GET', `/upstream/${inPath(model)}/health`, {
      signal: this.signal,
      timeoutMs: LOAD_TIMEOUT_MS,
    });
    if (status === 404) throw await this.unknown(model);
    if (status >= 300) {
      const why = saidIn(json) ?? 'no reason given';
      throw new MeasureError('model_failed', `${model} did not load: ${status}, ${why}`);
    }
    return this.clock.nowMs() - startedMs;
  }

  /**
   * By the model's own tokenizer, without its template; null: the host does not offer that. Somebody else's request may have
   * unloaded the model meanwhile: llama-swap then loads it again before it answers.
   */
  async countTokens(model: string, text: string): Promise<number | null> {
    if (this.kind === 'openai') return null;
    const body = { content: text };
    const { status, json } = await this.http.ask('POST', `${this.#server(model)}/tokenize`, {
      body,
      signal: this.signal,
      timeoutMs: LOAD_TIMEOUT_MS,
    });
    return status === 200 ? (TokensSchema.safeParse(json).data?.tokens.length ?? null) : null;
  }

  /** What makes figures of this model comparable. Asked when it is loaded: on llama-swap the question would load it. */
  async facts(model: string): Promise<ModelFacts> {
    const facts: ModelFacts = {
      contextTokens: null,
      slots: null,
      engineBuild: null,
      file: null,
      command: null,
      otherModels: [],
    };
    if (this.kind === 'openai') return facts;
    const asked = await this.http.ask('GET', `${this.#server(model)}/props`, {
      signal: this.signal,
      timeoutMs: LOAD_TIMEOUT_MS,
    });
    const props = PropsSchema.safeParse(asked.json).data;
    facts.contextTokens = props?.default_generation_settings.n_ctx ?? null;
    facts.slots = props?.total_slots ?? null;
    facts.engineBuild = props?.build_info ?? null;
    facts.file = props?.model_path?.split(/[\\/]/).at(-1) ?? null;
    if (this.kind !== 'llama-swap') return facts;
    const running = await this.#running();
    facts.command = withoutSecrets(running.find((one) => one.model === model)?.cmd) ?? null;
    facts.otherModels = running.map((one) => one.model).filter((id) => id !== model);
    return facts;
  }

  /** What is said of a model that the host does not have. */
  async unknown(model: string): Promise<MeasureError> {
    const { json } = await this.http.ask('GET', '/v1/models', { signal: this.signal });
    const listed = ModelsSchema.safeParse(json).data?.data ?? [];
    return unknownModel(
      this.http.base,
      model,
      listed.map(({ id }) => id),
    );
  }

  async #isReady(model: string): Promise<boolean> {
    return (await this.#running()).some((one) => one.model === model && one.state === 'ready');
  }

  async #running() {
    const { json } = await this.http.ask('GET', '/running', { signal: this.signal });
    return RunningSchema.safeParse(json).data?.running ?? [];
  }

  #server(model: string): string {
    return this.kind === 'llama-swap' ? `/upstream/${inPath(model)}` : '';
  }
}

/** Slashes of a name stay in a path: llama-swap tries longer and longer names. */
function inPath(model: string): string {
  return model.split('/').map(encodeURIComponent).join('/');
}

/** What follows an option that sounds like a secret is left out: a command line goes into files that are passed on. */
export function withoutSecrets(command: string | undefined): string | undefined {
  return command?.replace(
    /(--?[\w-]*(?:key|token|secret|password|auth)[\w-]*)(\s+|=)("[^"]*"|'[^']*'|\S+)/gi,
    '$1$2…',
  );
}

function unknownModel(base: string, model: string, ids: readonly string[]): MeasureError {
  return new MeasureError('model_unknown', `${base} has no model "${model}". It has ${list(ids)}.`);
}

function list(ids: readonly string[]): string {
  if (ids.length === 0) return 'none that it lists';
  const shown = ids.slice(0, 20).join(', ');
  return ids.length > 20 ? `${shown} and ${ids.length - 20} more` : shown;
}
