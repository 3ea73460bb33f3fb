import type { EvalItem } from '@boocontrol/contracts';
import { AnswerBook, createSimHost, skilled } from '@boocontrol/sim';
import { expect, test } from 'vitest';
import { ask } from '../asking/ask.js';
import { readAnswer } from '../asking/coding/answer.js';
import { argumentsOf } from '../asking/tools.js';
import type { Send } from '../asking/types.js';
import { shippedItems, shippedSuites } from '../testing/shipped.js';
import { grade } from './grade.js';

interface Choice {
  finish_reason: string;
  message: { content: string; tool_calls?: { function: { name: string; arguments: string } }[] };
}

/** Sends to a simulated host what the service would send, as far as the simulator looks at it. */
function sending(url: string, model: string): Send {
  return async (messages) => {
    const response = await fetch(`${url}/v1/chat/completions`, {
      method: 'POST',
      body: JSON.stringify({
        model,
        messages: messages.map(({ role, content }) => ({ role, content })),
        seed: 1,
      }),
    });
    const { choices } = (await response.json()) as { choices: Choice[] };
    const [choice] = choices;
    return {
      content: choice?.message.content ?? '',
      reasoning: null,
      calls: (choice?.message.tool_calls ?? []).map(({ function: { name, arguments: text } }) => ({
        name,
        arguments: argumentsOf(text),
      })),
      finishReason: choice?.finish_reason ?? null,
      promptTokens: null,
      outputTokens: null,
      refusal: null,
    };
  };
}

test('a simulated model that knows everything passes every shipped item that needs no sandbox, one that knows nothing none', async () => {
  const fast = { loadMs: 0, ctx: 65_536, promptTps: 1e9, genTps: 1e9 };
  const book = new AnswerBook(shippedSuites().flatMap((suite) => suite.items));
  const host = await createSimHost({
    timeScale: 1_000,
    models: [
      { id: 'knows', answers: skilled(() => book, 'knows', 1), ...fast },
      { id: 'guesses', skill: 0, ...fast },
    ],
    concurrentModels: [['knows', 'guesses']],
  });
  const signal = new AbortController().signal;
  const suites = new Map(shippedSuites().map((suite) => [suite.name, suite]));
  const items: { suite: string; item: EvalItem }[] = [
    ...shippedItems('text'),
    ...shippedItems('tools'),
    ...shippedItems('coding'),
    ...shippedItems('long-context').filter(({ item }) => item.tokens <= 8_192),
  ];
  const bad: string[] = [];
  try {
    for (const { suite: name, item } of items)
      for (const [model, wanted] of [
        ['knows', 'passed'],
        ['guesses', 'failed'],
      ] as const) {
        const suite = suites.get(name);
        if (suite === undefined) throw new Error(`there is no suite ${name}`);
        const transcript = await ask(item, suite, {
          send: sending(host.url, model),
          countTokens: (text) => Promise.resolve(Math.ceil(text.length / 4)),
          contextTokens: null,
          signal,
        });
        if (item.kind === 'coding') {
          const read = readAnswer(item, transcript.answer[0]?.content ?? '');
          const files = model === 'knows' ? item.reference : item.wrong;
          if ('problem' in read || !hasAll(read.files, files ?? {}))
            bad.push(`${name} ${item.id}: ${model}: other files`);
          continue;
        }
        const { outcome, reason } = await grade(item, transcript, { sandbox: null, label: 'skill', signal });
        if (outcome !== wanted)
          bad.push(`${name} ${item.id}: ${model}: ${outcome}: ${reason?.message ?? ''}`);
      }
  } finally {
    await host.close();
  }
  expect(bad).toEqual([]);
});

function hasAll(files: Record<string, string>, some: Record<string, string>): boolean {
  return Object.entries(some).every(([path, text]) => files[path]?.trimEnd() === text.trimEnd());
}
