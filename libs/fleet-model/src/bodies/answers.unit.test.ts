import { describe, expect, it } from 'vitest';
import { readAnswer } from './answer.js';
import { readConversation } from './conversation.js';

const SSE = 'text/event-stream';
/** A stream as the Messages and Responses APIs write it: the event's name, and again as the type in the data. */
const stream = (events: readonly { readonly type: string; readonly [field: string]: unknown }[]): string =>
  events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join('');
const text = (body: string): string => {
  const answer = readAnswer(body, SSE);
  return answer?.kind === 'text' ? (answer.choices[0]?.text ?? '') : '';
};

describe('answers of the Messages API', () => {
  const streamed = stream([
    { type: 'message_start', message: { type: 'message', content: [], usage: { input_tokens: 12 } } },
    { type: 'content_block_start', index: 0, content_block: { type: 'thinking', thinking: '' } },
    { type: 'content_block_delta', index: 0, delta: { type: 'thinking_delta', thinking: 'hm' } },
    { type: 'content_block_stop', index: 0 },
    { type: 'ping' },
    { type: 'content_block_start', index: 1, content_block: { type: 'text', text: '' } },
    { type: 'content_block_delta', index: 1, delta: { type: 'text_delta', text: 'Let me ' } },
    { type: 'content_block_delta', index: 1, delta: { type: 'text_delta', text: 'look.' } },
    {
      type: 'content_block_start',
      index: 2,
      content_block: { type: 'tool_use', id: 't', name: 'read', input: {} },
    },
    { type: 'content_block_delta', index: 2, delta: { type: 'input_json_delta', partial_json: '{"pa' } },
    { type: 'content_block_delta', index: 2, delta: { type: 'input_json_delta', partial_json: 'th":1}' } },
    { type: 'message_delta', delta: { stop_reason: 'tool_use' }, usage: { output_tokens: 7 } },
    { type: 'message_stop' },
  ]);
  const choice = {
    text: 'Let me look.',
    reasoning: 'hm',
    toolCalls: [{ name: 'read', arguments: '{"path":1}' }],
    finishReason: 'tool_use',
  };
  it('are put together from a stream', () => {
    expect(readAnswer(streamed, SSE)).toMatchObject({
      choices: [choice],
      streamed: true,
      complete: true,
      usage: { input_tokens: 12, output_tokens: 7 },
    });
  });
  it('are the same as one document', () => {
    const body = JSON.stringify({
      type: 'message',
      role: 'assistant',
      content: [
        { type: 'thinking', thinking: 'hm' },
        { type: 'text', text: 'Let me look.' },
        { type: 'tool_use', id: 't', name: 'read', input: { path: 1 } },
      ],
      stop_reason: 'tool_use',
    });
    expect(readAnswer(body, 'application/json')).toMatchObject({
      choices: [choice],
      streamed: false,
      complete: true,
    });
  });
  it('never throw where the stream is cut, and say that it is not complete', () => {
    for (let cut = 0; cut < streamed.length; cut++) {
      expect('Let me look.'.startsWith(text(streamed.slice(0, cut)))).toBe(true);
    }
    expect(readAnswer(streamed.slice(0, -40), SSE)).toMatchObject({ complete: false });
  });
  it('can be an error', () => {
    const body = JSON.stringify({ type: 'error', error: { type: 'overloaded_error', message: 'Busy' } });
    expect(readAnswer(body, 'application/json')).toMatchObject({ choices: [], error: 'Busy' });
  });
});

describe('answers of the Responses API', () => {
  const output = [
    { type: 'reasoning', id: 'r', summary: [{ type: 'summary_text', text: 'hm' }] },
    { type: 'message', id: 'm', content: [{ type: 'output_text', text: 'Let me look.' }] },
    { type: 'function_call', id: 'f', name: 'read', arguments: '{"path":1}' },
  ];
  const response = { object: 'response', status: 'completed', output, usage: { total_tokens: 9 } };
  const deltas = [
    { type: 'response.created', response: { object: 'response', status: 'in_progress', output: [] } },
    {
      type: 'response.output_item.added',
      output_index: 0,
      item: { type: 'reasoning', id: 'r', summary: [] },
    },
    { type: 'response.reasoning_summary_text.delta', item_id: 'r', delta: 'hm' },
    { type: 'response.output_item.added', output_index: 1, item: { type: 'message', id: 'm', content: [] } },
    { type: 'response.output_text.delta', item_id: 'm', delta: 'Let me ' },
    { type: 'response.output_text.delta', output_index: 1, delta: 'look.' },
    {
      type: 'response.output_item.added',
      output_index: 2,
      item: { type: 'function_call', id: 'f', name: 'read', arguments: '' },
    },
    { type: 'response.function_call_arguments.delta', item_id: 'f', output_index: 2, delta: '{"pa' },
    { type: 'response.function_call_arguments.delta', item_id: 'f', output_index: 2, delta: 'th":1}' },
  ];
  const choice = {
    text: 'Let me look.',
    reasoning: 'hm',
    toolCalls: [{ name: 'read', arguments: '{"path":1}' }],
  };
  it('are put together from the pieces of a stream, whose items are named by id or by place', () => {
    expect(readAnswer(stream(deltas), SSE)).toMatchObject({ choices: [choice], complete: false });
  });
  it('are the same with the whole at the end, and as one document', () => {
    const whole = { choices: [{ ...choice, finishReason: 'completed' }], complete: true };
    expect(readAnswer(stream([...deltas, { type: 'response.completed', response }]), SSE)).toMatchObject(
      whole,
    );
    expect(readAnswer(JSON.stringify(response), 'application/json')).toMatchObject({
      ...whole,
      streamed: false,
      usage: { total_tokens: 9 },
    });
  });
  it('say why they end early, and what failed', () => {
    const early = { ...response, status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } };
    expect(readAnswer(JSON.stringify(early), null)).toMatchObject({
      choices: [{ finishReason: 'max_output_tokens' }],
    });
    const failed = { object: 'response', status: 'failed', output: [], error: { message: 'Out of memory' } };
    expect(readAnswer(stream([{ type: 'response.failed', response: failed }]), SSE)).toMatchObject({
      choices: [],
      error: 'Out of memory',
    });
  });
  it('never throw where the stream is cut', () => {
    const body = stream(deltas);
    for (let cut = 0; cut < body.length; cut++) {
      expect('Let me look.'.startsWith(text(body.slice(0, cut)))).toBe(true);
    }
  });
});

describe('an answer that is announced as a stream', () => {
  it('is read all the same when it is one document', () => {
    const body = JSON.stringify({ choices: [{ index: 0, text: 'a, b', finish_reason: 'length' }] });
    expect(readAnswer(body, SSE)).toMatchObject({
      streamed: false,
      complete: true,
      choices: [{ text: 'a, b', finishReason: 'length' }],
    });
  });
});

describe('a ranking', () => {
  it('is best first, whatever its order was', () => {
    const results = [
      { index: 0, relevance_score: -3.2 },
      { index: 1, relevance_score: 0.97 },
    ];
    expect(readAnswer(JSON.stringify({ object: 'list', results }), 'application/json')).toEqual({
      kind: 'ranking',
      results: [
        { index: 1, score: 0.97 },
        { index: 0, score: -3.2 },
      ],
    });
  });
});

describe('requests', () => {
  const read = (body: object) => readConversation(JSON.stringify(body));
  it('of the Messages API: system, thoughts, tools and what they gave', () => {
    const conversation = read({
      system: [{ type: 'text', text: 'Be brief.' }],
      max_tokens: 100,
      messages: [
        {
          role: 'user',
          content: [
            { type: 'image', source: {} },
            { type: 'text', text: 'What is it?' },
          ],
        },
        {
          role: 'assistant',
          content: [
            { type: 'thinking', thinking: 'hm' },
            { type: 'tool_use', id: 't', name: 'look', input: { at: 1 } },
          ],
        },
        { role: 'user', content: [{ type: 'tool_result', tool_use_id: 't', content: 'a cat' }] },
        {
          role: 'user',
          content: [
            { type: 'tool_result', tool_use_id: 't', content: [{ type: 'text', text: 'two' }] },
            { type: 'text', text: 'So?' },
          ],
        },
      ],
    });
    expect(conversation?.turns.map(({ role, text: said }) => [role, said])).toEqual([
      ['system', 'Be brief.'],
      ['user', 'What is it?'],
      ['assistant', ''],
      ['tool', 'a cat'],
      ['tool', 'two'],
      ['user', 'So?'],
    ]);
    expect(conversation?.turns[1]?.attachments).toEqual(['image']);
    expect(conversation?.turns[2]).toMatchObject({
      reasoning: 'hm',
      toolCalls: [{ name: 'look', arguments: '{"at":1}' }],
    });
    expect(conversation?.parameters).toEqual([['max_tokens', '100']]);
  });
  it('of the Responses API: instructions, messages, calls and what they gave', () => {
    const conversation = read({
      instructions: 'Be brief.',
      input: [
        { role: 'user', content: [{ type: 'input_text', text: 'Hi' }, { type: 'input_image' }] },
        { type: 'reasoning', summary: [{ type: 'summary_text', text: 'hm' }] },
        { type: 'function_call', name: 'look', arguments: '{}' },
        { type: 'function_call_output', call_id: 'c', output: 'a cat' },
      ],
    });
    expect(conversation?.turns).toMatchObject([
      { role: 'system', text: 'Be brief.' },
      { role: 'user', text: 'Hi', attachments: ['input image'] },
      { role: 'assistant', text: '', reasoning: 'hm' },
      { role: 'assistant', text: '', toolCalls: [{ name: 'look', arguments: '{}' }] },
      { role: 'tool', text: 'a cat' },
    ]);
    expect(read({ input: 'Hi' })?.turns).toMatchObject([{ role: 'input', text: 'Hi' }]);
  });
  it('of plain completions: prompts, what follows them, and token ids', () => {
    expect(read({ prompt: 'def f(', suffix: 'return x' })?.turns).toMatchObject([
      { role: 'prompt', text: 'def f(' },
      { role: 'suffix', text: 'return x' },
    ]);
    expect(read({ prompt: [[1, 2, 3], 'and'] })?.turns).toMatchObject([
      { text: '', attachments: ['3 token ids'] },
      { text: 'and' },
    ]);
  });
  it('of reranking: the query, and the documents beside it', () => {
    const conversation = read({ query: 'cats', documents: ['a cat', { text: 'a dog' }], top_n: 1 });
    expect(conversation).toMatchObject({
      turns: [{ role: 'query', text: 'cats' }],
      documents: ['a cat', 'a dog'],
      parameters: [['top_n', '1']],
    });
  });
});
