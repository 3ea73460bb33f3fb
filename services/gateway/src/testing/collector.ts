import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

type Value = { stringValue?: string; intValue?: string; doubleValue?: number; boolValue?: boolean };

/** A span as it came over the wire, its attributes by key. */
export interface CollectedSpan {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  kind: number;
  status: { code?: number };
  attributes: Record<string, string | number | boolean | undefined>;
}

interface Body {
  resourceSpans: {
    scopeSpans: {
      spans: (Omit<CollectedSpan, 'attributes'> & { attributes: { key: string; value: Value }[] })[];
    }[];
  }[];
}

interface Answer {
  status: number;
  body?: string;
}

/** Stands in for a collector that takes OTLP/HTTP. */
export class Collector {
  readonly requests: { url: string; headers: IncomingHttpHeaders; body: string }[] = [];
  /** How it answers the next requests, one each. */
  readonly next: Answer[] = [];
  /** How it answers all others; null: not at all. */
  answer: Answer | null = { status: 200, body: '{}' };

  private constructor(private readonly server: Server) {}

  static async start(): Promise<Collector> {
    const server = createServer((request, response) => {
      void text(request).then((body) => {
        collector.requests.push({ url: request.url ?? '', headers: request.headers, body });
        const answer = collector.next.shift() ?? collector.answer;
        if (answer === null) return;
        response.writeHead(answer.status).end(answer.body ?? '');
      });
    });
    const collector = new Collector(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return collector;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Of all requests, those that it refused too. */
  get spans(): CollectedSpan[] {
    return this.requests.flatMap(({ body }) =>
      (JSON.parse(body) as Body).resourceSpans.flatMap(({ scopeSpans }) =>
        scopeSpans.flatMap(({ spans }) =>
          spans.map((span) => ({
            ...span,
            attributes: Object.fromEntries(span.attributes.map(({ key, value }) => [key, plain(value)])),
          })),
        ),
      ),
    );
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

function plain({
  stringValue,
  intValue,
  doubleValue,
  boolValue,
}: Value): string | number | boolean | undefined {
  return stringValue ?? (intValue === undefined ? undefined : Number(intValue)) ?? doubleValue ?? boolValue;
}
