import { describe, expect, it } from 'vitest';
import { readSettings } from './read-settings';
import { curlOf, messagesOf, requestBody } from './request-body';
import { NO_SETTINGS, setCount, type Settings } from './settings';
import { answerTurn, toolTurn, userTurn } from './turns';

const fieldsOf = (settings: Partial<Settings>): unknown => readSettings({ ...NO_SETTINGS, ...settings });

describe('parameters', () => {
  it('that are not set are not sent', () => {
    expect(fieldsOf({})).toEqual({ ok: true, fields: {} });
    expect(setCount(NO_SETTINGS)).toBe(0);
  });

  it('are sent by the names of the API', () => {
    const settings = {
      temperature: '0',
      topP: '.9',
      topK: '40',
      minP: '0.05',
      repeatPenalty: '1.1',
      presencePenalty: '-1',
      frequencyPenalty: '0.5',
      seed: '7',
      maxTokens: '1e3',
      stop: 'END\n\\n\\n\n',
      schema: '{"type":"object"}',
      tools: '[{"type":"function","function":{"name":"f"}}]',
      other: '{"reasoning_effort":"low"}',
    };
    expect(fieldsOf(settings)).toEqual({
      ok: true,
      fields: {
        temperature: 0,
        top_p: 0.9,
        top_k: 40,
        min_p: 0.05,
        repeat_penalty: 1.1,
        presence_penalty: -1,
        frequency_penalty: 0.5,
        seed: 7,
        max_tokens: 1000,
        stop: ['END', '\n\n'],
        response_format: {
          type: 'json_schema',
          json_schema: { name: 'answer', strict: true, schema: { type: 'object' } },
        },
        tools: [{ type: 'function', function: { name: 'f' } }],
        reasoning_effort: 'low',
      },
    });
  });

  it('may have a whole response_format in the place of a schema', () => {
    expect(fieldsOf({ schema: '{"type":"json_object"}' })).toEqual({
      ok: true,
      fields: { response_format: { type: 'json_object' } },
    });
  });

  it.each<[Partial<Settings>, keyof Settings, string]>([
    [{ temperature: 'warm' }, 'temperature', 'Enter a number.'],
    [{ temperature: '0x10' }, 'temperature', 'Enter a number.'],
    [{ temperature: '9' }, 'temperature', 'Use 0 to 5.'],
    [{ maxTokens: '1.5' }, 'maxTokens', 'Enter a whole number.'],
    [{ schema: '{"type":' }, 'schema', 'This is no JSON object'],
    [{ tools: '{"type":"function"}' }, 'tools', 'This is no list of tools'],
    [{ other: '{"model":"x","messages":[]}' }, 'other', 'model, messages cannot be set here.'],
  ])('%j is wrong, in a sentence beside the field', (settings, key, words) => {
    const reading = readSettings({ ...NO_SETTINGS, ...settings });
    expect(reading.ok).toBe(false);
    expect(reading.ok ? '' : reading.problems[key as 'schema']).toContain(words);
  });
});

describe('a request', () => {
  const call = { id: 'c1', name: 'f', arguments: '{}' };
  it('has the conversation as the API wants it', () => {
    const picture = { name: 'p', url: 'data:image/png;base64,AA==' };
    const turns = [
      userTurn('Look', [picture]),
      answerTurn({ text: '', reasoning: 'Hm', calls: [call] }, null),
      toolTurn('c1', '42'),
      answerTurn({ text: 'It is 42.', reasoning: '', calls: [] }, null),
    ];
    expect(messagesOf('Be brief.', turns)).toEqual([
      { role: 'system', content: 'Be brief.' },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'Look' },
          { type: 'image_url', image_url: { url: picture.url } },
        ],
      },
      {
        role: 'assistant',
        content: '',
        tool_calls: [{ id: 'c1', type: 'function', function: { name: 'f', arguments: '{}' } }],
      },
      { role: 'tool', tool_call_id: 'c1', content: '42' },
      { role: 'assistant', content: 'It is 42.' },
    ]);
  });

  it('leaves out answers that brought nothing, and calls without a result', () => {
    const nothing = answerTurn({ text: '', reasoning: 'Hm', calls: [call] }, null);
    expect(messagesOf(' ', [userTurn('a'), nothing, userTurn('b')])).toEqual([
      { role: 'user', content: 'a' },
      { role: 'user', content: 'b' },
    ]);
  });

  it('asks for counts with a stream, and for no stream where none is wanted', () => {
    expect(requestBody('auto', '', [], { seed: 1 }, true)).toEqual({
      model: 'auto',
      messages: [],
      seed: 1,
      stream: true,
      stream_options: { include_usage: true },
    });
    expect(requestBody('auto', '', [], {}, false)).toMatchObject({ stream: false });
  });

  it('is a line of shell in which nothing but curl runs', () => {
    expect(curlOf(`{"a":"it's $(id) \`id\`"}`, 'http://boo:9503')).toContain(
      String.raw`-d '{"a":"it'\''s $(id) ` + '`id`"}' + "'",
    );
  });
});
