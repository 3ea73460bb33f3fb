import {
  createServer,
  request,
  type IncomingMessage,
  type Server,
  type ServerOptions,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { RouteFactSchema, type RouteFact } from '@boocontrol/contracts';
import { waitFor } from '@boocontrol/testing';
import { HostPools } from '../inference/host-call.js';
import type { Ask, Choice, Decider, Grant, PromptWatch, Refusal, Target } from '../inference/parts.js';
import { InferencePath, type PathParts } from '../inference/path.js';
import { HostTraffic } from '../inference/traffic.js';
import { aTarget } from './target.js';

/** What a host was asked. */
export interface Asked {
  method: string;
  url: string;
  headers: IncomingMessage['headers'];
  body: Buffer;
  /** When its connection closed before the answer was whole. */
  leftAtMs: number | null;
}

export type Answerer = (response: ServerResponse, asked: Asked) => void | Promise<void>;

async function listening(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A host that answers as it is told. */
export class FakeHost {
  private constructor(
    readonly id: string,
    readonly url: string,
    readonly asked: readonly Asked[],
    private readonly server: Server,
  ) {}

  static async start(id: string, answerer: Answerer): Promise<FakeHost> {
    const asked: Asked[] = [];
    const server = createServer((incoming, response) => {
      void (async () => {
        const { method = '', url = '', headers } = incoming;
        const one: Asked = { method, url, headers, body: Buffer.alloc(0), leftAtMs: null };
        asked.push(one);
        response.on('close', () => {
          if (!response.writableFinished) one.leftAtMs = performance.now();
        });
        one.body = await buffer(incoming);
        await answerer(response, one);
      })().catch(() => response.destroy());
    });
    return new FakeHost(id, await listening(server), asked, server);
  }

  target(extra: Partial<Target> = {}): Target {
    return aTarget(this.id, { baseUrl: this.url, ...extra });
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

/** Chooses what it is told to choose. */
export class PlainDecider implements Decider {
  readonly asks: Ask[] = [];
  readonly served: Decider['served'] = (session, target) => this.sessions.set(session, target.providerId);
  readonly sessions = new Map<string, string>();
  targets: readonly Target[] = [];
  refusal: Refusal | null = null;
  options: Partial<Choice> = {};
  /** Hosts that have something to do, but not of us. */
  readonly busy = new Set<string>();

  isIdle({ providerId, isLoaded }: Target): boolean {
    return isLoaded && !this.busy.has(providerId);
  }

  decide(ask: Ask): ReturnType<Decider['decide']> {
    this.asks.push(ask);
    if (this.refusal !== null) return { ok: false, refusal: this.refusal };
    const choice = {
      policy: null,
      targets: this.targets,
      candidates: [],
      attempts: 3,
      firstByteMs: 5_000,
      budgetMs: null,
      hedgeAfterMs: null,
    };
    return { ok: true, choice: { ...choice, ...this.options } };
  }
}

export interface PlainReply {
  status: number;
  headers: IncomingMessage['headers'];
  body: Buffer;
  /** true: the connection broke off. */
  isCut: boolean;
}

/** Observes no prompts. */
export const NOBODY_WATCHES: PromptWatch = { watch: () => ({ sent: () => undefined, end: () => undefined }) };

/** The path of /v1 behind a bare HTTP server, with parts that do as they are told. */
export class InferenceWorld {
  readonly decider = new PlainDecider();
  readonly facts: RouteFact[] = [];
  readonly errors: unknown[] = [];
  readonly traffic: HostTraffic;
  readonly path: InferencePath;
  readonly spent: number[] = [];
  grant: Grant | null = null;
  url = '';
  readonly hosts: FakeHost[] = [];
  private readonly server: Server;

  private constructor(options: Partial<PathParts>, http: ServerOptions) {
    this.traffic = options.traffic ?? new HostTraffic();
    this.path = new InferencePath({
      decider: this.decider,
      doorkeeper: {
        admit: (authorization) =>
          authorization === 'Bearer wrong'
            ? { ok: false, code: 'key_invalid', status: 401, message: 'No such key.', retryAfterS: null }
            : { ok: true, grant: this.grant },
        spent: (_grant, tokens) => void this.spent.push(tokens),
      },
      recorder: { record: (fact) => void this.facts.push(RouteFactSchema.parse(fact)) },
      prompts: NOBODY_WATCHES,
      catalog: {
        list: () => ({ object: 'list', data: [{ id: 'auto', object: 'model' }] }),
        find: (id) => (id === 'org/m' ? { id, object: 'model' } : null),
      },
      pools: new HostPools(),
      idleMs: 5_000,
      notices: { firstMs: 5_000, everyMs: 10_000 },
      maxBodyBytes: 8 * 1024 * 1024,
      maxHeldBytes: 12 * 1024 * 1024,
      onError: (error) => void this.errors.push(error),
      ...options,
      traffic: this.traffic,
    });
    this.server = createServer(http, (incoming, response) => void this.path.handle(incoming, response));
  }

  static async start(options: Partial<PathParts> = {}, http: ServerOptions = {}): Promise<InferenceWorld> {
    const world = new InferenceWorld(options, http);
    world.url = await listening(world.server);
    return world;
  }

  /** A host that the decider chooses, after those that are there. */
  async host(id: string, answerer: Answerer, extra: Partial<Target> = {}): Promise<FakeHost> {
    const host = await FakeHost.start(id, answerer);
    this.hosts.push(host);
    this.decider.targets = [...this.decider.targets, host.target(extra)];
    return host;
  }

  /** A host where nothing listens. */
  async away(id: string): Promise<void> {
    const host = await FakeHost.start(id, () => undefined);
    await host.stop();
    this.decider.targets = [...this.decider.targets, host.target()];
  }

  post(
    path: string,
    body: string | Buffer | object,
    headers: Record<string, string> = {},
  ): Promise<PlainReply> {
    const bytes =
      typeof body === 'string' || Buffer.isBuffer(body)
        ? Buffer.from(body as Buffer)
        : Buffer.from(JSON.stringify(body));
    return this.ask('POST', path, { 'content-type': 'application/json', ...headers }, bytes);
  }

  ask(
    method: string,
    path: string,
    headers: Record<string, string> = {},
    body?: Buffer,
  ): Promise<PlainReply> {
    return new Promise((resolve, reject) => {
      const sent = request(`${this.url}${path}`, { method, headers, agent: false }, (response) => {
        const chunks: Buffer[] = [];
        const done = (): void =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(chunks),
            isCut: !response.complete,
          });
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', () => undefined).on('close', done);
      });
      sent.on('error', reject).end(body);
    });
  }

  /** The one fact of the one request. */
  async fact(): Promise<RouteFact> {
    await waitFor(() => this.facts.length > 0, { what: 'the fact of the request' });
    const [fact, second] = this.facts;
    if (fact === undefined || second !== undefined) throw new Error('one request, one fact');
    return fact;
  }

  async stop(): Promise<void> {
    await this.path.drain(AbortSignal.abort());
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
    await Promise.all(this.hosts.map((host) => host.stop()));
  }
}

export const CHAT = { model: 'auto', stream: true, messages: [{ role: 'user', content: 'Hi' }] };

const chunk = (delta: object, finish: string | null = null): string =>
  `data: ${JSON.stringify({ id: 'c1', choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`;

/** Frames of a chat stream as llama.cpp sends them. */
export const FRAMES = {
  role: chunk({ role: 'assistant', content: null }),
  text: (content: string) => chunk({ content }),
  finish: chunk({}, 'stop'),
  done: 'data: [DONE]\n\n',
};

export const GOOD_STREAM = [
  FRAMES.role,
  FRAMES.text('Hello'),
  FRAMES.text(' wörld'),
  FRAMES.finish,
  FRAMES.done,
];

export function stream(response: ServerResponse, frames: readonly string[]): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  for (const frame of frames) response.write(frame);
}
