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

/** Counts a token for every three characters. `answer` may say what is written instead of an answer. */
export async function plainService({
  key,
  answer,
}: { key?: string; answer?: (count: number) => string } = {}): Promise<PlainService> {
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
        res.writeHead(200, { 'content-type': 'text/event-stream' });
        const [message] = body['messages'] as { content: string }[];
        const prompt = Math.ceil((message?.content.length ?? 0) / 3) + TEMPLATE_TOKENS;
        res.end((answer ?? answerOf)(Number(body['max_tokens'])).replaceAll('PROMPT', String(prompt)));
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
