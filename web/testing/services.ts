import type { Liveness, Model, PublicProvider } from '@boocontrol/contracts';
import { instantFromMs } from '@boocontrol/fleet-model';
import { liveness, model, provider } from './hosts.js';

interface MadeService {
  provider: PublicProvider;
  liveness: Liveness;
  models: Model[];
}

const VENDORS = ['deepseek', 'qwen', 'mistralai', 'meta-llama', 'google', 'anthropic', 'openai', 'x-ai'];

/** Providers that only answer requests: one with a huge list, one that is refused, and another BooControl. */
export function services(nowMs: number): MadeService[] {
  const told = { generation: null, version: null, monitoring: 'absent' as const };
  const many = Array.from({ length: 412 }, (_, n) =>
    model(
      `${VENDORS[n % VENDORS.length] ?? ''}/model-${n}${n % 5 === 0 ? '-instruct-2507:free' : ''}`,
      'unknown',
      nowMs,
      {
        contextLength: n % 7 === 0 ? null : 131_072,
      },
    ),
  );
  return [
    {
      provider: provider('openrouter', 'OpenRouter', {
        kind: 'openai',
        baseUrl: 'https://openrouter.ai/api/v1',
        tags: ['frontier'],
        apiKeyEnv: 'OPENROUTER_API_KEY',
        apiKeySet: true,
        prices: {
          currency: 'USD',
          default: { input: 0.28, cachedInput: 0.028, output: 0.42 },
          models: [
            { match: 'anthropic/*', input: 3, output: 15 },
            { match: '*:free', input: 0, output: 0 },
          ],
        },
      }),
      liveness: liveness('openrouter', nowMs, { ...told, list: { ms: 412, leftOut: 3 } }),
      models: many,
    },
    {
      provider: provider('deepseek', 'DeepSeek', {
        kind: 'openai',
        baseUrl: 'https://api.deepseek.com',
        apiKeyEnv: 'DEEPSEEK_API_KEY',
        apiKeySet: true,
      }),
      liveness: liveness('deepseek', nowMs, {
        ...told,
        state: 'down',
        attempt: 9,
        nextAttemptAt: instantFromMs(nowMs + 20_000),
        reason: {
          code: 'unauthorized',
          message:
            'https://api.deepseek.com/v1/models refuses the API key in DEEPSEEK_API_KEY (401). Check that it is right and not expired, then start ingest again with it.',
        },
      }),
      models: ['deepseek-chat', 'deepseek-reasoner'].map((id) => model(id, 'unknown', nowMs)),
    },
    {
      provider: provider('office', 'Office', {
        kind: 'boocontrol-gateway',
        baseUrl: 'http://office.lan:9503',
        maintenance: {
          since: instantFromMs(nowMs - 600_000),
          note: 'new rack',
          until: instantFromMs(nowMs + 5_400_000),
        },
      }),
      liveness: liveness('office', nowMs, { ...told, list: { ms: 9, leftOut: 0 } }),
      models: [
        model('auto:code', 'stopped', nowMs, { description: 'The best coding model that can answer now' }),
        model('qwen3-coder-30b', 'ready', nowMs, { contextLength: 65_536, ttlS: null }),
        model('gpt-oss-120b', 'stopped', nowMs, { available: false }),
      ],
    },
  ];
}
