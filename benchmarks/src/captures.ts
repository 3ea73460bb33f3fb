import type { Capture } from '@boocontrol/contracts';
import { instantFromMs } from '@boocontrol/fleet-model';

/** Numbers from 0 to 1, the same in each run. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

const WORDS = Array.from({ length: 30_000 }, (_, n) => (n * 7_919 + 10_007).toString(36));

/** Words as often as in a language: the tenth a tenth as often as the first. */
const textOf = (words: number, random: () => number): string =>
  Array.from({ length: words }, () => WORDS[Math.floor(WORDS.length ** random()) - 1]).join(' ');

/** Of a hundred requests 70 are chats, 25 turns of an agent, 5 long ones; the answers are streams. */
function wordsOf(n: number): { asked: number; answered: number } {
  if (n % 20 === 0) return { asked: 25_000, answered: 300 };
  return n % 4 === 1 ? { asked: 4_000, answered: 150 } : { asked: 400, answered: 200 };
}

export interface Marked {
  every: number;
  /** Stands in the middle of the prompt of one capture in `every`. */
  words: string;
}

/** The n-th capture of a host; `atMs` is when its request ended. */
export function benchCapture(providerId: string, n: number, atMs: number, marks: readonly Marked[]): Capture {
  const random = randomOf(n + 1);
  const { asked, answered } = wordsOf(n);
  const marked = marks.filter(({ every }) => n % every === 0).map(({ words }) => words);
  const prompt = [textOf(asked / 2, random), ...marked, textOf(asked / 2, random)].join(' ');
  const chunks = textOf(answered, random)
    .split(/(?<= )/)
    .map(
      (content) =>
        `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content } }], id: 'chatcmpl-1' })}\n\n`,
    );
  const body = (data: string): NonNullable<Capture['reqBody']> => ({
    encoding: 'utf8',
    data,
    bytes: data.length,
    cut: false,
  });
  const ts = instantFromMs(atMs);
  return {
    providerId,
    at: ts,
    entryId: n,
    ts,
    reqPath: '/v1/chat/completions',
    reqHeaders: { 'content-type': 'application/json' },
    reqBody: body(
      JSON.stringify({ model: 'm', stream: true, messages: [{ role: 'user', content: prompt }] }),
    ),
    respHeaders: { 'content-type': 'text/event-stream' },
    respBody: body(`${chunks.join('')}data: [DONE]\n\n`),
  };
}
