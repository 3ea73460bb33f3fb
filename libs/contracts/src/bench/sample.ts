import { z } from 'zod';

const ms = z.number().nullable();
const tokens = z.int().min(0).nullable();

/** Why a figure is not what it would be by itself. */
export const PollutionSchema = z
  .enum(['cached', 'not_cached', 'prompt_length', 'answer_length', 'host_disagrees', 'sent_late'])
  .describe('Why a figure is not what it would be by itself')
  .meta({ id: 'BenchPollution' });
export type Pollution = z.infer<typeof PollutionSchema>;

export const POLLUTIONS: Readonly<Record<Pollution, string>> = {
  cached: 'the host had part of the prompt in its cache, though it was to be cold',
  not_cached: 'the host did not have in its cache what it was to have',
  prompt_length: 'the prompt was more than 2 % off the length that was asked for',
  answer_length: 'the answer was shorter or longer than asked for',
  host_disagrees: 'our speed of generation and the host’s own are more than 10 % apart',
  sent_late: 'the request left later than it was due: this machine could not keep up',
};

/** One request as it was measured. Times in milliseconds; null: not measured. */
export const SampleSchema = z
  .strictObject({
    cell: z.int().min(0).describe('Index in cells'),
    repetition: z.int().min(0).describe('Which repetition, from 0'),
    startMs: z.number().describe('Intended send, since the run began'),
    lagMs: ms.describe('Sent so much later than intended'),
    answerId: z.string().nullable().describe('As the host calls the answer'),
    status: z
      .enum(['ok', 'error', 'incomplete', 'aborted'])
      .describe('incomplete: it ended without its last event; aborted: given up by us'),
    httpStatus: z.int().nullable().describe('null: there was no answer'),
    error: z
      .strictObject({
        code: z.string().describe('Stable, machine-readable'),
        message: z.string().describe('In words'),
      })
      .nullable()
      .describe('null: none'),
    ttfbMs: ms.describe('See the definition of this figure'),
    ttftMs: ms.describe('See the definition of this figure'),
    ttftReasoningMs: ms.describe('See the definition of this figure'),
    ttftContentMs: ms.describe('See the definition of this figure'),
    e2eMs: ms.describe('See the definition of this figure'),
    queueMs: ms.optional().describe('See the definition of this figure; absent: from before it was noted'),
    gapsMs: z.array(z.number()).describe('Between chunks that carry tokens, in order'),
    tpotMs: ms.describe('See the definition of this figure'),
    promptTokens: tokens.describe('See the definition of this figure'),
    outputTokens: tokens.describe('See the definition of this figure'),
    cacheTokens: tokens.describe('See the definition of this figure'),
    draftTokens: tokens.describe('Drafted by speculative decoding'),
    draftAccepted: tokens.describe('Of those, kept'),
    hostGenTps: z.number().nullable().describe('See the definition of this figure'),
    hostPromptTps: z.number().nullable().describe('See the definition of this figure'),
    finishReason: z.string().nullable().describe('As the host says it'),
    pollution: z.array(PollutionSchema).describe('Empty: nothing is known against it'),
  })
  .meta({ id: 'BenchSample' });
export type Sample = z.infer<typeof SampleSchema>;
