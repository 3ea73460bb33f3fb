import { z } from 'zod';
import type { ActivityRow } from './engine/activity-row.js';
import { headerMap } from './engine/headers.js';
import type { HostEngine } from './engine/host-engine.js';
import { AnswerShape } from './llama/shapes.js';

export const QuickRowsSchema = z.strictObject({
  count: z.int().min(1).max(100_000).default(1),
  model: z.string().optional().describe('Default: the first one'),
  source: z.string().optional().describe('X-Boo-Source'),
  userAgent: z.string().default('sim/1.0'),
  path: z.string().default('/v1/chat/completions'),
  status: z.int().min(200).max(599).default(200),
  promptTokens: z.int().min(1).default(120),
  outputTokens: z.int().min(0).default(40),
});
export type QuickRowsInput = z.input<typeof QuickRowsSchema>;

/** Makes finished requests at once, without loading a model or streaming anything: rows, captures and events. */
export function quickRows(
  engine: HostEngine,
  input: z.infer<typeof QuickRowsSchema>,
  createdS: number,
): ActivityRow[] {
  const model = input.model ?? [...engine.models.keys()][0] ?? '';
  const reqHeaders = headerMap({
    'content-type': 'application/json',
    'user-agent': input.userAgent,
    ...(input.source === undefined ? {} : { 'x-boo-source': input.source }),
  });
  return Array.from({ length: input.count }, (_, index) =>
    engine.record({
      model,
      reqPath: input.path,
      reqHeaders,
      reqBody: Buffer.from(
        JSON.stringify({ model, messages: [{ role: 'user', content: `quick request ${index}` }] }),
      ),
      status: input.status,
      respHeaders: { 'Content-Type': 'application/json; charset=utf-8' },
      respBody: Buffer.from(
        input.status === 200 ? answer(model, input, createdS) : '{"error":"made to fail"}',
      ),
      wallMs: 5,
      scheduled: true,
    }),
  );
}

function answer(model: string, input: z.infer<typeof QuickRowsSchema>, createdS: number): string {
  const { promptTokens, outputTokens } = input;
  const timings = {
    cache_n: 0,
    prompt_n: promptTokens,
    prompt_ms: promptTokens / 2,
    prompt_per_token_ms: 0.5,
    prompt_per_second: 2_000,
    predicted_n: outputTokens,
    predicted_ms: outputTokens * 20,
    predicted_per_token_ms: 20,
    predicted_per_second: outputTokens === 0 ? 0 : 50,
  };
  const shape = new AnswerShape('chat', model, 'quick', createdS);
  return JSON.stringify(
    shape.whole([{ text: 'Done.', reasoning: false }], { finishReason: 'stop', timings, promptTokens }),
  );
}
