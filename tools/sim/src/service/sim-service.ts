import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

/** How GET /v1/models is answered. */
export type ListAnswer =
  | { kind: 'list'; models: readonly unknown[]; delayMs?: number }
  | { kind: 'status'; status: number; headers?: Readonly<Record<string, string>> }
  /** With status 200, whatever it is. */
  | { kind: 'text'; text: string; contentType?: string }
  /** Nothing comes, and the connection stays. */
  | { kind: 'hang' };

export interface SimServiceInput {
  /** What it wants as bearer token; absent: none. */
  apiKey?: string;
  /** Where its OpenAI-like part begins; default `/v1`. */
  prefix?: string;
}

export interface SimService {
  /** Without the prefix. */
  readonly url: string;
  /** What it was asked, oldest first. */
  readonly asked: readonly { path: string; headers: IncomingHttpHeaders }[];
  /** How it answers from now on. */
  list: ListAnswer;
  close(): Promise<void>;
}

/** A service of the OpenAI kind: it lists models and answers chats with a sentence, and that is all that is known of it. */
export async function createSimService({
  apiKey,
  prefix = '/v1',
}: SimServiceInput = {}): Promise<SimService> {
  const asked: SimService['asked'][number][] = [];
  let list: ListAnswer = { kind: 'list', models: [] };
  const server = createServer((request, response) => {
    const path = request.url ?? '';
    asked.push({ path, headers: request.headers });
    request.resume();
    if (apiKey !== undefined && request.headers.authorization !== `Bearer ${apiKey}`)
      return json(response, 401, { error: { message: 'Incorrect API key', code: 'invalid_api_key' } });
    if (path === `${prefix}/models`) return void answerList(response, list);
    if (path === `${prefix}/chat/completions`) return json(response, 200, CHAT);
    json(response, 404, { error: { message: `There is no ${path}`, code: 'not_found' } });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    get list() {
      return list;
    },
    set list(now) {
      list = now;
    },
    close: () => closed(server),
  };
}

const CHAT = {
  id: 'chatcmpl-1',
  object: 'chat.completion',
  created: 1,
  model: 'service',
  choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content: 'From afar.' } }],
  usage: { prompt_tokens: 3, completion_tokens: 3, total_tokens: 6 },
};

async function answerList(response: ServerResponse, list: ListAnswer): Promise<void> {
  switch (list.kind) {
    case 'list':
      if (list.delayMs !== undefined) await pause(list.delayMs);
      return json(response, 200, { object: 'list', data: list.models });
    case 'status':
      response.writeHead(list.status, list.headers).end();
      return;
    case 'text':
      response.writeHead(200, { 'content-type': list.contentType ?? 'application/json' }).end(list.text);
      return;
    case 'hang':
  }
}

function json(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

async function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}
