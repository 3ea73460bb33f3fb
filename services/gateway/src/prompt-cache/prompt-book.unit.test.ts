import { PrefixDriftSchema } from '@boocontrol/contracts';
import { describe, expect, it } from 'vitest';
import { Conversation, message, printed, SYSTEM, TOOLS, turns } from '../testing/prompts.js';
import { routeFact } from '../testing/routes.js';
import { PromptBook } from './prompt-book.js';

const body = (
  count: number,
  differs: { system?: object; tools?: object[]; messages?: object[] } = {},
): object => ({
  tools: differs.tools ?? TOOLS,
  messages: [
    differs.system ?? SYSTEM,
    ...(differs.messages ?? [...turns(count), message('user', `question ${count}`)]),
  ],
});
/** A conversation of ten turns; everything is in the cache, but for the first. */
function steady(session: string | null = 'anna', book = new PromptBook()): Conversation {
  const talk = new Conversation(book, session);
  let before = 0;
  for (let turn = 0; turn < 10; turn++) {
    const { mark, drift } = talk.ask(body(turn), {
      fact: { promptTokens: 500 + turn * 50, cacheTokens: before },
    });
    before = 500 + turn * 50;
    expect([mark?.relation, drift]).toEqual([turn === 0 ? 'first' : 'continued', null]);
  }
  return talk;
}
/** What the eleventh turn has of the cache where nothing of the prompt is as before. */
const MISSED = { fact: { promptTokens: 1_000, cacheTokens: 20 } };
const edited = [
  ...turns(3),
  message('user', 'question 3, put otherwise'),
  ...turns(10).slice(7),
  message('user', 'question 10'),
];

describe('a prompt that did not begin as before', () => {
  it.each([
    ['tools_reordered', body(10, { tools: TOOLS.toReversed() }), 'tools reordered', 0, 'tools'],
    ['tools_changed', body(10, { tools: TOOLS.slice(1) }), 'tools changed', 0, 'tools'],
    [
      'system_changed',
      body(10, { system: message('system', 'You are a pirate.') }),
      'system changed',
      1,
      'system',
    ],
    [
      'system_timestamp',
      body(10, {
        system: message('system', 'You are a careful helper. It is Monday, 23 November 2026, 10:11.'),
      }),
      'timestamp in system',
      1,
      'system',
    ],
    ['message_edited', body(10, { messages: edited }), 'message 7 edited', 8, 'message'],
    [
      'messages_removed',
      body(10, { messages: [...turns(10).slice(6), message('user', 'x')] }),
      'message 1 removed',
      2,
      'message',
    ],
  ])('is one drift: %s', (cause, next, input, index, kind) => {
    for (const session of cause === 'messages_removed' ? ['anna'] : ['anna', null]) {
      const { mark, drift } = steady(session).ask(next, MISSED);
      expect(mark?.relation).toBe('changed');
      expect(PrefixDriftSchema.parse(drift)).toMatchObject({
        kind: 'drift',
        cause,
        changedInputs: [input],
        firstChangedSegment: { index, kind },
        cachedTokens: 20,
        expectedCachedTokens: 950,
        lostTokens: 930,
        lostMs: 1_860,
        session: mark?.session,
        hash: mark?.hash,
      });
    }
  });

  it('is an edited message also where the same is said again and again', () => {
    const talk = new Conversation(new PromptBook());
    const [ask, say] = [message('user', 'Go on.'), message('assistant', 'Yes.')];
    talk.ask({ messages: [SYSTEM, ask, say, ask, say, ask] });
    const changed = { messages: [SYSTEM, message('user', 'Stop.'), say, ask, say, ask, say, ask] };
    expect(talk.ask(changed).drift).toMatchObject({
      cause: 'message_edited',
      changedInputs: ['message 1 edited'],
    });
  });

  it('is told once: what follows it is steady again', () => {
    const talk = steady();
    const system = message('system', 'You are a pirate.');
    expect(talk.ask(body(10, { system }), MISSED).drift).not.toBe(null);
    const { mark, drift } = talk.ask(body(11, { system }), {
      fact: { promptTokens: 1_050, cacheTokens: 1_000 },
    });
    expect([mark?.relation, drift]).toEqual(['continued', null]);
  });

  it('names everything that changed, and what the client says that did', () => {
    const talk = new Conversation(new PromptBook());
    talk.ask(body(3), { inputs: 'agents.md=1;guidance=a;same=1' });
    const system = message('system', 'You are a pirate.');
    const { drift } = talk.ask(body(4, { system, tools: [] }), { inputs: 'agents.md=2;same=1;new=1' });
    expect(drift).toMatchObject({
      cause: 'tools_changed',
      changedInputs: ['tools changed', 'system changed', 'agents.md', 'guidance', 'new'],
    });
  });

  it('costs what is not told where the counts or the speed are not known', () => {
    const talk = new Conversation(new PromptBook());
    const system = message('system', 'You are a pirate.');
    const untold = { promptMs: null, fact: { promptTokens: null, cacheTokens: null } };
    talk.ask(body(3), untold);
    expect(talk.ask(body(4, { system }), untold).drift).toMatchObject({ lostTokens: null, lostMs: null });
    talk.ask(body(5, { system }), { promptMs: null, fact: { promptTokens: 500, cacheTokens: 400 } });
    const { drift } = talk.ask(body(6), { promptMs: null, fact: { promptTokens: 600, cacheTokens: 0 } });
    expect(drift).toMatchObject({ expectedCachedTokens: 500, lostTokens: 500, lostMs: null });
  });
});

describe('a prompt that only looks like one', () => {
  it('is another conversation of its session, which goes on beside the first', () => {
    const book = new PromptBook();
    const talk = steady('anna', book);
    const title = { messages: [message('system', 'Find a title.'), message('user', 'question 0 and so on')] };
    expect(talk.ask(title)).toMatchObject({ mark: { relation: 'first' }, drift: null });
    const all = { fact: { promptTokens: 1_000, cacheTokens: 950 } };
    expect(talk.ask(body(10), all)).toMatchObject({ mark: { relation: 'continued' }, drift: null });
    expect(book.size).toBe(1);
  });

  it('is the same question of a program that asks each of them anew', () => {
    const talk = new Conversation(new PromptBook(), null);
    for (const name of ['a', 'b', 'c']) {
      const one = { messages: [message('system', `Judge ${name}.`), message('user', 'Is it good?')] };
      expect(talk.ask(one)).toMatchObject({ mark: { relation: 'first' }, drift: null });
    }
  });

  it('goes back to an earlier message', () => {
    const back = { messages: [...turns(3), message('user', 'another question')] };
    const { mark, drift } = steady().ask(body(0, back), { fact: { promptTokens: 600, cacheTokens: 580 } });
    expect([mark?.relation, drift]).toEqual(['rewound', null]);
  });
});

describe('a prompt that begins as before and was not in the cache', () => {
  const next = body(10);
  const at = (talk: Conversation, minutes: number): number => talk.nowMs - minutes * Conversation.MINUTE_MS;

  it('was with another host, or another model', () => {
    const [attempt] = routeFact(1).attempts;
    const elsewhere = { ...attempt!, providerId: 'nas' };
    const other = steady().ask(next, { ...MISSED, answered: elsewhere });
    expect(other.drift).toMatchObject({ kind: 'miss', cause: 'other_host', previousProviderId: 'tower' });
    const model = steady().ask(next, { ...MISSED, answered: { ...attempt!, model: 'other' } });
    expect(model.drift).toMatchObject({ kind: 'miss', cause: 'other_model', previousModel: 'org/model' });
  });

  it('was lost when the model was loaded anew, for it or before it', () => {
    const talk = steady();
    const readySinceMs = at(talk, 0.5);
    expect(talk.ask(next, { ...MISSED, model: { readySinceMs, slots: 4 } }).drift).toMatchObject({
      kind: 'miss',
      cause: 'model_reloaded',
      changedInputs: [],
      firstChangedSegment: null,
      lostTokens: 930,
    });
    expect(steady().ask(next, { ...MISSED, wasLoaded: false }).drift?.cause).toBe('model_reloaded');
    const long = steady();
    const before = { readySinceMs: at(long, 60), slots: null };
    expect(long.ask(next, { ...MISSED, model: before }).drift?.cause).toBe('unknown');
  });

  it.each([
    [1, 1, 'evicted'],
    [1, null, 'evicted'],
    [2, 2, 'evicted'],
    [1, 2, 'other_slot'],
    [0, 1, 'unknown'],
  ])('was evicted, or got another slot: %s others, %s slots', (others, slots, cause) => {
    const book = new PromptBook();
    const talk = steady('anna', book);
    for (let other = 0; other < others; other++) {
      const one = new Conversation(book, `other ${other}`);
      for (let minute = 0; minute < 10; minute++) one.pass();
      one.ask({ messages: [message('user', `${other}`)] });
    }
    talk.pass();
    expect(talk.ask(next, { ...MISSED, model: { readySinceMs: null, slots } }).drift).toMatchObject({
      cause,
    });
  });

  it('is no miss as long as the cache had the better part', () => {
    expect(steady().ask(next, { fact: { promptTokens: 1_000, cacheTokens: 500 } }).drift).toBe(null);
    expect(steady().ask(next, { fact: { promptTokens: 1_000, cacheTokens: null } }).drift).toBe(null);
  });
});

describe('a prompt that is one text', () => {
  const text = 'Once upon a time there was a pond, and by it a house. '.repeat(60);
  const ask = (talk: Conversation, prompt: string): ReturnType<Conversation['ask']> =>
    talk.ask({ prompt }, { fact: { promptTokens: 800, cacheTokens: 800 } });

  it('is continued by what begins with it, to half a kilobyte, and goes back to what it begins with', () => {
    const talk = new Conversation(new PromptBook(), null);
    const relations = [text, `${text} And then`, `${text} And then there`, text.slice(0, 2_000)].map(
      (prompt) => ask(talk, prompt).mark?.relation,
    );
    expect(relations).toEqual(['first', 'continued', 'continued', 'rewound']);
  });

  it('has drifted when an earlier piece is another one', () => {
    const talk = new Conversation(new PromptBook(), 'anna');
    ask(talk, text);
    const { mark, drift } = ask(talk, `${text.slice(0, 1_100)}X${text.slice(1_101)} And then`);
    expect(mark?.relation).toBe('changed');
    expect(PrefixDriftSchema.parse(drift)).toMatchObject({
      cause: 'text_changed',
      sameBytes: 1_024,
      firstChangedSegment: { index: 2, kind: 'text', role: null },
      changedInputs: ['text changed'],
    });
  });

  it('is another conversation where nothing of it is the same, or where the other one has messages', () => {
    const talk = new Conversation(new PromptBook(), 'anna');
    ask(talk, text);
    expect(ask(talk, text.toUpperCase()).mark?.relation).toBe('first');
    expect(talk.ask(body(1)).mark?.relation).toBe('first');
  });
});

describe('a miss of which nothing is known', () => {
  it('is an eviction as soon as it is known who had the model in between', () => {
    const book = new PromptBook();
    const talk = steady('anna', book);
    const other = new Conversation(book, 'other');
    for (let minute = 0; minute < 10; minute++) other.pass();
    talk.pass();
    const { drift, again } = talk.ask(body(10), MISSED);
    expect([drift?.cause, again?.().cause]).toEqual(['unknown', 'unknown']);
    // The host tells of it later.
    other.ask({ messages: [message('user', 'x')] });
    expect(again?.()).toEqual({ ...drift, cause: 'evicted' });
  });
});

describe('what is remembered', () => {
  it('is bounded: 100,000 sessions are a thousand, each of which has few conversations', () => {
    const book = new PromptBook();
    const one = { messages: [SYSTEM, ...turns(1)] };
    const print = printed(one);
    for (let session = 0; session < 100_000; session++)
      new Conversation(book, `session ${session}`).ask(one, { print });
    expect(book.size).toBe(1_000);
    const long = new Conversation(book, 'long');
    for (let line = 0; line < 50; line++) long.ask({ messages: [message('user', `conversation ${line}`)] });
    expect(book.size).toBe(1_000);
    expect(long.ask({ messages: [message('user', 'conversation 49')] }).mark?.relation).toBe('continued');
    expect(long.ask({ messages: [message('user', 'conversation 1')] }).mark?.relation).toBe('first');
  });

  it('holds no text and no name', () => {
    const book = new PromptBook();
    new Conversation(book, 'anna@example.org').ask(body(3), { inputs: 'agents.md=secret-value' });
    const seen = new Set<unknown>();
    const texts: string[] = [];
    const walk = (value: unknown): void => {
      if (typeof value === 'string') texts.push(value);
      if (typeof value !== 'object' || value === null || seen.has(value)) return;
      seen.add(value);
      if (value instanceof Map) for (const pair of value) walk(pair);
      else for (const inner of Object.values(value)) walk(inner);
    };
    walk(book);
    expect(texts.length).toBeGreaterThan(5);
    expect(texts.join('\n')).not.toMatch(/anna|secret|question|careful|helper/);
  });
});
