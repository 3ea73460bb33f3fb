import type {
  GatewayErrorCode,
  PrefixMark,
  ProviderKindSchema,
  RouteCandidate,
  RouteFact,
  RoutePolicy,
} from '@boocontrol/contracts';
import type { z } from 'zod';
import type { Part } from '@boocontrol/llama-swap';

/** What the inference path asks of the rest of the gateway. Plain interfaces, answered from memory: nothing here waits. */

/** What a model must be able to do for a request. */
export type Capability =
  'chat' | 'completion' | 'embeddings' | 'rerank' | 'audio' | 'image' | 'tools' | 'vision';

/** A request as far as it matters for the choice of a target. */
export interface Ask {
  /** As the client named it: `auto`, `auto:code`, `<provider>/<model>`, `<model>`. */
  model: string;
  needs: ReadonlySet<Capability>;
  /** Of the body. */
  requestBytes: number;
  /** `max_tokens` and its kin; null: not said. */
  maxTokens: number | null;
  /** x-boo-session, or what stands for it; null: none. */
  session: string | null;
  /** Of the client's own lease, x-boo-lease; null: none. */
  leaseToken: string | null;
  /** null: no key was needed. */
  grant: Grant | null;
}

/** Where a request may be sent. */
export interface Target {
  providerId: string;
  kind: z.infer<typeof ProviderKindSchema>;
  /** Without a slash at the end. */
  baseUrl: string;
  /** As the host names it. */
  model: string;
  /** What the host itself wants to be let in; never the client's. */
  headers: Readonly<Record<string, string>>;
  /** Requests that it takes at the same time; the others wait. */
  slots: number;
  /** Asking it would load nothing. */
  isLoaded: boolean;
}

export interface Choice {
  /** null: the client named a model. */
  policy: RoutePolicy | null;
  /** Best first, at least one. */
  targets: readonly Target[];
  /** For the record: those of `targets` in their order, then what was left out. */
  candidates: readonly RouteCandidate[];
  attempts: number;
  firstByteMs: number;
  /** Until an answer has begun, over all attempts, queues and pauses; null: no limit. */
  budgetMs: number | null;
  /** Silence of a host before a loaded and idle replica is asked too; null: never. */
  hedgeAfterMs: number | null;
}

/** Nothing can serve it, and which answer that is. */
export interface Refusal {
  code: GatewayErrorCode;
  status: number;
  /** A sentence for a person: what happened and what to do. */
  message: string;
  /** Seconds; null: trying again changes nothing. */
  retryAfterS: number | null;
  policy: RoutePolicy | null;
  candidates: readonly RouteCandidate[];
}

export interface Decider {
  decide(ask: Ask, nowMs: number): { ok: true; choice: Choice } | { ok: false; refusal: Refusal };
  /** Whether it has the model loaded and nothing to do, now; not what it was when it was chosen. */
  isIdle(target: Target, nowMs: number): boolean;
  /** After each attempt, so that the next choice knows: for stickiness. */
  served(session: string, target: Target, nowMs: number): void;
}

/** What the path knows of its targets, and the decider filters and weighs by. */
export interface TargetHealth {
  /** false: the breaker is open; `retryAtMs`: when it lets one through to try. */
  mayTry(providerId: string, model: string, nowMs: number): { ok: true } | { ok: false; retryAtMs: number };
  /** Requests of ours that a host has at this moment, those that wait for a place included. */
  load(providerId: string): number;
}

/** A client's key, already checked. */
export interface Grant {
  keyId: string;
  /** In place of a source, where the client does not say one. */
  label: string;
  allows(providerId: string, model: string, policy: string | null): boolean;
}

export type Entry =
  | {
      ok: true;
      grant: Grant | null;
      /** To be called when the request is over, however it ended: it holds one of the key's places. Absent: it holds none. */
      release?: () => void;
    }
  | { ok: false; code: GatewayErrorCode; status: number; message: string; retryAfterS: number | null };

export interface Doorkeeper {
  /**
   * @param authorization the header's value, or `Bearer <x-api-key>`; undefined: the client sent none
   * @param nowMs of the wall clock (epoch): keys expire, months begin
   */
  admit(authorization: string | undefined, nowMs: number): Entry;
  /** @param tokens that a request of this key took, for its budget: the whole prompt, whatever the cache had, and the output */
  spent(grant: Grant, tokens: number, nowMs: number): void;
}

/** Holds the prompts of a session against each other. Nothing here waits or throws. */
export interface PromptWatch {
  watch(prompt: Prompt): Watched;
}

export interface Prompt {
  source: string;
  /** As in Ask. */
  session: string | null;
  /** Of the header x-boo-prefix-inputs. */
  inputs: string | string[] | undefined;
  bytes: Buffer;
  /** Of a conversation; empty: it is none. */
  parts: readonly Part[];
}

/** A request whose prompt is observed. */
export interface Watched {
  /** It is being written to a host: what takes time may begin now. */
  sent(): void;
  /**
   * It is over; undefined: nobody read the prompt.
   * @param fact of it, before it is recorded
   * @param target who was asked last; null: nobody
   * @param promptMs that the host took for the tokens that were not cached; null: not told
   */
  end(fact: RouteFact, target: Target | null, promptMs: number | null): PrefixMark | undefined;
}

export interface Recorder {
  /** Keeps the fact until it is on the log; never waits, never throws. */
  record(fact: RouteFact): void;
}

/** What GET /v1/models answers; vendors' clients read `{object: 'list', data}`. */
export interface ModelCatalog {
  /**
   * @param grant null: no key was needed
   * @param isForGateway whether another gateway asks
   */
  list(grant: Grant | null, nowMs: number, isForGateway: boolean): object;
  /** One of the list; null: there is none of that name. */
  find(id: string, grant: Grant | null, nowMs: number): object | null;
}

/** Injection tokens of these parts. */
export const DECIDER = Symbol('DECIDER');
export const TARGET_HEALTH = Symbol('TARGET_HEALTH');
export const DOORKEEPER = Symbol('DOORKEEPER');
export const RECORDER = Symbol('RECORDER');
export const PROMPT_WATCH = Symbol('PROMPT_WATCH');
export const MODEL_CATALOG = Symbol('MODEL_CATALOG');
/** A Tracer; null: nobody wants spans. */
export const TRACER = Symbol('TRACER');
