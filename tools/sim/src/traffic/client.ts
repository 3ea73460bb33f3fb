import { Agent, request } from 'node:http';

export interface Reply {
  /** 0 when the connection failed or was given up. */
  status: number;
  /** The assistant's text, or the whole body where there is none. */
  text: string;
}

/** One keep-alive connection pool for the whole traffic. */
export class TrafficClient {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 32 });

  /** Never throws: a failed call is a reply with status 0. */
  post(
    url: string,
    path: string,
    body: object,
    headers: Record<string, string>,
    signal: AbortSignal,
  ): Promise<Reply> {
    const payload = JSON.stringify(body);
    return new Promise((resolve) => {
      const failed = () => resolve({ status: 0, text: '' });
      const call = request(
        `${url}${path}`,
        {
          method: 'POST',
          agent: this.#agent,
          signal,
          headers: {
            'Content-Type': 'application/json',
            'Content-Length': Buffer.byteLength(payload),
            ...headers,
          },
        },
        (res) => {
          const chunks: Buffer[] = [];
          res.on('data', (chunk: Buffer) => chunks.push(chunk));
          res.on('error', failed);
          res.on('end', () => {
            const text = Buffer.concat(chunks).toString('utf8');
            const streamed = (res.headers['content-type'] ?? '').includes('event-stream');
            resolve({ status: res.statusCode ?? 0, text: streamed ? streamedText(text) : wholeText(text) });
          });
        },
      );
      call.on('error', failed);
      call.end(payload);
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}

/** Joins the content deltas; the model's reasoning is not part of what a client sends back. */
function streamedText(body: string): string {
  let text = '';
  for (const match of body.matchAll(/"delta":\{"content":("(?:[^"\\]|\\.)*")\}/g)) {
    text += JSON.parse(match[1] ?? '""') as string;
  }
  return text;
}

function wholeText(body: string): string {
  const match = /"content":("(?:[^"\\]|\\.)*")/.exec(body);
  return match?.[1] === undefined ? body : (JSON.parse(match[1]) as string);
}
