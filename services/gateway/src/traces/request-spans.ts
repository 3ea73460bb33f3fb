import type { Provider, RouteAttempt, RouteFact } from '@boocontrol/contracts';
import { attemptEndMs, instantToMs } from '@boocontrol/fleet-model';
import type { RequestTrace } from '../inference/trace-context.js';
import type { AttributeValue, Span } from './otlp.js';

const MAX_NAME_CHARS = 128;

/** Values of gen_ai.operation.name: the well-known ones where there is one, else the path in words. */
const OPERATIONS: Readonly<Record<string, string>> = {
  '/chat/completions': 'chat',
  '/responses': 'chat',
  '/messages': 'chat',
  '/completions': 'text_completion',
  '/embeddings': 'embeddings',
};
/** Values of gen_ai.provider.name, by the kind of a provider. */
const PROVIDERS = {
  'llama-swap': 'llama_swap',
  openai: 'openai',
  'boocontrol-gateway': 'boocontrol',
} as const satisfies Record<Provider['kind'], string>;

type Attributes = Record<string, AttributeValue | null>;
/** Where a provider is. */
export type AddressOf = (providerId: string) => string | null;

/**
 * A request to /v1 and its attempts as spans, by the semantic conventions of generative AI (gen_ai.*, in development): one of
 * kind SERVER for the request, below it one of kind CLIENT for each attempt. Tokens stand at the attempt that answered alone,
 * as those who add up spans would count them twice. Never what was asked or answered.
 */
export function spansOf(trace: RequestTrace, fact: RouteFact, addressOf: AddressOf): Span[] {
  const { spanId, traceId, parentId, state: traceState } = trace;
  if (spanId === null) return [];
  const operation = OPERATIONS[fact.endpoint] ?? fact.endpoint.slice(1).replaceAll('/', '_');
  const startMs = instantToMs(fact.at);
  const errorType = errorOfRequest(fact);
  const common = { traceId, traceState };
  const request: Span = {
    ...common,
    spanId,
    parentSpanId: parentId,
    name: `${operation} ${fact.asked}`.trim().slice(0, MAX_NAME_CHARS),
    kind: 'server',
    startMs,
    endMs: startMs + fact.durationMs,
    hasFailed: errorType !== null && (fact.status >= 500 || fact.status < 400),
    attributes: present({
      'gen_ai.operation.name': operation,
      'gen_ai.provider.name': PROVIDERS['boocontrol-gateway'],
      'gen_ai.request.model': fact.asked === '' ? null : fact.asked,
      'gen_ai.request.stream': fact.isStream ? true : null,
      'gen_ai.response.time_to_first_chunk': fact.isStream ? seconds(fact.firstContentMs) : null,
      'http.request.method': 'POST',
      'http.response.status_code': fact.status === 0 ? null : fact.status,
      'url.path': `/v1${fact.endpoint}`,
      'error.type': errorType,
      'boocontrol.request.id': fact.id,
      'boocontrol.policy': fact.policy?.name ?? null,
      'boocontrol.consumer': fact.source,
      'boocontrol.outcome': fact.outcome,
      'boocontrol.attempts': fact.attempts.length,
      'boocontrol.queue.duration': seconds(fact.queueMs),
    }),
  };
  const ids = trace.attemptIds.slice(-fact.attempts.length);
  const attempts = fact.attempts.map((attempt, i): Span => {
    const error = errorOfAttempt(attempt);
    return {
      ...common,
      spanId: ids[i] ?? trace.nextSpanId(),
      parentSpanId: spanId,
      name: `${operation} ${attempt.model}`.slice(0, MAX_NAME_CHARS),
      kind: 'client',
      startMs: instantToMs(attempt.startedAt),
      endMs: attemptEndMs(attempt),
      hasFailed: error !== null && attempt.outcome !== 'abandoned',
      attributes: present({
        'gen_ai.operation.name': operation,
        'gen_ai.provider.name': PROVIDERS[attempt.providerKind ?? 'llama-swap'],
        'gen_ai.request.model': attempt.model,
        'gen_ai.request.stream': fact.isStream ? true : null,
        'gen_ai.response.time_to_first_chunk': fact.isStream ? seconds(attempt.firstByteMs) : null,
        ...(attempt === answering(fact) ? usage(fact) : {}),
        ...address(addressOf(attempt.providerId)),
        'http.response.status_code': attempt.status,
        'error.type': error,
        'boocontrol.host': attempt.providerId,
        'boocontrol.attempt': i + 1,
        'boocontrol.outcome': attempt.outcome,
      }),
    };
  });
  return [request, ...attempts];
}

/** The attempt whose answer the client got. */
const answering = ({ attempts }: RouteFact): RouteAttempt | undefined =>
  attempts.findLast(({ outcome }) => outcome === 'answered') ?? attempts.at(-1);

const usage = ({ promptTokens, cacheTokens, outputTokens }: RouteFact): Attributes => ({
  'gen_ai.usage.input_tokens': promptTokens,
  'gen_ai.usage.cache_read.input_tokens': cacheTokens,
  'gen_ai.usage.output_tokens': outputTokens,
});

function errorOfRequest({ outcome, error, status }: RouteFact): string | null {
  if (outcome === 'succeeded' || outcome === 'client_left') return null;
  return error?.code ?? (status >= 400 ? String(status) : outcome);
}

function errorOfAttempt({ outcome, status }: RouteAttempt): string | null {
  if (status !== null && status >= 400) return String(status);
  return outcome === 'answered' ? null : outcome;
}

function address(baseUrl: string | null): Attributes {
  if (baseUrl === null || !URL.canParse(baseUrl)) return {};
  const { hostname, port, protocol } = new URL(baseUrl);
  const usual = protocol === 'https:' ? 443 : 80;
  return { 'server.address': hostname, 'server.port': port === '' ? usual : Number(port) };
}

const seconds = (ms: number | null): number | null => (ms === null ? null : ms / 1_000);

function present(attributes: Attributes): Record<string, AttributeValue> {
  const told: Record<string, AttributeValue> = {};
  for (const [key, value] of Object.entries(attributes)) if (value !== null) told[key] = value;
  return told;
}
