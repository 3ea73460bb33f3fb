import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readAnswer } from './answer.js';
import { readConversation } from './conversation.js';
import { sseData } from './sse.js';

const data = (value: unknown): string => `data: ${JSON.stringify(value)}\n\n`;
const chunk = (delta: object, finish: string | null = null): string =>
  data({ choices: [{ index: 0, delta, finish_reason: finish }] });

describe('server-sent events', () => {
  it('reads data with and without the space, any line end, several lines, comments and other fields', () => {
    expect(sseData('event: x\ndata: a\n\ndata:b\r\ndata: c\r\n\r\n: note\n\nid: 4\ndata: d')).toEqual([
      'a',
      'b\nc',
      'd',
    ]);
  });
});

describe('a streamed answer', () => {
  it('is put together whatever its pieces are', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme' })), fc.constantFrom('\n', '\r\n'), (pieces, end) => {
        const stream = [
          ...pieces.map((content) => chunk({ content })),
          chunk({}, 'stop'),
          'data: [DONE]\n\n',
        ].join('');
        const answer = readAnswer(stream.replaceAll('\n', end), 'text/event-stream');
        expect(answer).toMatchObject({
          kind: 'text',
          complete: true,
          choices: [{ text: pieces.join(''), finishReason: 'stop' }],
        });
      }),
    );
  });
  it('never throws on a stream cut anywhere, and keeps what was whole', () => {
    const stream =
      ['one ', 'two ', 'three'].map((content) => chunk({ content })).join('') + chunk({}, 'stop');
    for (let cut = 0; cut <= stream.length; cut++) {
      const answer = readAnswer(stream.slice(0, cut), 'text/event-stream');
      const text = answer?.kind === 'text' ? (answer.choices[0]?.text ?? '') : '';
      expect('one two three'.startsWith(text)).toBe(true);
    }
    expect(readAnswer(stream.slice(0, -60), 'text/event-stream')).toMatchObject({ complete: false });
  });
  it('keeps reasoning, tool calls, usage and timings apart', () => {
    const answer = readAnswer(
      chunk({ role: 'assistant', content: null, reasoning_content: 'hm' }) +
        chunk({ tool_calls: [{ index: 0, id: 'c', function: { name: 'read', arguments: '{"pa' } }] }) +
        chunk({ tool_calls: [{ index: 0, function: { arguments: 'th":1}' } }] }, 'tool_calls') +
        data({ choices: [], usage: { total_tokens: 9 }, timings: { predicted_n: 4 } }),
      'text/event-stream',
    );
    expect(answer).toMatchObject({
      choices: [
        {
          text: '',
          reasoning: 'hm',
          toolCalls: [{ name: 'read', arguments: '{"path":1}' }],
          finishReason: 'tool_calls',
        },
      ],
      usage: { total_tokens: 9 },
      timings: { predicted_n: 4 },
    });
  });
  it('keeps several choices and an error in the stream', () => {
    const stream =
      data({ choices: [{ index: 1, text: 'b' }] }) +
      data({ choices: [{ index: 0, text: 'a' }] }) +
      data({ error: { message: 'died' } });
    expect(readAnswer(stream, null)).toMatchObject({
      choices: [{ text: 'a' }, { text: 'b' }],
      error: 'died',
      complete: false,
    });
  });
});

describe('an answer as one document', () => {
  it('is read', () => {
    const body = JSON.stringify({
      choices: [{ index: 0, message: { role: 'assistant', content: 'hi' }, finish_reason: 'stop' }],
    });
    expect(readAnswer(body, 'application/json')).toMatchObject({
      streamed: false,
      complete: true,
      choices: [{ text: 'hi' }],
    });
  });
  it('can be embeddings', () => {
    const body = JSON.stringify({ data: [{ embedding: [1, 2, 3] }, { embedding: [1, 2, 3] }] });
    expect(readAnswer(body, 'application/json')).toEqual({ kind: 'embeddings', vectors: 2, dimensions: 3 });
  });
  it('is null when it is none that we know', () => {
    expect([
      readAnswer('', null),
      readAnswer('<html>', 'text/html'),
      readAnswer('[1]', 'application/json'),
    ]).toEqual([null, null, null]);
  });
});

describe('a request as a conversation', () => {
  it('reads chat messages with parts and tool calls', () => {
    const conversation = readConversation(
      JSON.stringify({
        model: 'm',
        temperature: 0.2,
        tools: [{}, {}],
        messages: [
          { role: 'system', content: 'Be brief.' },
          {
            role: 'user',
            content: [
              { type: 'text', text: 'What is this?' },
              { type: 'image_url', image_url: {} },
            ],
          },
          { role: 'assistant', content: null, tool_calls: [{ function: { name: 'look', arguments: '{}' } }] },
        ],
      }),
    );
    expect(conversation?.turns.map(({ role, text }) => [role, text])).toEqual([
      ['system', 'Be brief.'],
      ['user', 'What is this?'],
      ['assistant', ''],
    ]);
    expect(conversation?.turns[1]?.attachments).toEqual(['image url']);
    expect(conversation?.turns[2]?.toolCalls).toEqual([{ name: 'look', arguments: '{}' }]);
    expect(conversation).toMatchObject({ parameters: [['temperature', '0.2']], tools: 2 });
  });
  it('reads prompts and embedding inputs', () => {
    const texts = (body: object) => readConversation(JSON.stringify(body))?.turns.map(({ text }) => text);
    expect([texts({ prompt: 'p' }), texts({ input: ['a', 'b'] }), texts({ other: 1 })]).toEqual([
      ['p'],
      ['a', 'b'],
      undefined,
    ]);
  });
  it('is null for what is cut or no JSON', () => {
    expect([readConversation('{"messages":[{"ro'), readConversation('')]).toEqual([null, null]);
  });
});
