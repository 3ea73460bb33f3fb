import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';

/** A request to /v1, as it came. */
export interface AskedV1 {
  body: { model: string; messages: { role: string; content: unknown }[]; stream?: boolean } & Record<
    string,
    unknown
  >;
  headers: IncomingMessage['headers'];
  /** The client closed the connection before the answer was whole. */
  isLeft: boolean;
}

/** How one request is answered. */
export interface ScriptV1 {
  status?: number;
  headers?: Readonly<Record<string, string>>;
  /** Written as they are, one after the other. */
  pieces: readonly (string | Uint8Array)[];
  /** Between two pieces. */
  paceMs?: number;
  /** Awaited before the last piece. */
  until?: Promise<unknown>;
  /** How it ends: as it should, by a broken connection, or never. */
  end?: 'whole' | 'broken' | 'never';
}

const frame = (value: unknown): string => `data: ${JSON.stringify(value)}\n\n`;

/** Frames of a chat stream as llama.cpp sends them. */
export const CHAT_FRAMES = {
  role: frame({
    id: 'c1',
    choices: [{ index: 0, delta: { role: 'assistant', content: null }, finish_reason: null }],
  }),
  text: (content: string) =>
    frame({ id: 'c1', choices: [{ index: 0, delta: { content }, finish_reason: null }] }),
  reasoning: (reasoning_content: string) =>
    frame({ id: 'c1', choices: [{ index: 0, delta: { reasoning_content }, finish_reason: null }] }),
  /** llama-swap's word about a load: it looks like reasoning, and belongs to no answer. */
  loading: (reasoning_content: string) => frame({ choices: [{ index: 0, delta: { reasoning_content } }] }),
  call: (name: string, args: string) =>
    frame({
      id: 'c1',
      choices: [
        {
          index: 0,
          delta: { tool_calls: [{ index: 0, id: 'call_1', function: { name, arguments: args } }] },
          finish_reason: null,
        },
      ],
    }),
  finish: (reason = 'stop') => frame({ id: 'c1', choices: [{ index: 0, delta: {}, finish_reason: reason }] }),
  counts: (output: number, cached = 12) =>
    frame({
      id: 'c1',
      choices: [],
      usage: {
        prompt_tokens: 40,
        completion_tokens: output,
        prompt_tokens_details: { cached_tokens: cached },
      },
      timings: { predicted_per_second: 41.5, prompt_per_second: 1250, cache_n: cached },
    }),
  done: 'data: [DONE]\n\n',
} as const;

/** A whole answer in these words. */
export const wholeAnswer = (...words: readonly string[]): string[] => [
  CHAT_FRAMES.role,
  ...words.map(CHAT_FRAMES.text),
  CHAT_FRAMES.finish(),
  CHAT_FRAMES.counts(words.length),
  CHAT_FRAMES.done,
];

const SHOWN = `Two ways come to mind.

**With a generator**, which keeps one pair of numbers:

\`\`\`python
def fibonacci():
    a, b = 0, 1
    while True:
        yield a
        a, b = b, a + b
\`\`\`

**With a list**, where all of them are needed anyway:

| way | memory | speed |
| --- | --- | --- |
| generator | constant | fast |
| list | grows | fast |

1. Take the generator when somebody reads one number after the other.
2. Take the list when they are read more than once.
`;

/** What a browser is answered that asks a made-up /v1: words at the pace of a model, unless a test says otherwise. */
export class MadeV1 {
  readonly asked: AskedV1[] = [];
  /** The answer to a request; absent: some words. */
  answer: ((asked: AskedV1, index: number) => ScriptV1) | null = null;

  /** @param dispatchId of a record that is there, so that an answer leads to one */
  constructor(private readonly dispatchId: () => string | undefined) {}

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = JSON.parse(await text(request)) as AskedV1['body'];
    const asked: AskedV1 = { body, headers: request.headers, isLeft: false };
    this.asked.push(asked);
    response.on('close', () => {
      if (!response.writableFinished) asked.isLeft = true;
    });
    const script = this.answer?.(asked, this.asked.length - 1) ?? shown();
    const { status = 200, headers = {}, pieces, paceMs = 0, until, end = 'whole' } = script;
    response.writeHead(status, {
      'content-type': status === 200 ? 'text/event-stream' : 'application/json',
      ...this.told(body.model),
      ...headers,
    });
    response.flushHeaders();
    for (const [n, piece] of pieces.entries()) {
      if (until && n === pieces.length - 1) await until;
      if (paceMs > 0) await new Promise((resolve) => setTimeout(resolve, paceMs));
      if (response.destroyed) return;
      response.write(piece);
    }
    if (end === 'whole') response.end();
    else if (end === 'broken') response.destroy();
  }

  private told(model: string): Record<string, string> {
    const [host = '', ...rest] = model.split('/');
    const isPolicy = model.startsWith('auto');
    const dispatchId = this.dispatchId();
    return {
      'x-boo-provider': rest.length > 0 ? host : 'tower',
      'x-boo-model': rest.length > 0 ? rest.join('/') : isPolicy ? 'qwen3-32b-Q4_K_M' : model,
      'x-boo-attempts': '1',
      ...(isPolicy ? { 'x-boo-policy': model, 'x-boo-reason': 'best score of 4' } : {}),
      ...(dispatchId === undefined ? {} : { 'x-request-id': dispatchId }),
    };
  }
}

function shown(): ScriptV1 {
  const words = SHOWN.match(/\s*\S+/g) ?? [];
  const thinking = 'The question is short, so the answer should be, too. A generator and a list will do.';
  const reasoning = (thinking.match(/\s*\S+/g) ?? []).map(CHAT_FRAMES.reasoning);
  const [role = '', ...rest] = wholeAnswer(...words);
  return { pieces: [role, ...reasoning, ...rest], paceMs: 25 };
}
