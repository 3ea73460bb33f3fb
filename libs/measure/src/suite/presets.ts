import { type Suite, type SuiteInput, SuiteSchema } from '@boocontrol/contracts';

const PRESETS: Readonly<Record<string, SuiteInput>> = {
  quick: {
    name: 'quick',
    description: 'A quick look: two prompt lengths, alone and four at once, two minutes at most',
    promptTokens: [128, 1_024],
    outputTokens: [64],
    load: { kind: 'closed', concurrency: [1, 4] },
    sampling: { temperature: 0, seed: 1 },
    stop: { maxS: 120 },
  },
  'llama-bench': {
    name: 'llama-bench',
    description: 'In the style of llama-bench: pp512 and tg128, at depth 0 and 4096, without a chat template',
    endpoint: 'completions',
    promptTokens: [512],
    outputTokens: [128],
    depth: [0, 4_096],
    sampling: { temperature: 0, seed: 1 },
  },
  chat: {
    name: 'chat',
    description: 'A conversation: prompts of some length, answers of a screen, one to four people',
    promptTokens: [400],
    outputTokens: [200],
    load: { kind: 'closed', concurrency: [1, 2, 4] },
    sampling: { temperature: 0.7, top_p: 0.95, seed: 1 },
    slo: { ttftMs: 2_000, tpotMs: 100 },
  },
  'coding-agent': {
    name: 'coding-agent',
    description: 'A coding agent: 8,000 tokens that the cache has, 1,000 new ones, a short answer',
    promptTokens: [1_000],
    outputTokens: [150],
    depth: [8_000],
    sampling: { temperature: 0.2, seed: 1 },
  },
  users: {
    name: 'users',
    description: 'How many users: more and more at once, until more of them gain nothing',
    promptTokens: [400],
    outputTokens: [100],
    load: { kind: 'closed', concurrency: [1, 2, 4, 8, 16, 32] },
    repetitions: 3,
    sampling: { temperature: 0.7, seed: 1 },
    slo: { ttftMs: 2_000, tpotMs: 100 },
    stop: { saturation: true },
  },
};

export const PRESET_NAMES: readonly string[] = Object.keys(PRESETS);

/** null: there is none of that name. */
export function preset(name: string): Suite | null {
  const found = Object.hasOwn(PRESETS, name) ? PRESETS[name] : undefined;
  return found ? SuiteSchema.parse(found) : null;
}
