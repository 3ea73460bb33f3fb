import type { Capture } from '@boocontrol/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { captureText, type CaptureText } from './capture-text.js';
import { parseCutJson } from './repair.js';

const body = (data: string, cut = false): NonNullable<Capture['reqBody']> => ({
  encoding: 'utf8',
  data,
  bytes: data.length,
  cut,
});
const read = (asked: string, answered: string, type = 'application/json'): CaptureText =>
  captureText({ reqBody: body(asked), respBody: body(answered), respHeaders: { 'Content-Type': type } });

const chat = {
  model: 'm',
  messages: [
    { role: 'system', content: 'Be "brief".' },
    {
      role: 'user',
      content: [
        { type: 'text', text: 'Where is\nthe boiler?' },
        { type: 'image_url', image_url: { url: 'data:x' } },
      ],
    },
    {
      role: 'assistant',
      content: null,
      tool_calls: [
        { id: 'c', function: { name: 'find_file', arguments: '{"path":"src\\nboiler.ts","depth":2}' } },
      ],
    },
    { role: 'tool', tool_call_id: 'c', content: 'src/boiler.ts' },
  ],
  tools: [{ type: 'function', function: { name: 'find_file', description: 'Finds it' } }],
};

describe('the words of a capture', () => {
  it('are those of the messages and of the calls of tools, without JSON and without what tools there are', () => {
    const { prompt } = read(JSON.stringify(chat), '');
    expect(prompt.split(/\s+/)).toEqual(
      'Be "brief". Where is the boiler? find_file path : src boiler.ts , depth :2 src/boiler.ts'.split(' '),
    );
  });

  it('are those of a streamed answer, put together', () => {
    const chunk = (delta: object): string =>
      `data: ${JSON.stringify({ choices: [{ index: 0, delta }] })}\n\n`;
    const stream =
      chunk({ reasoning_content: 'hm' }) +
      chunk({ content: 'In the cel' }) +
      chunk({ content: 'lar.' }) +
      chunk({ tool_calls: [{ index: 0, function: { name: 'open_', arguments: '{"do' } }] }) +
      chunk({ tool_calls: [{ index: 0, function: { name: 'door', arguments: 'or":"left"}' } }] });
    expect(read('{}', stream, 'text/event-stream').answer).toMatch(
      /^hm\s+In the cellar\.\s+open_door\s+door\s+:\s+left\s*$/,
    );
  });

  it('are none of embeddings, what a host says of an error, and what is no JSON as it is', () => {
    expect(read('', JSON.stringify({ data: [{ embedding: [1] }] })).answer).toBe('');
    expect(read('', JSON.stringify({ error: { message: 'Out of memory' } })).answer).toBe('Out of memory');
    expect(read('plain words', '<html>Bad gateway').answer).toBe('<html>Bad gateway');
    expect(
      captureText({ reqBody: null, respBody: { ...body('AAAA'), encoding: 'base64' }, respHeaders: {} }),
    ).toEqual({
      prompt: '',
      answer: '',
    });
  });

  it('are what there is of a body that was cut anywhere', () => {
    const whole = JSON.stringify(chat);
    for (let cut = 0; cut < whole.length; cut++) {
      const { prompt } = read(whole.slice(0, cut), '');
      for (const words of ['Be "brief".', 'Where is\nthe boiler?', 'src/boiler.ts']) {
        const end = whole.indexOf(JSON.stringify(words)) + JSON.stringify(words).length;
        if (cut >= end) expect(prompt).toContain(words);
      }
      expect(prompt).not.toContain('"role"');
    }
  });

  it('are there for any body, as text that a database takes', () => {
    const hostile = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.json(),
      fc.json().map((json) => json.slice(0, -3)),
      fc.constantFrom(
        '['.repeat(100_000),
        '{"messages":[{"role":"user","content":"\\u0000\\ud800"}]}',
        '"\\',
      ),
      fc.string().map((text) => `data: ${text}\n\n`),
      fc
        .json()
        .map((json) =>
          JSON.stringify({ messages: [{ role: 'assistant', content: [{ type: 'tool_use', input: json }] }] }),
        ),
    );
    fc.assert(
      fc.property(hostile, hostile, (asked, answered) => {
        for (const text of Object.values(read(asked, answered, 'text/event-stream'))) {
          expect(text).not.toContain('\0');
          expect(text).not.toMatch(/\p{Surrogate}/u);
        }
      }),
    );
    const deep = `{"messages":[{"role":"assistant","content":[{"type":"tool_use","name":"f","input":${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}}]}]}`;
    expect(read(deep, deep).prompt).toContain('f');
  });
});

it('JSON that is cut can be mended wherever it is cut', () => {
  fc.assert(
    fc.property(fc.object(), fc.nat(), (value, at) => {
      const json = JSON.stringify(value);
      const cut = json.slice(0, 1 + (at % json.length));
      expect(typeof parseCutJson(cut)).toBe('object');
    }),
    { numRuns: 1_000 },
  );
  expect(parseCutJson('nothing of the kind')).toBeUndefined();
});
