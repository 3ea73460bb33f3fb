export const MODEL = 'bench-model';
export const CHUNKS = 200;
/** Of a paced stream: 50 tokens a second. */
export const CHUNK_MS = 20;

const words = 'The quick brown fox jumps over the lazy dog and then goes home to sleep for a while. ';

export const WHOLE_ANSWER = Buffer.from(
  JSON.stringify({
    id: 'c1',
    object: 'chat.completion',
    choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content: words.repeat(10) } }],
    usage: { prompt_tokens: 200, completion_tokens: 180 },
    timings: { cache_n: 0, prompt_n: 200, predicted_n: 180 },
  }),
);

export function streamChunk(at: number): string {
  const choice = {
    index: 0,
    delta: { content: ` word${at}` },
    finish_reason: at === CHUNKS - 1 ? 'stop' : null,
  };
  return `data: ${JSON.stringify({ id: 'c1', object: 'chat.completion.chunk', created: 1, model: MODEL, choices: [choice] })}\n\n`;
}

/** The whole of a stream as it must arrive. */
export const WHOLE_STREAM = `${Array.from({ length: CHUNKS }, (_, at) => streamChunk(at)).join('')}data: [DONE]\n\n`;

export function askFor(extra: object): Buffer {
  const messages = [
    { role: 'system', content: words.repeat(20) },
    { role: 'user', content: words },
  ];
  return Buffer.from(JSON.stringify({ model: MODEL, messages, ...extra }));
}
