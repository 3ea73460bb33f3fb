import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { message, printed, SYSTEM, TOOLS, turns } from '../testing/prompts.js';
import { elementsOf } from './segments.js';

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
