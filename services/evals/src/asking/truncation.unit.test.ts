import { CodingItemSchema, TextItemSchema, ToolItemSchema, type EvalItem } from '@boocontrol/contracts';
import { describe, expect, test } from 'vitest';
import { grade } from '../grading/grade.js';
import { ask } from './ask.js';
import type { Answer } from './types.js';

const long = 'word '.repeat(400);
const expected = { calls: [] };
const ITEMS: EvalItem[] = [
  TextItemSchema.parse({
    ...{ kind: 'text', id: 't', prompt: `${long}What is 6 × 7?`, checks: [{ check: 'number', value: 42 }] },
  }),
  CodingItemSchema.parse({
    ...{ kind: 'coding', id: 'c', language: 'python', prompt: `${long}Add.`, target: 'a.py' },
    tests: [{ name: 'adds', module: 'a.py', steps: [{ do: 'call', name: 'add', args: [1, 2], expect: 3 }] }],
  }),
  ToolItemSchema.parse({
    ...{ kind: 'tools', id: 'f', messages: [{ role: 'user', content: long }], replies: [], expect: expected },
    tools: [{ name: 'look', description: 'Looks.', parameters: { type: 'object', properties: {} } }],
  }),
];
const words = (text: string) => Promise.resolve(text.split(/\s+/).length);
const signal = new AbortController().signal;

function asked(
  item: EvalItem,
  promptTokens: number | null,
  countTokens: (text: string) => Promise<number | null> = words,
) {
  const answer: Answer = {
    ...{ content: '42', reasoning: null, calls: [], finishReason: 'stop', promptTokens, outputTokens: 1 },
    refusal: null,
  };
  const send = () => Promise.resolve(answer);
  const context = { send, countTokens, contextTokens: null, signal };
  return ask(item, { sampler: { temperature: 0, maxTokens: 100 } }, context);
}

describe.each(ITEMS)('a prompt of $kind', (item) => {
  test('that its host has read a part of is invalid, whatever is answered', async () => {
    const transcript = await asked(item, 300);
    expect(transcript.invalid?.code).toBe('prompt_truncated');
    expect((await grade(item, transcript, { sandbox: null, label: 'x', signal })).outcome).toBe('invalid');
  });

  test('that was read whole, or of which nobody can tell, is graded', async () => {
    expect((await asked(item, 500)).invalid).toBeNull();
    expect((await asked(item, null)).invalid).toBeNull();
    expect((await asked(item, 10, () => Promise.resolve(null))).invalid).toBeNull();
  });
});

test('what was said before is not missed where a template leaves it out', async () => {
  const [, , tools] = ITEMS;
  if (tools?.kind !== 'tools') throw new Error('it is an item of tools');
  const item = { ...tools, messages: [{ role: 'assistant' as const, content: long }, ...tools.messages] };
  expect((await asked(item, 500)).invalid).toBeNull();
});
