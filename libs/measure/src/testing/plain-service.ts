import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';

/** A service with `/v1` and nothing else: no tokenizer, no timings, usage only. */
export interface PlainService {
  url: string;
  /** Every body that came, in order. */
  bodies: Record<string, unknown>[];
  close(): Promise<void>;
}

const TEMPLATE_TOKENS = 9;

/** Counts a token for every three characters. `answer` may say what is written instead of an answer, with `headers`. */
export async function plainService({
  key,
  answer,
  headers = {},
}: {
  key?: string;
  answer?: (count: number) => string;
  headers?: Record<string, string>;
} = {}): Promise<PlainService> {
  const bodies: Record<string, unknown>[] = [];
  const server: Server = createServer((req, res) => {
    void (async () => {
      let text = '';
      for await (const part of req) text += String(part);
      if (key !== undefined && req.headers.authorization !== `Bearer ${key}`) {
        res.writeHead(401).end('{"error":{"message":"no key"}}');
      } else if (req.method === 'GET' && req.url === '/v1/models') {
        res.end('{"object":"list","data":[{"id":"plain-1"},{"id":"plain-2"}]}');
      } else if (req.method === 'POST' && req.url === '/v1/chat/completions') {
        const body = JSON.parse(text) as Record<string, unknown>;
        bodies.push(body);
        if (body['model'] !== 'plain-1' && body['model'] !== 'plain-2')
          return void res.writeHead(404).end('{"error":{"message":"no such model"}}');
        const type = body['stream'] === false ? 'application/json' : 'text/event-stream';
        res.writeHead(200, { 'content-type': type, ...headers });
        const [message] = body['messages'] as { content: string }[];
        const prompt = Math.ceil((message?.content.length ?? 0) / 3) + TEMPLATE_TOKENS;
        const made = answer ?? (body['stream'] === false ? wholeAnswerOf : answerOf);
        res.end(made(Number(body['max_tokens'])).replaceAll('PROMPT', String(prompt)));
      } else {
        res.writeHead(404).end('not found');
      }
    })();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    bodies,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** A whole answer of so many chunks; PROMPT stands for the tokens of its prompt. */
export function answerOf(count: number): string {
  const chunk = (data: string): string => `data: {"id":"p",${data}}\n\n`;
  return [
    ...Array.from({ length: count }, () => chunk('"choices":[{"delta":{"content":"x"}}]')),
    chunk('"choices":[{"delta":{},"finish_reason":"length"}]'),
    chunk(`"choices":[],"usage":{"prompt_tokens":PROMPT,"completion_tokens":${count}}`),
    'data: [DONE]\n\n',
  ].join('');
}

/** The same as JSON, whole. */
export function wholeAnswerOf(count: number): string {
  const message = `{"role":"assistant","content":"${'x'.repeat(count)}"}`;
  const usage = `{"prompt_tokens":PROMPT,"completion_tokens":${count}}`;
  return `{"id":"p","choices":[{"message":${message},"finish_reason":"length"}],"usage":${usage}}`;
}
