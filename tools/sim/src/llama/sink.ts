/** Where an answer goes; the caller may count, keep or disturb what passes. */
export interface ResponseSink {
  /** True once status and headers are out. */
  readonly started: boolean;
  start(status: number, headers: Record<string, string>): void;
  /** Resolves when the reader can take more. */
  write(data: string): Promise<void>;
  end(data?: string): Promise<void>;
}

export function sendJson(sink: ResponseSink, status: number, value: unknown): Promise<void> {
  sink.start(status, { 'Content-Type': 'application/json; charset=utf-8', Server: 'llama.cpp' });
  return sink.end(JSON.stringify(value));
}

/** llama.cpp's own error shape. */
export function sendLlamaError(
  sink: ResponseSink,
  status: number,
  type: string,
  message: string,
  extra: Record<string, unknown> = {},
): Promise<void> {
  return sendJson(sink, status, { error: { code: status, message, type, ...extra } });
}
