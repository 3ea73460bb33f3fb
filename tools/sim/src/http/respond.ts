import { goJson } from '../core/go-json.js';
import type { Exchange } from './context.js';

export function sendJson({ res }: Exchange, status: number, value: unknown): void {
  res.writeHead(status, { 'Content-Type': 'application/json' });
  res.end(`${goJson(value)}\n`);
}

export function sendText(
  { res }: Exchange,
  status: number,
  text: string,
  headers: Record<string, string> = {},
): void {
  res.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8', ...headers });
  res.end(text);
}

export interface ErrorAnswer {
  contentType: string;
  body: string;
}

/** An error as this host's build writes it: plain text for whoever prefers it, a string before late C, then an object. */
export function errorAnswer(
  { ctx, req }: Exchange,
  status: number,
  message: string,
  code?: string,
): ErrorAnswer {
  const accept = req.headers.accept ?? '';
  if (accept.includes('text/plain')) return { contentType: 'text/plain', body: `llama-swap: ${message}` };
  if (accept.includes('text/html')) {
    return {
      contentType: 'text/html',
      body: `<html><body><h1>llama-swap</h1><p>${message}</p></body></html>`,
    };
  }
  const error =
    ctx.engine.generation === 'C' && ctx.options.openAiErrors
      ? { message, type: errorType(status), param: null, code: code ?? errorCode(status) }
      : message;
  const body = typeof error === 'string' ? { error, src: 'llama-swap' } : { src: 'llama-swap', error };
  return { contentType: 'application/json', body: goJson(body) };
}

export function sendError(
  exchange: Exchange,
  status: number,
  message: string,
  headers: Record<string, string> = {},
): void {
  const { contentType, body } = errorAnswer(exchange, status, message);
  exchange.res.writeHead(status, { 'Content-Type': contentType, ...headers });
  exchange.res.end(body);
}

function errorType(status: number): string {
  if (status === 401 || status === 403) return 'authentication_error';
  if (status === 429) return 'rate_limit_error';
  return status < 500 ? 'invalid_request_error' : 'server_error';
}

const CODES: Record<number, string> = {
  400: 'bad_request',
  401: 'unauthorized',
  404: 'not_found',
  429: 'rate_limit_exceeded',
  502: 'bad_gateway',
  503: 'service_unavailable',
};

function errorCode(status: number): string {
  return CODES[status] ?? (status < 500 ? 'invalid_request' : 'internal_error');
}
