import { LongContextItemSchema, type LongContextItem } from '@boocontrol/contracts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { said, shippedItems } from '../../testing/shipped.js';
import { grade } from '../../grading/grade.js';
import { ask } from '../ask.js';
import type { Answer, Send } from '../types.js';
import { hiddenIn } from './needles.js';
import { longPrompt } from './prompt.js';

/** Tokenizers of quite different grain: pieces of letters, digits and white space. */
const TOKENIZERS = {
  fine: /\s?[A-Za-z]{1,2}|\s?\d|\s?[^\sA-Za-z\d]|\s/g,
  usual: /\s?[A-Za-z]{1,5}|\s?\d{1,3}|\s?[^\sA-Za-z\d]|\s/g,
  coarse: /\s?[A-Za-z]+|\s?\d+|\s?[^\sA-Za-z\d]|\s/g,
};
const counter = (pattern: RegExp) => (text: string) => Promise.resolve(text.match(pattern)?.length ?? 0);
const usual = counter(TOKENIZERS.usual);

const item = (over: Partial<LongContextItem>): LongContextItem =>
  LongContextItemSchema.parse({
    kind: 'long-context',
    id: 'x',
    task: 'single',
    tokens: 2_000,
    depth: 0.5,
    needles: 5,
    seed: 7,
    ...over,
  });
const context = { sandbox: null, label: 'x', signal: new AbortController().signal };

describe('a long prompt', () => {
  test.each(Object.entries(TOKENIZERS))(
    'has its length within 1 %% by a %s tokenizer',
    async (_, pattern) => {
      const count = counter(pattern);
      for (const tokens of [700, 1_500, 4_096, 30_720])
        for (const depth of [0, 0.3, 1]) {
          const one = item({ tokens, depth, task: 'multi-key' });
          const { text } = await longPrompt(one, 'Be brief.', hiddenIn(one), count);
          const all = (await count(text)) + (await count('Be brief.'));
          expect(Math.abs(all - tokens) / tokens).toBeLessThanOrEqual(0.01);
        }
    },
  );

  test.each([0, 0.1, 0.25, 0.5, 0.75, 0.9, 1])(
    'hides its needle at a depth of %s by tokens',
    async (depth) => {
      for (const task of ['single', 'multi-key', 'multi-value'] as const) {
        const one = item({ tokens: 8_000, depth, task });
        const hidden = hiddenIn(one);
        const { text } = await longPrompt(one, '', hidden, usual);
        const before = await usual(text.slice(0, text.indexOf(hidden.needles[0] ?? '?')));
        expect(Math.abs(before / (await usual(text)) - depth)).toBeLessThanOrEqual(0.02);
      }
    },
  );

  test('has every needle as often as it is hidden, and says nothing else of the kind', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('single', 'multi-key', 'multi-value', 'aggregate'),
        fc.integer({ min: 1, max: 12 }),
        fc.nat(1_000),
        fc.double({ min: 0, max: 1, noNaN: true }),
        async (task, needles, seed, depth) => {
          const one = item({ task, needles, seed, depth, tokens: 1_500 });
          const hidden = hiddenIn(one);
          const { text } = await longPrompt(one, '', hidden, usual);
          const body = text.slice(0, text.lastIndexOf('Question:'));
          for (const needle of hidden.needles)
            expect(body.split(needle).length - 1).toBe(
              hidden.needles.filter((other) => other === needle).length,
            );
          expect(body.match(/\d{5}/g)?.length ?? 0).toBe(task === 'aggregate' ? 0 : hidden.needles.length);
          expect((await longPrompt(one, '', hidden, usual)).text).toBe(text);
        },
      ),
      { numRuns: 60 },
    );
  });

  test('asks for what more parcels came for than for any other', () => {
    for (let needles = 1; needles <= 64; needles += 1) {
      const { expected, needles: all } = hiddenIn({ task: 'aggregate', needles, seed: 3 });
      if (expected.what !== 'name') throw new Error('seeds that are odd ask for a name');
      const count = (name: string) => all.filter((needle) => needle.includes(name)).length;
      for (const other of expected.others) expect(count(other)).toBeLessThan(count(expected.name));
    }
  });
});

describe('what is found is graded by the item alone', () => {
  const outcome = async (one: LongContextItem, answer: string) =>
    (await grade(one, said(answer), context)).outcome;

  test.each(['single', 'multi-key', 'multi-value'] as const)('%s', async (task) => {
    const one = item({ task });
    const { expected } = hiddenIn(one);
    const codes = expected.what === 'codes' ? expected.codes : [];
    expect(await outcome(one, `They are ${codes.toReversed().join(' and ')}.`)).toBe('passed');
    expect(await outcome(one, `<think>is it 11111?</think>${codes.join(', ')}`)).toBe('passed');
    expect(await outcome(one, `${codes.join(', ')}, 12345`)).toBe('failed');
    expect(await outcome(one, codes.slice(1).join(', '))).toBe('failed');
    expect(await outcome(one, '')).toBe('failed');
  });

  test('aggregate', async () => {
    const many = item({ task: 'aggregate', seed: 4, needles: 9 });
    const { expected } = hiddenIn(many);
    const count = expected.what === 'count' ? expected.count : -1;
    expect(await outcome(many, `There were ${count}.`)).toBe('passed');
    expect(await outcome(many, `${count + 1}`)).toBe('failed');
    const most = item({ task: 'aggregate', seed: 5, needles: 9 });
    const whom = hiddenIn(most).expected;
    if (whom.what !== 'name') throw new Error('seeds that are odd ask for a name');
    expect(await outcome(most, `**${whom.name}**`)).toBe('passed');
    expect(await outcome(most, `${whom.name} or ${whom.others[0] ?? ''}`)).toBe('failed');
  });
});

describe('a model that was not asked what was meant', () => {
  const suite = { sampler: { temperature: 0, maxTokens: 500 } };
  const answering =
    (over: (prompt: string) => Partial<Answer>): Send =>
    (messages) =>
      Promise.resolve({
        content: 'x',
        reasoning: null,
        calls: [],
        finishReason: 'stop',
        promptTokens: null,
        outputTokens: 1,
        refusal: null,
        ...over(messages.at(-1)?.content ?? ''),
      });
  const asking = (send: Send, contextTokens: number | null) => ({
    send,
    countTokens: usual,
    contextTokens,
    signal: context.signal,
  });

  test('is not asked where prompt and answer do not fit its context', async () => {
    const never: Send = () => Promise.reject(new Error('it was asked'));
    const transcript = await ask(item({}), suite, asking(never, 2_499));
    expect(transcript.invalid?.code).toBe('context_too_small');
    expect((await grade(item({}), transcript, context)).outcome).toBe('invalid');
    const fits = await ask(
      item({}),
      suite,
      asking(
        answering(() => ({})),
        2_500,
      ),
    );
    expect(fits.invalid).toBeNull();
  });

  test('has not read a prompt that its host counts more than 5 % shorter', async () => {
    const cut = await ask(
      item({}),
      suite,
      asking(
        answering(() => ({ promptTokens: 1_880 })),
        null,
      ),
    );
    expect(cut.invalid?.code).toBe('prompt_truncated');
    const whole = await ask(
      item({}),
      suite,
      asking(
        answering(() => ({ promptTokens: 2_020 })),
        null,
      ),
    );
    expect(whole.invalid).toBeNull();
  });

  test('cannot be asked a length that what is hidden does not fit', async () => {
    const never: Send = () => Promise.reject(new Error('it was asked'));
    const one = item({ tokens: 256, needles: 64, task: 'multi-key' });
    expect((await ask(one, suite, asking(never, null))).invalid?.code).toBe('length_not_reached');
  });
});

test('shipped items ask at every length, depth and task, each with a seed of its own', () => {
  const items = shippedItems('long-context').map(({ suite, item: one }) => ({ suite, ...one }));
  for (const suite of new Set(items.map((one) => one.suite))) {
    const own = items.filter((one) => one.suite === suite);
    const lengths = new Set(own.map(({ tokens }) => tokens)).size;
    const depths = new Set(own.map(({ depth }) => depth)).size;
    expect(own).toHaveLength(lengths * depths * 4);
    expect(new Set(own.map(({ seed }) => seed)).size).toBe(own.length);
  }
});
