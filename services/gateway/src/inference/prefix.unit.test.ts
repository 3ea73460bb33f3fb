import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PREFIX, prefixOf } from './prefix.js';
import { readJsonBody } from './rewrite.js';

function markOf(body: object): string | null {
  const bytes = Buffer.from(JSON.stringify({ model: 'm', ...body }));
  const reading = readJsonBody(bytes);
  if (!reading.ok) throw new Error(reading.message);
  return prefixOf(bytes, reading.body.opening);
}
const long = (text: string): string => text.repeat(2_000 / text.length);
const system = { role: 'system', content: long('be brief ') };
const user = (content: unknown): object => ({ role: 'user', content });
const said = (content: string): object => ({ role: 'assistant', content });

describe('a fingerprint of how a conversation begins', () => {
  it('stays the same while it goes on, whatever is said in it', () => {
    const messages = fc.array(fc.oneof(fc.string().map(user), fc.string().map(said)), { maxLength: 6 });
    const first = fc.oneof(
      fc.string(),
      fc.array(fc.record({ type: fc.constant('text'), text: fc.string() })),
    );
    fc.assert(
      fc.property(first, messages, fc.nat(100), (content, more, max_tokens) => {
        const mark = markOf({ messages: [system, user(content)] });
        expect(mark).toMatch(/^prefix [\w-]{43}$/);
        expect(markOf({ max_tokens, messages: [system, user(content), ...more] })).toBe(mark);
      }),
    );
  });

  it('is another one with other tools, another system, another first message, also where a text looks like one', () => {
    const bodies = [
      { messages: [system, user('a')] },
      { messages: [system, user('b')] },
      { messages: [system, said('{"role":"user"}'), user('b')] },
      { messages: [{ ...system, content: long('be long ') }, user('a')] },
      { tools: [{ type: 'function' }], messages: [system, user('a')] },
      { system: system.content, messages: [user('a')] },
      { input: long('a question ') },
      { instructions: long('be kind '), input: [user('a')] },
    ];
    const marks = bodies.map(markOf);
    expect(marks).not.toContain(null);
    expect(new Set(marks).size).toBe(bodies.length);
  });

  it('is not made of little, nor of more than the beginning', () => {
    expect(markOf({ messages: [user('hello')] })).toBe(null);
    expect(markOf({ prompt: long('once upon a time ') })).toBe(null);
    const huge = 'x'.repeat(100_000);
    expect(markOf({ messages: [user(`${huge}a`)] })).toBe(markOf({ messages: [user(`${huge}b`)] }));
    expect(markOf({ messages: [user(huge)] })?.startsWith(PREFIX)).toBe(true);
  });
});
