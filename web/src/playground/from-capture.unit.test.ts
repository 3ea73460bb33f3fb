import type { ActivityEntry } from '@boocontrol/contracts';
import { toActivityRow } from '@boocontrol/fleet-model';
import { describe, expect, it } from 'vitest';
import { homeFleet } from '../../testing/fleet';
import { captureOf } from '../../testing/requests';
import { takeCapture } from './from-capture';
import { readSettings } from './read-settings';
import { messagesOf, requestBody } from './request-body';

const [made] = homeFleet(Date.UTC(2026, 10, 21)).requests.filter(
  ({ reqPath, hasCapture }) => reqPath === '/v1/chat/completions' && hasCapture,
);
if (!made) throw new Error('no made-up chat');
const request = { ...made, providerId: 'tower', model: 'qwen3' };

function entry(body: unknown, cut = false): ActivityEntry {
  const capture = captureOf(request);
  const data = typeof body === 'string' ? body : JSON.stringify(body);
  return {
    row: toActivityRow(request),
    capture: { ...capture, reqBody: { encoding: 'utf8', data, bytes: data.length, cut } },
    captureState: 'stored',
  } as ActivityEntry;
}

describe('a captured request', () => {
  const url = 'data:image/png;base64,AA==';
  const body = {
    model: 'qwen3',
    messages: [
      { role: 'system', content: 'Be brief.' },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'Look' },
          { type: 'image_url', image_url: { url } },
        ],
      },
      {
        role: 'assistant',
        content: null,
        tool_calls: [{ id: 'c1', type: 'function', function: { name: 'f', arguments: '{}' } }],
      },
      { role: 'tool', tool_call_id: 'c1', content: '42' },
    ],
    temperature: 0.2,
    max_tokens: 100,
    stop: ['\n\n', 'END'],
    response_format: { type: 'json_object' },
    tools: [{ type: 'function', function: { name: 'f' } }],
    chat_template_kwargs: { enable_thinking: false },
    stream: true,
    stream_options: { include_usage: true },
  };

  it('can be asked again as it was, of the same host', () => {
    const taken = takeCapture(entry(body));
    if (!taken.ok) throw new Error(taken.why);
    const { settings, pane, left } = taken;
    const reading = readSettings(settings);
    if (!reading.ok) throw new Error(JSON.stringify(reading.problems));
    const again = requestBody(pane.model, settings.system, pane.turns, reading.fields, settings.stream);
    const [, , call] = body.messages;
    const messages = body.messages.map((message) =>
      message === call ? { ...message, content: '' } : message,
    );
    expect(again).toEqual({ ...body, model: 'tower/qwen3', messages });
    expect(left).toEqual([]);
  });

  it('names what it leaves out, and takes no picture from elsewhere', () => {
    const parts = [
      { type: 'image_url', image_url: { url: 'https://evil.example/x.png' } },
      { type: 'input_audio', input_audio: {} },
    ];
    const taken = takeCapture(entry({ messages: [{ role: 'user', content: parts }, { role: 'odd' }] }));
    expect(taken.ok && taken.left).toEqual([
      'pictures of other places',
      'parts of the type input_audio',
      'messages of the role odd',
    ]);
    expect(taken.ok && messagesOf('', taken.pane.turns)).toEqual([{ role: 'user', content: '' }]);
  });

  it.each([
    [entry(body, true), 'cut'],
    [entry('{"messages":'), 'no chat'],
    [entry({ prompt: 'Once' }), 'no chat'],
    [{ ...entry(body), capture: null } as ActivityEntry, 'not kept'],
  ])('that cannot be is told of (%#)', (given, words) => {
    const taken = takeCapture(given);
    expect(taken.ok ? '' : taken.why).toContain(words);
  });
});
