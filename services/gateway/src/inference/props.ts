import type { IncomingMessage } from 'node:http';
import { v1Of } from '@boocontrol/contracts';
import { modelPath } from '@boocontrol/llama-swap';
import type { ClientAnswer } from './client-answer.js';
import { hostHeaders, type RawHeaders } from './headers.js';
import type { HaltSignal } from './halt.js';
import type { HostPools } from './host-call.js';
import type { Decider, Grant, Target } from './parts.js';
import { RequestTrace } from './trace-context.js';

const TIMEOUT_MS = 10_000;
const MAX_BYTES = 8 * 1024 * 1024;

interface PropsParts {
  decider: Decider;
  pools: HostPools;
}
interface PropsRequest {
  request: IncomingMessage;
  answer: ClientAnswer;
  grant: Grant | null;
  halt: HaltSignal;
  nowMs: number;
}

/** `/v1/upstream/<model>/props`: what the model's own server tells of itself. Asking it loads no model. */
export function answerProps(
  { decider, pools }: PropsParts,
  { request, answer, grant, halt, nowMs }: PropsRequest,
  model: string,
): Promise<void> | void {
  const nothing = { needs: new Set<never>(), requestBytes: 0, maxTokens: null, session: null };
  const lease = request.headers['x-boo-lease'];
  const trace = RequestTrace.of(request.headers, false);
  const leaseToken = typeof lease === 'string' ? lease : null;
  const decision = decider.decide({ model, ...nothing, leaseToken, grant }, nowMs);
  if (!decision.ok) return answer.fail(decision.refusal);
  // Only llama-swap, here or behind another gateway, leads to the model's own server.
  const target = decision.choice.targets.find(({ isLoaded, kind }) => isLoaded && kind !== 'openai');
  if (target === undefined || /(^|\/)\.\.?(\/|$)/.test(target.model)) {
    const message = `${model} is not loaded anywhere, and asking for its props must not load it.`;
    return answer.fail({ status: 409, code: 'no_candidate', message, retryAfterS: null });
  }
  answer.tell({ 'x-boo-provider': target.providerId, 'x-boo-model': target.model });
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    let head: { status: number; headers: RawHeaders } = { status: 502, headers: [] };
    const failed = (message: string): void => {
      const told = `The host ${target.providerId} ${message}.`;
      answer.fail({ status: 502, code: 'upstream_error', message: told, retryAfterS: null });
      resolve();
    };
    const call = pools.call(
      {
        origin: new URL(target.baseUrl).origin,
        path: propsPath(target),
        method: 'GET',
        headers: hostHeaders(request.rawHeaders, target.headers, trace?.headers(trace.nextSpanId()) ?? {}),
        body: null,
        firstByteMs: TIMEOUT_MS,
        idleMs: TIMEOUT_MS,
      },
      {
        start: (status, headers) => (head = { status, headers }),
        data: (chunk) => {
          bytes += chunk.length;
          if (bytes <= MAX_BYTES) return void chunks.push(chunk);
          call.leave();
          failed('answered with too long a text');
        },
        end: () => {
          answer.pass({ ...head, body: Buffer.concat(chunks) });
          resolve();
        },
        fail: (_fault, message) => failed(message),
      },
    );
    halt.addEventListener('abort', () => {
      call.leave();
      resolve();
    });
  });
}

/** The model's own server behind a llama-swap, or behind another gateway. */
function propsPath({ baseUrl, kind, model }: Target): string {
  const base = kind === 'llama-swap' ? new URL(baseUrl).pathname : new URL(v1Of(baseUrl)).pathname;
  return `${base.replace(/\/+$/, '')}/upstream/${modelPath(model)}/props`;
}
