import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { promptParts, readPrompt } from './parts.js';
import { elementsOf, printOf, type Print } from './segments.js';

const message = (role: string, content: unknown): object => ({ role, content });
const SYSTEM = message('system', 'You are a careful helper. It is Sunday, 22 November 2026, 09:06.');
const TOOLS = ['read', 'write', 'list'].map((name) => ({ type: 'function', function: { name } }));
/** Questions and answers of a conversation. */
const turns = (count: number): object[] =>
  Array.from({ length: count }, (_, at) => [
    message('user', `question ${at}`),
    message('assistant', `answer ${at}`),
  ]).flat();

function printed(body: object, path = '/v1/chat/completions'): Print | null {
  const bytes = Buffer.from(JSON.stringify({ model: 'm', ...body }));
  const read = readPrompt(bytes);
  if (read === null) throw new Error('no JSON object');
  const pieces = printOf(bytes, promptParts(path, read.parts));
  for (;;) {
    const piece = pieces.next();
    if (piece.done === true) return piece.value;
  }
}

const kinds = (body: object): string[] => printed(body)?.segments.map(({ kind }) => kind) ?? [];
const json = fc.jsonValue({ maxDepth: 4 }) as fc.Arbitrary<unknown>;

describe('the segments of a prompt', () => {
  it('are in the order in which templates write them, whatever the order of the body', () => {
    const messages = [SYSTEM, ...turns(1), message('system', 'later')];
    const order = ['tools', 'system', 'message', 'message', 'message'];
    expect(kinds({ messages, tools: TOOLS })).toEqual(order);
    expect(kinds({ tools: TOOLS, messages })).toEqual(order);
    expect(printed({ messages, tools: TOOLS })?.hash).toBe(printed({ tools: TOOLS, messages })?.hash);
    expect(kinds({ system: 'be brief', messages: turns(1), tools: TOOLS })).toEqual(order.slice(0, 4));
    expect(kinds({ instructions: 'be brief', input: 'a question' })).toEqual(['system', 'message']);
    expect(kinds({ input: [message('developer', 'x'), message('user', 'y')] })).toEqual([
      'system',
      'message',
    ]);
  });

  it('tell who speaks', () => {
    const said = '{"role":"user"}';
    const print = printed({
      messages: [message('assistant', said), { content: 'x', role: 'tool' }, { type: 'y' }],
    });
    expect(print?.segments.map(({ role }) => role)).toEqual(['assistant', 'tool', null]);
  });

  it('are none where there is no message, or too many', () => {
    expect(printed({ tools: TOOLS })).toBe(null);
    expect(printed({ prompt: 'once upon a time' })).toBe(null);
    expect(printed({ messages: [] })).toBe(null);
    expect(printed({ messages: Array.from({ length: 4_097 }, () => SYSTEM) })).toBe(null);
    expect(printed({ tools: null, system: '', messages: turns(1) })?.segments).toHaveLength(2);
  });

  it('are the elements of a list, as JSON has them, however it is written', () => {
    fc.assert(
      fc.property(fc.array(json, { maxLength: 6 }), fc.nat(4), (list, indent) => {
        const bytes = Buffer.from(JSON.stringify(list, null, indent));
        const found = [...elementsOf(bytes, { from: 0, to: bytes.length })];
        expect(found.map(([from, to]) => JSON.parse(bytes.toString('utf8', from, to)) as unknown)).toEqual(
          JSON.parse(JSON.stringify(list)),
        );
      }),
    );
  });

  it('of a prompt that grew begin with those that it had; whatever is changed changes its own', () => {
    const said = fc.record({ role: fc.constantFrom('user', 'assistant', 'tool'), content: json });
    fc.assert(
      fc.property(
        fc.array(said, { minLength: 1, maxLength: 8 }),
        fc.nat(),
        fc.string(),
        (messages, at, more) => {
          const keys = (list: object[]): bigint[] =>
            printed({ messages: list })?.segments.map(({ key }) => key) ?? [];
          const before = keys(messages);
          expect(keys([...messages, message('user', more)]).slice(0, -1)).toEqual(before);
          const index = at % messages.length;
          const edited = messages.with(index, { role: 'user', content: `${more} and another` });
          const after = keys(edited);
          before.forEach((key, place) => {
            if (place !== index) expect(after[place]).toBe(key);
          });
        },
      ),
    );
  });

  it('have as many bytes as their text', () => {
    const messages = [SYSTEM, ...turns(3)];
    const print = printed({ messages });
    expect(print?.bytes).toBe(messages.reduce((sum, each) => sum + JSON.stringify(each).length, 0));
  });

  it('are the same wherever a client of Anthropic puts its marks of the cache', () => {
    const text = (mark: boolean): object => ({
      type: 'text',
      text: 'hi',
      ...(mark ? { cache_control: { type: 'ephemeral' } } : {}),
    });
    const body = (mark: boolean): object => ({
      system: [text(mark)],
      messages: [message('user', [text(mark)])],
    });
    expect(printed(body(true))).toEqual(printed(body(false)));
  });

  it('of tools are loosely the same in another order, and of a system prompt at another time', () => {
    const loose = (body: object): (bigint | undefined)[] => {
      const [first] = printed({ messages: turns(1), ...body })?.segments ?? [];
      return [first?.key, first?.looseKey];
    };
    const [key, looseKey] = loose({ tools: TOOLS });
    const [other, otherLoose] = loose({ tools: TOOLS.toReversed() });
    expect([other === key, otherLoose === looseKey]).toEqual([false, true]);
    expect(loose({ tools: TOOLS.slice(1) })[1]).not.toBe(looseKey);
  });
});

describe('a prompt that is one text', () => {
  const text = 'Once upon a time there was a pond, and by it a house. '.repeat(60);
  const keys = (prompt: unknown, path = '/v1/completions'): bigint[] =>
    printed({ prompt }, path)?.segments.map(({ key }) => key) ?? [];

  it('is read in pieces: one that grew begins with those that it had', () => {
    const before = keys(text);
    expect(before).toHaveLength(Math.floor(text.length / 512));
    expect(keys(`${text}${text}`).slice(0, before.length)).toEqual(before);
    expect(keys(`x${text.slice(1)}`).slice(1)).toEqual(before.slice(1));
    expect(printed({ prompt: text }, '/completion')).toEqual(printed({ prompt: text }, '/v1/completions'));
    expect(printed({ prompt: text }, '/v1/completions')).toMatchObject({ bytes: text.length });
    expect(keys([text])).toEqual(before);
  });

  it('may be given as tokens', () => {
    const tokens = Array.from({ length: 1_000 }, (_, at) => at);
    const before = keys(tokens);
    expect(before.length).toBeGreaterThan(4);
    expect(keys([...tokens, 1, 2, 3]).slice(0, before.length)).toEqual(before);
  });

  it('is nothing to observe where it is short, or where there are several', () => {
    for (const prompt of ['short', '', [], [text, text], [[1], [2]], 5, null, { text }])
      expect(printed({ prompt }, '/v1/completions')).toBe(null);
  });

  it('is none of a conversation, nor messages of a completion', () => {
    expect(printed({ prompt: text })).toBe(null);
    expect(printed({ messages: turns(2) }, '/v1/completions')).toBe(null);
    expect(printed({ prompt: text, messages: turns(2) })?.segments.map(({ kind }) => kind)).toEqual(
      Array.from({ length: 4 }, () => 'message'),
    );
  });
});
