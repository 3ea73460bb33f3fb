import type { GatewayRouting, InflightRoute } from '@boocontrol/contracts';
import { instantFromMs } from '@boocontrol/fleet-model';

/** Plain parts of what is under way through /v1. */

export const idleGateway = (gateway: string, nowMs: number): GatewayRouting => ({
  gateway,
  at: instantFromMs(nowMs),
  inflight: [],
  inflightTotal: 0,
  queues: [],
  breakers: [],
});

/** @param n below a million: the last digits of its id */
export const inflightRoute = (
  n: number,
  startedMs: number,
  more: Partial<InflightRoute> = {},
): InflightRoute => ({
  id: `00000000-0000-4000-a000-${String(n).padStart(12, '0')}`,
  at: instantFromMs(startedMs),
  endpoint: '/chat/completions',
  asked: 'auto:code',
  policy: 'code',
  source: 'opencode',
  state: 'streaming',
  providerId: 'tower',
  model: 'qwen3-32b-Q4_K_M',
  attempts: [],
  bytes: 18_211,
  ...more,
});

/** Two gateways of a busy home: a queue, a load, a request that failed over, a breaker that is open. */
export function busyGateways(nowMs: number): GatewayRouting[] {
  const failed = {
    providerId: 'laptop',
    model: 'gemma-3-27b-it-Q5_K_S',
    startedAt: instantFromMs(nowMs - 8_000),
    outcome: 'reset' as const,
    status: null,
    firstByteMs: null,
    durationMs: 38,
    bytes: 0,
    message: 'broke off the connection (ECONNRESET)',
  };
  const one = [
    inflightRoute(1, nowMs - 151_000, { source: 'control-eval', asked: 'auto', policy: 'auto' }),
    inflightRoute(2, nowMs - 8_000, { attempts: [failed], bytes: 4_100 }),
    inflightRoute(3, nowMs - 6_000, {
      state: 'loading',
      providerId: 'workstation',
      model: 'qwen3-coder-30b-a3b-UD-Q4_K_XL',
      source: 'boochat',
      bytes: 0,
    }),
    inflightRoute(4, nowMs - 4_000, { state: 'queued', bytes: 0 }),
  ];
  const other = [
    inflightRoute(5, nowMs - 2_000, {
      state: 'waiting',
      asked: 'mac-studio/llama-3.3-70b-IQ2_XXS',
      policy: null,
      providerId: 'mac-studio',
      model: 'llama-3.3-70b-IQ2_XXS',
      source: 'python-openai',
      bytes: 0,
    }),
    inflightRoute(6, nowMs - 300, {
      state: 'receiving',
      asked: '',
      policy: null,
      providerId: null,
      model: null,
      source: 'unattributed',
      bytes: 0,
    }),
  ];
  return [
    {
      ...idleGateway('a1', nowMs),
      inflight: one,
      inflightTotal: one.length,
      queues: [
        {
          providerId: 'tower',
          running: 2,
          slots: 2,
          waiting: [
            { source: 'opencode', requests: 3, longestMs: 4_000 },
            { source: 'boochat', requests: 1, longestMs: 900 },
          ],
        },
        { providerId: 'workstation', running: 1, slots: 4, waiting: [] },
      ],
      breakers: [
        {
          providerId: 'laptop',
          model: 'gemma-3-27b-it-Q5_K_S',
          state: 'open',
          retryAt: instantFromMs(nowMs + 45_000),
          failuresInARow: 5,
          failures: 6,
          of: 20,
          lastFailure: {
            at: instantFromMs(nowMs - 8_000),
            message: 'broke off the connection (ECONNRESET)',
          },
        },
        {
          providerId: 'workstation',
          model: 'glm-4.5-air-Q3_K_M',
          state: 'closed',
          retryAt: null,
          failuresInARow: 0,
          failures: 2,
          of: 14,
          lastFailure: { at: instantFromMs(nowMs - 190_000), message: 'sent nothing within 600000 ms' },
        },
      ],
    },
    {
      ...idleGateway('b2', nowMs),
      inflight: other,
      inflightTotal: other.length,
      queues: [{ providerId: 'mac-studio', running: 1, slots: 1, waiting: [] }],
      breakers: [
        {
          providerId: 'nas',
          model: 'phi-4-Q8_0',
          state: 'half-open',
          retryAt: instantFromMs(nowMs - 1_000),
          failuresInARow: 6,
          failures: 6,
          of: 6,
          lastFailure: { at: instantFromMs(nowMs - 41_000), message: 'cannot be reached (ECONNREFUSED)' },
        },
      ],
    },
  ];
}
