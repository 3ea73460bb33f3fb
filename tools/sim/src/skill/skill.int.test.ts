import { expect, test } from 'vitest';
import { createSimHost } from '../sim-host.js';
import { AnswerBook, skilled } from './book.js';

const ITEMS = [
  { prompt: 'Say the capital of Norway.', reference: 'Oslo', wrong: 'Bergen' },
  { prompt: 'Write add.', reference: { 'a.py': 'def add(): ...\n' }, wrong: { 'a.py': 'pass\n' } },
  {
    messages: [
      { role: 'user', content: 'Hello' },
      { role: 'assistant', content: 'Hello!' },
      { role: 'user', content: 'How warm is it in Oslo and Rome?' },
    ],
    reference: [
      {
        role: 'assistant',
        calls: [
          { name: 'weather', arguments: { city: 'Oslo' } },
          { name: 'weather', arguments: { city: 'Rome and more than one token' } },
        ],
      },
      { role: 'assistant', content: 'Three degrees, and thirty.' },
    ],
    wrong: [{ role: 'assistant', content: 'Warm.' }],
  },
];
const user = (content: string) => ({ role: 'user', content });

async function ask(url: string, model: string, messages: object[], seed = 1): Promise<unknown> {
  const response = await fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    body: JSON.stringify({ model, messages, seed }),
  });
  const body = (await response.json()) as { choices: { message: unknown; finish_reason: string }[] };
  return body.choices[0];
}

test('a model of known skill answers what its book has with that probability, and the same again', async () => {
  const book = new AnswerBook(ITEMS);
  const answers = skilled(() => book, 'm', 0.7);
  const asked = Array.from({ length: 2_000 }, (_, seed) =>
    answers({ messages: [user('Say the capital of Norway.')], seed }),
  );
  const right = asked.filter((answer) => answer?.content === 'Oslo').length;
  expect(asked.every((answer) => ['Oslo', 'Bergen'].includes(answer?.content ?? ''))).toBe(true);
  expect(right / asked.length).toBeGreaterThan(0.65);
  expect(right / asked.length).toBeLessThan(0.75);
  expect(answers({ messages: [user('Say the capital of Norway.')], seed: 5 })).toEqual(asked[5]);
  expect(answers({ messages: [user('Something else')], seed: 5 })).toBeNull();
});

test('what it says comes as any other answer: text, files, calls in turn, streamed or whole', async () => {
  const book = new AnswerBook(ITEMS);
  const host = await createSimHost({
    timeScale: 1_000,
    models: [
      { id: 'm', loadMs: 0, answers: skilled(() => book, 'm', 1) },
      { id: 'thinks', loadMs: 0, reasoning: true, answers: skilled(() => book, 'thinks', 1) },
      { id: 'plain', loadMs: 0, skill: 0.5 },
    ],
  });
  try {
    expect(await ask(host.url, 'm', [user('Say the capital of Norway.')])).toMatchObject({
      finish_reason: 'stop',
      message: { content: 'Oslo' },
    });
    expect(await ask(host.url, 'm', [user('Write add.\n\nAnswer with files.')])).toMatchObject({
      message: { content: 'a.py\n```\ndef add(): ...\n```' },
    });
    expect(await ask(host.url, 'thinks', [user('Say the capital of Norway.')])).toMatchObject({
      message: { content: 'Oslo', reasoning_content: expect.stringMatching(/\w/) as unknown },
    });
    expect(await ask(host.url, 'plain', [user('Nothing that any book has')])).toMatchObject({
      message: { content: expect.stringMatching(/\w/) as unknown },
    });

    const question = [...(ITEMS[2]?.messages ?? [])];
    const calls = await ask(host.url, 'm', question);
    const made = { name: 'weather', arguments: '{"city":"Rome and more than one token"}' };
    expect(calls).toMatchObject({
      finish_reason: 'tool_calls',
      message: { tool_calls: [{}, { function: made }] },
    });
    const reply = [
      { role: 'assistant', content: null, tool_calls: [] },
      { role: 'tool', content: '{}' },
    ];
    expect(await ask(host.url, 'm', [...question, ...reply])).toMatchObject({
      finish_reason: 'stop',
      message: { content: 'Three degrees, and thirty.' },
    });

    const response = await fetch(`${host.url}/v1/chat/completions`, {
      method: 'POST',
      body: JSON.stringify({ model: 'm', messages: question, stream: true }),
    });
    const parts = (await response.text())
      .split('\n\n')
      .filter((frame) => frame.startsWith('data: {'))
      .map((frame) => JSON.parse(frame.slice(6)) as { choices: { delta: { tool_calls?: Part[] } }[] })
      .flatMap(({ choices }) => choices[0]?.delta.tool_calls ?? []);
    expect(parts.filter(({ id }) => id !== undefined).map(({ function: { name } }) => name)).toEqual([
      'weather',
      'weather',
    ]);
    const second = parts.filter(({ index }) => index === 1).map(({ function: { arguments: text } }) => text);
    expect(second.length).toBeGreaterThan(1);
    expect(second.join('')).toBe(made.arguments);
  } finally {
    await host.close();
  }
});

interface Part {
  index: number;
  id?: string;
  function: { name?: string; arguments: string };
}
