import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readAnswer } from './answer.js';
import type { TextAnswer } from './answer-types.js';
import { sseData } from './sse.js';

const SSE = 'text/event-stream';
const pieces = fc.array(fc.string({ unit: 'grapheme', maxLength: 12 }), { maxLength: 12 });
const data = (value: unknown): string => `data: ${JSON.stringify(value)}\n\n`;
const named = (value: { type: string; [field: string]: unknown }): string =>
  `event: ${value.type}\n${data(value)}`;

/** The same reasoning and text, as each of the three APIs streams it. */
const STREAMS: Record<string, (thoughts: string[], texts: string[]) => string> = {
  'chat completions': (thoughts, texts) => {
    const chunk = (delta: object, finish: string | null = null): string =>
      data({ choices: [{ index: 0, delta, finish_reason: finish }] });
    return [
      chunk({ role: 'assistant', content: null }),
      ...thoughts.map((each) => chunk({ reasoning_content: each })),
      ...texts.map((content) => chunk({ content })),
      chunk({}, 'stop'),
      'data: [DONE]\n\n',
    ].join('');
  },
  messages: (thoughts, texts) => {
    const delta = (index: number, part: object): string =>
      named({ type: 'content_block_delta', index, delta: part });
    const start = (index: number, block: object): string =>
      named({ type: 'content_block_start', index, content_block: block });
    return [
      named({ type: 'message_start', message: { type: 'message', content: [] } }),
      start(0, { type: 'thinking', thinking: '' }),
      ...thoughts.map((thinking) => delta(0, { type: 'thinking_delta', thinking })),
      named({ type: 'content_block_stop', index: 0 }),
      start(1, { type: 'text', text: '' }),
      ...texts.map((text) => delta(1, { type: 'text_delta', text })),
      named({ type: 'content_block_stop', index: 1 }),
      named({ type: 'message_delta', delta: { stop_reason: 'end_turn' } }),
      named({ type: 'message_stop' }),
    ].join('');
  },
  responses: (thoughts, texts) =>
    [
      named({
        type: 'response.created',
        response: { object: 'response', status: 'in_progress', output: [] },
      }),
      ...thoughts.map((delta) =>
        named({ type: 'response.reasoning_summary_text.delta', item_id: 'r', delta }),
      ),
      ...texts.map((delta) => named({ type: 'response.output_text.delta', item_id: 'm', delta })),
      named({
        type: 'response.completed',
        response: { object: 'response', status: 'completed', output: [] },
      }),
    ].join(''),
};

const readText = (stream: string): TextAnswer | null => {
  const answer = readAnswer(stream, SSE);
  return answer?.kind === 'text' ? answer : null;
};
const said = (stream: string): [reasoning: string, text: string] => {
  const choice = readText(stream)?.choices[0];
  return [choice?.reasoning ?? '', choice?.text ?? ''];
};

describe.each(Object.entries(STREAMS))('a streamed answer of %s', (_name, streamOf) => {
  it('is put together whatever its pieces and its line ends are', () => {
    fc.assert(
      fc.property(pieces, pieces, fc.constantFrom('\n', '\r\n', '\r'), (thoughts, texts, end) => {
        const stream = streamOf(thoughts, texts).replaceAll('\n', end);
        expect(said(stream)).toEqual([thoughts.join(''), texts.join('')]);
        expect(readText(stream)).toMatchObject({ streamed: true, complete: true, error: null });
      }),
    );
  });
  it('begins as the whole does wherever it is cut, and says so', () => {
    fc.assert(
      fc.property(pieces, pieces, fc.nat(), (thoughts, texts, at) => {
        const stream = streamOf(thoughts, texts);
        const cut = stream.slice(0, at % stream.length);
        const [reasoning, text] = said(cut);
        expect(thoughts.join('').startsWith(reasoning)).toBe(true);
        expect(texts.join('').startsWith(text)).toBe(true);
        // Nothing is answered before the thinking has ended.
        if (text !== '') expect(reasoning).toBe(thoughts.join(''));
        if (cut.length < stream.lastIndexOf('data: {')) expect(readText(cut)?.complete ?? false).toBe(false);
      }),
    );
  });
  it('never says less when more of it has come', () => {
    fc.assert(
      fc.property(pieces, pieces, fc.nat(), fc.nat(), (thoughts, texts, a, b) => {
        const stream = streamOf(thoughts, texts);
        const [short, long] = [a, b].map((at) => at % (stream.length + 1)).toSorted((x, y) => x - y);
        const [early, late] = [said(stream.slice(0, short)), said(stream.slice(0, long))];
        expect(late[0].startsWith(early[0]) && late[1].startsWith(early[1])).toBe(true);
      }),
    );
  });
});

describe('the data of a stream', () => {
  it('are the lines that were sent, whatever else stands between them', () => {
    const line = fc.string().filter((text) => !/[\r\n]/.test(text));
    const noise = fc.constantFrom('', ': a comment\n', 'event: x\n', 'id: 7\n', 'retry: 100\n', '\n');
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.array(line, { minLength: 1 }), noise)), (events) => {
        const stream = events
          .map(([lines, between]) => `${between}${lines.map((text) => `data: ${text}\n`).join('')}\n`)
          .join('');
        expect(sseData(stream)).toEqual(events.map(([lines]) => lines.join('\n')));
      }),
    );
  });
});
