import { randomUUID } from 'node:crypto';
import type { ActivityPage, ActivityRow, DispatchesPage, RouteFact } from '@boocontrol/contracts';
import { waitFor } from '@boocontrol/testing';

const messages = [{ role: 'user', content: 'Count from one to a thousand.' }];

export interface Answer {
  status: number;
  headers: Headers;
  text: string;
  /** Its connection broke off before it was whole. */
  isCut: boolean;
}

/** A consumer of /v1 that also reads what is kept of its requests. */
export class V1Client {
  /** Its requests are told by it. */
  readonly source = `conformance-${randomUUID().slice(0, 8)}`;

  constructor(
    private readonly url: string,
    private readonly model: string,
  ) {}

  async names(): Promise<string[]> {
    const { data } = await this.get<{ data: { id: string }[] }>('/v1/models');
    return data.map(({ id }) => id);
  }

  send(body: object, signal?: AbortSignal): Promise<Response> {
    return fetch(`${this.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-boo-source': this.source },
      body: this.bodyOf(body),
      ...(signal === undefined ? {} : { signal }),
    });
  }

  /** The bytes that are sent for it. */
  bodyOf(body: object): string {
    return JSON.stringify({ model: this.model, messages, max_tokens: 8, ...body });
  }

  async ask(body: object): Promise<Answer> {
    const answer = await this.send(body);
    const { status, headers } = answer;
    const bytes: Uint8Array[] = [];
    let isCut = false;
    try {
      for await (const part of answer.body ?? []) bytes.push(part);
    } catch {
      isCut = true;
    }
    return { status, headers, text: Buffer.concat(bytes).toString('utf8'), isCut };
  }

  /** What became of one request. */
  record({ headers }: { headers: Headers }): Promise<RouteFact> {
    const path = `/api/routing/dispatches/${headers.get('x-request-id') ?? ''}`;
    return waitFor(() => this.get<RouteFact>(path), { what: 'the record of the request' });
  }

  /** What became of all of its requests, as soon as there are so many: at most 500. */
  async records(count: number): Promise<RouteFact[]> {
    const path = `/api/routing/dispatches?source=${this.source}&limit=500`;
    return waitFor(
      async () => {
        const { dispatches } = await this.get<DispatchesPage>(path);
        return dispatches.length >= count && dispatches;
      },
      { what: `${count} records` },
    );
  }

  /** The host's own rows of a request, one for each attempt. */
  rowsOf({ id, outcome, attempts }: RouteFact): Promise<ActivityRow[]> {
    return waitFor(
      async () => {
        const { rows } = await this.get<ActivityPage>(`/api/activity?dispatchId=${id}`);
        return rows.length === attempts.length && rows;
      },
      { what: `the rows of a request that ${outcome}` },
    );
  }

  private async get<T>(path: string): Promise<T> {
    const answer = await fetch(`${this.url}${path}`);
    if (!answer.ok) throw new Error(`GET ${path}: ${answer.status}`);
    return (await answer.json()) as T;
  }
}
