/** Bodies of the routes beside chat, as a llama-swap host keeps them. */
export interface Bodies {
  request: object;
  answer: string;
}

const events = (list: readonly { type: string; [field: string]: unknown }[]): string =>
  list.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join('');

const MAKERS: Record<string, (model: string) => Bodies> = {
  '/v1/messages': (model) => ({
    request: {
      model,
      stream: true,
      max_tokens: 512,
      system: 'You look things up before you answer.',
      tools: [{ name: 'read_file' }],
      messages: [
        { role: 'user', content: 'Which port does the gateway listen on?' },
        {
          role: 'assistant',
          content: [
            { type: 'thinking', thinking: 'The configuration says it.' },
            { type: 'tool_use', id: 't1', name: 'read_file', input: { path: 'boocontrol.yaml' } },
          ],
        },
        { role: 'user', content: [{ type: 'tool_result', tool_use_id: 't1', content: 'port: 9503' }] },
      ],
    },
    answer: events([
      { type: 'message_start', message: { type: 'message', content: [] } },
      { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
      { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'It listens on ' } },
      { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'port 9503.' } },
      { type: 'message_delta', delta: { stop_reason: 'end_turn' } },
      { type: 'message_stop' },
    ]),
  }),
  '/v1/responses': (model) => ({
    request: { model, stream: true, instructions: 'Answer in one line.', input: 'What is a ring buffer?' },
    answer: events([
      { type: 'response.created', response: { object: 'response', status: 'in_progress', output: [] } },
      { type: 'response.output_text.delta', item_id: 'm', delta: 'A fixed buffer ' },
      { type: 'response.output_text.delta', item_id: 'm', delta: 'whose end meets its start.' },
      { type: 'response.completed', response: { object: 'response', status: 'completed', output: [] } },
    ]),
  }),
  '/v1/rerank': (model) => ({
    request: {
      model,
      query: 'How do I keep the last N samples?',
      documents: ['Bake the bread at 230 °C.', 'A ring buffer overwrites its oldest item.', 'Queues grow.'],
    },
    answer: JSON.stringify({
      object: 'list',
      results: [
        { index: 0, relevance_score: -7.31 },
        { index: 1, relevance_score: 4.87 },
        { index: 2, relevance_score: -1.02 },
      ],
    }),
  }),
  '/v1/completions': (model) => ({
    request: { model, max_tokens: 64, prompt: 'def fibonacci(n):\n' },
    answer: JSON.stringify({
      object: 'text_completion',
      choices: [{ index: 0, text: '    a, b = 0, 1\n', finish_reason: 'length' }],
    }),
  }),
};

/** null: a route that has bodies of its own elsewhere. */
export const bodiesOf = (reqPath: string, model: string): Bodies | null => MAKERS[reqPath]?.(model) ?? null;

const SHARES: readonly [upTo: number, path: string][] = [
  [0.05, '/v1/completions'],
  [0.08, '/v1/messages'],
  [0.11, '/v1/responses'],
  [0.13, '/v1/rerank'],
];

/** The route of a request by a number from 0 to 1: mostly chat. */
export const pathOf = (share: number): string =>
  SHARES.find(([upTo]) => share < upTo)?.[1] ?? '/v1/chat/completions';
