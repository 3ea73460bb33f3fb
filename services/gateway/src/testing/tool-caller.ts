import { stream, type Answerer } from './inference.js';

export const ARGUMENTS = '{"city":"Köln"}';
export const tool = {
  type: 'function' as const,
  function: {
    name: 'weather',
    description: 'of a city',
    parameters: { type: 'object', properties: { city: { type: 'string' } } },
  },
};

/** A host that calls a tool, in the dialect that it is asked in. */
export const callTool: Answerer = (response, { url, body }) => {
  const isStream = (JSON.parse(body.toString()) as { stream?: boolean }).stream === true;
  const call = { id: 'call_1', type: 'function', function: { name: 'weather', arguments: ARGUMENTS } };
  const base = { id: 'c1', created: 1, model: 'm', object: 'chat.completion' };
  if (url === '/v1/messages') return anthropic(response, isStream);
  if (!isStream) {
    const choice = {
      index: 0,
      finish_reason: 'tool_calls',
      message: { role: 'assistant', content: null, tool_calls: [call] },
    };
    return void response
      .setHeader('content-type', 'application/json')
      .end(JSON.stringify({ ...base, choices: [choice] }));
  }
  const parts = [
    { ...call, index: 0, function: { name: 'weather', arguments: '' } },
    ...Array.from(ARGUMENTS, (letter) => ({ index: 0, function: { arguments: letter } })),
  ];
  const frames = parts.map((part) => ({
    index: 0,
    delta: { role: 'assistant', tool_calls: [part] },
    finish_reason: null,
  }));
  const last = { index: 0, delta: {}, finish_reason: 'tool_calls' };
  stream(
    response,
    [...frames, last].map((choice) => `data: ${JSON.stringify({ ...base, choices: [choice] })}\n\n`),
  );
  response.end('data: [DONE]\n\n');
};

function anthropic(response: Parameters<Answerer>[0], isStream: boolean): void {
  const usage = { input_tokens: 9, output_tokens: 3, cache_read_input_tokens: 4 };
  const block = { type: 'tool_use', id: 't1', name: 'weather', input: {} };
  const message = {
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    model: 'm',
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage,
  };
  if (!isStream) {
    const content = [
      { type: 'text', text: 'Grüße' },
      { ...block, input: { city: 'Köln' } },
    ];
    return void response
      .setHeader('content-type', 'application/json')
      .end(JSON.stringify({ ...message, content, stop_reason: 'tool_use' }));
  }
  const events: { type: string }[] = [
    { type: 'message_start', message } as { type: string },
    { type: 'content_block_start', index: 0, content_block: block } as { type: string },
    ...Array.from(ARGUMENTS, (letter) => ({
      type: 'content_block_delta',
      index: 0,
      delta: { type: 'input_json_delta', partial_json: letter },
    })),
    { type: 'content_block_stop', index: 0 } as { type: string },
    { type: 'message_delta', delta: { stop_reason: 'tool_use', stop_sequence: null }, usage } as {
      type: string;
    },
    { type: 'message_stop' },
  ];
  stream(
    response,
    events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`),
  );
  response.end();
}
