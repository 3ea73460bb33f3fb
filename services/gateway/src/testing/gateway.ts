import { request, type IncomingHttpHeaders } from 'node:http';
import { buffer } from 'node:stream/consumers';
import type { ErrorBody } from '@boocontrol/contracts';
import { freePort, spawnService, type RunningService } from '@boocontrol/testing';

export interface Reply<T = unknown> {
  status: number;
  headers: Headers;
  body: T;
  error: ErrorBody['error'] | undefined;
}

/** An answer as it went over the wire: not decompressed. */
export interface WireReply {
  status: number;
  headers: IncomingHttpHeaders;
  bytes: Buffer;
}

/** A gateway process and a client for it. */
export class TestGateway {
  private constructor(
    readonly service: RunningService,
    readonly url: string,
  ) {}

  /** Starts one; it is not ready yet. */
  static async spawn(env: Record<string, string>): Promise<TestGateway> {
    const port = env['BOOCONTROL_PORT'] ?? String(await freePort());
    const service = await spawnService('services/gateway/dist/main.js', {
      BOOCONTROL_WEB_DIR: '/nowhere',
      LOG_LEVEL: 'info',
      ...env,
      PORT: port,
      BOOCONTROL_PORT: port,
    });
    return new TestGateway(service, `http://127.0.0.1:${port}`);
  }

  async call<T = unknown>(
    method: string,
    path: string,
    json?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Reply<T>> {
    const response = await fetch(`${this.url}${path}`, {
      method,
      redirect: 'manual',
      headers: { ...(json === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      ...(json === undefined ? {} : { body: typeof json === 'string' ? json : JSON.stringify(json) }),
    });
    const text = await response.text();
    const isJson = /\bjson\b/.test(response.headers.get('content-type') ?? '');
    const body: unknown = isJson ? JSON.parse(text) : text;
    const error = isJson ? (body as Partial<ErrorBody>).error : undefined;
    return { status: response.status, headers: response.headers, body: body as T, error };
  }

  get<T = unknown>(path: string, headers?: Record<string, string>): Promise<Reply<T>> {
    return this.call<T>('GET', path, undefined, headers);
  }

  wire(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<WireReply> {
    return new Promise((resolve, reject) => {
      const sent = request(`${this.url}${path}`, { method, headers, agent: false }, (answer) => {
        const { statusCode: status = 0, headers: told } = answer;
        buffer(answer).then((bytes) => resolve({ status, headers: told, bytes }), reject);
      });
      sent.on('error', reject).end();
    });
  }

  /** A counter of /metrics; 0 when it is not there. */
  async metric(name: string): Promise<number> {
    const { body } = await this.get<string>('/metrics');
    return Number(new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)$`, 'm').exec(body)?.[1] ?? 0);
  }
}
